"""Settings of the database."""

from typing import Annotated

from msgspec import Meta

from entrypoints.config.addresses import is_address
from entrypoints.config.values import ConcernSettings, Positive, Seconds, Secret, prefixed

POSTGRES_SCHEMES = frozenset({"postgresql", "postgres", "postgresql+asyncpg"})


class DatabaseSettings(ConcernSettings, frozen=True, kw_only=True, rename=prefixed("database_")):
    """The database: Postgres, or SQLite in the data folder."""

    url: Annotated[
        Secret | None,
        Meta(
            description="Postgres database: `postgresql://user:password@host:5432/name`. "
            "Unset: SQLite in the data folder."
        ),
    ] = None
    pool_size: Annotated[Positive, Meta(description="Maximum number of Postgres connections per process.")] = 10
    pool_timeout_seconds: Annotated[
        Seconds, Meta(description="Maximum time in seconds to wait for a free Postgres connection.")
    ] = 5.0
    statement_timeout_seconds: Annotated[
        Seconds, Meta(description="Time in seconds after which Postgres cancels a statement.")
    ] = 15.0

    @property
    def is_embedded(self) -> bool:
        """The database is SQLite in the data folder, not Postgres."""
        return self.url is None

    def problems(self) -> list[str]:
        if self.url is None or is_address(self.url.reveal(), POSTGRES_SCHEMES):
            return []
        return ["TELECINE_DATABASE_URL: postgresql://user:password@host:port/name is required"]
