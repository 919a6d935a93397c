"""Two transactions on Postgres at chosen steps: SQLite, with its single writer, cannot show this."""

import asyncio

import pytest

from adapters.fakes.clock import FakeClock
from adapters.fakes.id_generator import SequentialIdGenerator
from adapters.fakes.job_queue import RecordingJobQueue
from adapters.sql.database import SqlDatabase
from domain.model.errors import JobUnavailable, LeaseLost, VideoNotFound
from domain.model.ids import JobId
from domain.model.jobs.job import Job
from domain.ports.database import UnitOfWork
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.jobs.factory import JobFactory
from domain.use_cases.videos.delete_video import DeleteVideo
from tests.integration.sql.waiting import one_waits
from tests.support.builders import JOB_ID, OWNER, VIDEO_ID, a_new_job, a_uuid, a_video

pytestmark = pytest.mark.anyio

OTHER_ID = JobId(a_uuid(3))


async def _add(database: SqlDatabase, *job_ids: JobId) -> None:
    async with database.write() as work:
        for job_id in job_ids:
            await work.jobs.add(a_new_job(id=job_id))


async def _claim(database: SqlDatabase, *, lease_s: float = 60) -> Job:
    async with database.write() as work:
        return await work.jobs.claim(JOB_ID, lease_s=lease_s)


async def _due(work: UnitOfWork, *, limit: int = 10) -> list[JobId]:
    return [job.id for job in await work.jobs.due(limit=limit, resend_after_s=60)]


async def test_a_sweep_skips_jobs_that_another_one_has_locked(postgres: SqlDatabase) -> None:
    """It neither waits nor sends them; after a rollback of the first, they are available again."""
    await _add(postgres, JOB_ID, OTHER_ID)
    async with postgres.write() as first, postgres.write() as second:
        taken = await _due(first, limit=1)
        assert await _due(second) == [({JOB_ID, OTHER_ID} - set(taken)).pop()]
    async with postgres.write() as third:
        assert set(await _due(third)) == {JOB_ID, OTHER_ID}


async def test_a_locked_job_is_not_seized(postgres: SqlDatabase) -> None:
    """The transaction that holds its row handles it, or is its worker renewing the lease."""
    await _add(postgres, JOB_ID)
    job = await _claim(postgres, lease_s=-1)
    async with postgres.write() as renewing, postgres.write() as sweeping:
        await renewing.jobs.renew(job.lease, lease_s=60)
        with pytest.raises(LeaseLost):
            await sweeping.jobs.seize(job.lease)


async def test_a_claim_that_waited_checks_the_job_again(postgres: SqlDatabase) -> None:
    """The job was free when the second claim began, but not when it got the lock."""
    await _add(postgres, JOB_ID)
    async with postgres.write() as first:
        await first.jobs.claim(JOB_ID, lease_s=60)
        second = asyncio.create_task(_claim(postgres))
        await one_waits(postgres)
    with pytest.raises(JobUnavailable):
        await second


async def test_a_lease_is_judged_by_the_time_of_the_statement(postgres: SqlDatabase) -> None:
    """An old transaction does not treat an expired lease as valid."""
    await _add(postgres, JOB_ID)
    async with postgres.write() as early:
        await early.jobs.get(JOB_ID)
        await _claim(postgres, lease_s=0)
        assert (await early.jobs.claim(JOB_ID, lease_s=60)).attempt == 2


async def test_deleting_finds_what_a_worker_adds_meanwhile(postgres: SqlDatabase) -> None:
    """Otherwise a job would remain for a deleted video."""
    await _add(postgres, JOB_ID)
    job = await _claim(postgres)

    async def delete() -> None:
        async with postgres.write() as work:
            await work.jobs.delete_of_video(VIDEO_ID)

    async with postgres.write() as worker:
        await worker.jobs.lock(job.lease)
        deleting = asyncio.create_task(delete())
        await one_waits(postgres)
        await worker.jobs.add(a_new_job(id=OTHER_ID))
    await deleting
    async with postgres.read() as work:
        assert await work.jobs.of_video(VIDEO_ID) == []


async def test_deleting_a_video_waits_for_its_worker_and_not_the_other_way_round(postgres: SqlDatabase) -> None:
    """Both lock the job first, so that they cannot deadlock."""
    async with postgres.write() as work:
        await work.videos.add(a_video())
    await _add(postgres, JOB_ID)
    job = await _claim(postgres)
    clock, queue = FakeClock(), RecordingJobQueue()
    delete = DeleteVideo(postgres, clock, JobFactory(SequentialIdGenerator(), 12), DispatchJob(postgres, queue))
    async with postgres.write() as working:
        await working.jobs.lock(job.lease)
        deleting = asyncio.create_task(delete(OWNER, VIDEO_ID))
        await one_waits(postgres)
        await working.videos.save(await working.videos.get(VIDEO_ID))
    await deleting
    async with postgres.read() as work:
        with pytest.raises(VideoNotFound):
            await work.videos.get(VIDEO_ID)
