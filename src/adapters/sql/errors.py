"""Translates errors of SQLAlchemy and its drivers into domain errors."""

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from domain.model.errors import Rejected, TelecineError, Unavailable

SQL_ERRORS = (DBAPIError, PoolTimeout)

# Classes of SQLSTATE (PostgreSQL manual, appendix A) that an operator can act on.
_DETAILS = {
    "28": "The database rejected the user or the password.",
    "3D": "The database does not exist on the server.",
    "40": "The transaction conflicted with another one.",
    "53": "The database is out of memory, disk space or connections.",
    "55": "A lock in the database was not released in time.",
    "57": "The database is shutting down, or cancelled the statement.",
}
_VALUE_REJECTED = "22"


def translate_error(error: Exception) -> TelecineError:
    """Translate an error of SQLAlchemy or the driver; the message quotes neither the statement nor the address."""
    if isinstance(error, PoolTimeout):
        return unavailable("All connections to the database are in use.")
    sqlstate = _sqlstate(error)
    if sqlstate.startswith(_VALUE_REJECTED) or isinstance(_driver_error(error), asyncpg.DataError):
        return Rejected("The database cannot store one of the values.", code="value_not_storable")
    return unavailable(_DETAILS.get(sqlstate[:2]))


def unavailable(detail: str | None = None) -> Unavailable:
    """A retryable error: the database failed, not the caller."""
    return Unavailable(detail or "The database failed, or did not respond.", code="database_unavailable")


def _sqlstate(error: Exception) -> str:
    sqlstate = getattr(_driver_error(error), "sqlstate", None)
    return sqlstate if isinstance(sqlstate, str) else ""


def _driver_error(error: Exception) -> BaseException | None:
    """The error of asyncpg, which SQLAlchemy wraps twice: in a DB-API error, and in its own."""
    if not isinstance(error, DBAPIError):
        return error
    return error.orig.__cause__ if error.orig is not None else None
