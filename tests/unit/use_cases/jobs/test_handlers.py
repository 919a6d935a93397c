"""The handlers of jobs, by kind."""

import pytest

from domain.model.errors import Unavailable
from domain.model.jobs.job import JobState
from domain.model.jobs.payloads import JobKind, ProcessPayload
from tests.support.builders import NOW, a_failure, a_job
from tests.support.world import World

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("kind", [JobKind.TRANSCRIBE, JobKind.ERASE])
async def test_a_handler_refuses_another_kind_of_job(world: World, kind: JobKind) -> None:
    """A wrong mapping of handlers fails at once."""
    handler = world.application.run_job.handlers.by_kind[kind]
    with pytest.raises(TypeError):
        await handler(a_job(payload=ProcessPayload()))


async def test_a_failed_video_does_not_fail_again(world: World) -> None:
    """The first failure stays."""
    video = await world.upload()
    job_id = world.queue.sent.pop(0).id
    async with world.database.write() as work:
        job = await work.jobs.claim(job_id, lease_s=60)
        failed = (await work.videos.get(video.id)).processing_failed(a_failure(), now=world.clock.now())
        await work.videos.save(failed)
        await world.application.run_job.handlers.bury(work, job, Unavailable("Something else."))
    assert (await world.video(video.id)).failure == a_failure()


async def test_a_job_without_a_video_is_buried(world: World) -> None:
    """There is no video to fail; a job left running would come up in every sweep."""
    await world.upload()
    async with world.database.write() as work:
        job = await work.jobs.claim(world.queue.sent.pop(0).id, lease_s=60)
        await work.videos.delete(job.video_id, now=NOW)
    async with world.database.write() as work:
        await world.application.run_job.handlers.bury(work, job, Unavailable("Something."))
    assert (await world.job(job.id)).state is JobState.DEAD
