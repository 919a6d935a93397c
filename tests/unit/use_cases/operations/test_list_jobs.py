"""The list of jobs, with their videos and stages."""

import asyncio
from pathlib import Path

import pytest

from domain.model.errors import Rejected
from domain.model.jobs.job import JobState
from domain.model.jobs.payloads import JobKind
from domain.model.stage import StageName
from tests.support.world import UserId, open_world, until

pytestmark = pytest.mark.anyio


async def test_jobs_of_all_users_are_listed_in_pages(tmp_path: Path) -> None:
    """Each with its video."""
    async with open_world(tmp_path) as world:
        videos = [await world.upload(owner=UserId(name)) for name in ("ada", "grace", "eve")]
        list_jobs = world.application.operations.list_jobs
        first = await list_jobs(JobState.QUEUED, limit=2)
        assert first.next_cursor is not None
        rest = await list_jobs(JobState.QUEUED, limit=2, cursor=first.next_cursor.encoded())
        listed = [*first.jobs, *rest.jobs]
        assert rest.next_cursor is None
        assert {job.video.id for job in listed if job.video} == {video.id for video in videos}
        assert {job.stage for job in listed} == {None}
        assert (await list_jobs(JobState.RUNNING, limit=2)).jobs == ()


async def test_a_running_job_has_its_stage(tmp_path: Path) -> None:
    """The one that its video shows as running."""
    async with open_world(tmp_path) as world:
        await world.upload()
        world.transcoder.hang("compress")
        running = world.application.run_job
        job = world.queue.sent.pop(0)
        attempt = asyncio.create_task(running(job.id))
        await until(world.transcoder.is_hanging.is_set)
        (tracked,) = (await world.application.operations.list_jobs(JobState.RUNNING, limit=5)).jobs
        assert (tracked.job.kind, tracked.stage) == (JobKind.PROCESS, StageName.COMPRESS)
        assert tracked.job.worker is not None
        await running.drain()
        await attempt


@pytest.mark.parametrize(("limit", "cursor"), [(0, None), (101, None), (5, "nonsense")])
async def test_a_wrong_page_is_refused(tmp_path: Path, limit: int, cursor: str | None) -> None:
    """As in every list."""
    async with open_world(tmp_path) as world:
        with pytest.raises(Rejected):
            await world.application.operations.list_jobs(JobState.DEAD, limit=limit, cursor=cursor)
