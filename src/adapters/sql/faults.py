"""What the database's errors mean to the rest of the program."""

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from domain.model.errors import Rejected, TelecineError, Unavailable

SQL_ERRORS = (DBAPIError, PoolTimeout)

# Classes of SQLSTATE (PostgreSQL manual, appendix A) that an operator can do something about.
_DETAILS = {
    "28": "The database refused the user or the password.",
    "3D": "The server has no such database.",
    "40": "Another transaction was in the way.",
    "53": "The database has no room for this now.",
    "55": "The database was locked for too long.",
    "57": "The database stopped, or gave the statement up.",
}
_VALUE_REFUSED = "22"


def told(error: Exception) -> TelecineError:
    """An error of SQLAlchemy or the driver in our words, which quote nothing of the statement or the address."""
    if isinstance(error, PoolTimeout):
        return unavailable("All connections to the database are in use.")
    sqlstate = _sqlstate(error)
    if sqlstate.startswith(_VALUE_REFUSED) or isinstance(_driver_error(error), asyncpg.DataError):
        return Rejected("The database can't keep such a value.", code="value_not_storable")
    return unavailable(_DETAILS.get(sqlstate[:2]))


def unavailable(detail: str | None = None) -> Unavailable:
    """The database's fault, not the caller's: trying again may help."""
    return Unavailable(detail or "The database did not answer as it should.", code="database_unavailable")


def _sqlstate(error: Exception) -> str:
    sqlstate = getattr(_driver_error(error), "sqlstate", None)
    return sqlstate if isinstance(sqlstate, str) else ""


def _driver_error(error: Exception) -> BaseException | None:
    """SQLAlchemy wraps twice around asyncpg: as a DB-API error, and as its own."""
    if not isinstance(error, DBAPIError):
        return error
    return error.orig.__cause__ if error.orig is not None else None
