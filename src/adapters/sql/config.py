"""The address of the Postgres server and the time limits of its connections."""

from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from domain.model.errors import Rejected

_SCHEMES = ("postgresql", "postgres", "postgresql+asyncpg")


@dataclass(frozen=True, slots=True)
class PostgresConfig:
    """A Postgres server and the limits of every connection to it.

    The URL may contain a password: no repr shows it and no error quotes it. Its query may set parameters of libpq,
    such as `sslmode` and `sslrootcert`.
    """

    url: str = field(repr=False)
    pool_size: int = 10
    max_overflow: int = 0
    pool_timeout_s: float = 5.0
    connect_timeout_s: float = 5.0
    statement_timeout_s: float = 15.0
    lock_timeout_s: float = 5.0
    idle_in_transaction_timeout_s: float = 60.0
    # The server cancels a statement at its time limit; if it has not responded this much later, it counts as
    # unreachable.
    silence_s: float = 5.0

    def __post_init__(self) -> None:
        """Reject a URL that does not name a Postgres server reached over TCP.

        Raises:
            Rejected: `invalid_database_url`.
        """
        parts = _parts(self.url)
        if parts is None or parts.scheme not in _SCHEMES or not parts.hostname:
            raise Rejected(
                "The database URL must read postgresql://USER:PASSWORD@HOST:PORT/DATABASE.", code="invalid_database_url"
            )

    @property
    def dsn(self) -> str:
        """The URL for the driver, without SQLAlchemy's `+asyncpg` in the scheme."""
        return f"postgresql{self.url[self.url.index('://') :]}"


def _parts(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None
