"""Migrates a test's database to any revision."""

from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.sql import alembic_runner


async def climb(engine: AsyncEngine, revision: str = "head") -> None:
    """Run the missing scripts up to this revision as the program does: on SQLite in one transaction."""
    async with engine.begin() if engine.dialect.name == "sqlite" else engine.connect() as connection:
        await connection.run_sync(alembic_runner.run_scripts, revision)
