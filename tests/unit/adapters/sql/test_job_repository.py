"""Jobs in SQL beyond the contract."""

from pathlib import Path

import pytest
from sqlalchemy import text

from adapters.sql.database import sqlite_database
from domain.model.ids import JobId
from tests.support.builders import a_new_job, a_uuid

pytestmark = pytest.mark.anyio


async def test_a_kind_of_a_newer_version_is_skipped(tmp_path: Path) -> None:
    """After a roll-back the sweep still finds the jobs that it knows."""
    async with sqlite_database(tmp_path / "telecine.db") as database:
        async with database.write() as work:
            for number in (1, 2, 3, 4):
                await work.jobs.add(a_new_job(id=JobId(a_uuid(number)), delay_s=-float(number)))
            for number in (3, 4):
                await work.jobs.claim(JobId(a_uuid(number)), lease_s=-1)
        async with database._engine.begin() as connection:
            for number in (2, 4):
                await connection.execute(
                    text("UPDATE jobs SET kind = 'teleport' WHERE id = :id"), {"id": a_uuid(number)}
                )
        async with database.read() as work:
            assert [job.id for job in await work.jobs.due(limit=10, resend_after_s=60)] == [a_uuid(1)]
            assert [job.id for job in await work.jobs.abandoned(limit=10)] == [a_uuid(3)]
