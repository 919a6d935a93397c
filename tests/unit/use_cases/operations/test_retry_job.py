"""An operator retries a dead job."""

from pathlib import Path

import pytest

from domain.model.errors import Conflict, JobNotFound, MediaRejected
from domain.model.ids import JobId
from domain.model.jobs.job import Job, JobState
from domain.model.jobs.payloads import JobKind
from domain.model.videos.lifecycle import VideoStatus
from tests.support.world import World, open_world

pytestmark = pytest.mark.anyio


async def only_job(world: World, kind: JobKind) -> Job:
    """The only job of this kind."""
    (job,) = [job for job in world.database.tables.jobs.values() if job.kind is kind]
    return job


async def test_a_dead_job_of_a_video_retries_the_video(tmp_path: Path) -> None:
    """The video completes, as after its owner's own retry."""
    async with open_world(tmp_path) as world:
        world.transcoder.fail("probe", MediaRejected("Not yet."), times=1)
        video = await world.upload_and_process()
        assert video.status is VideoStatus.FAILED
        job = await only_job(world, JobKind.PROCESS)
        tracked = await world.application.operations.retry_job(job.id)
        assert (tracked.job.state, tracked.job.attempt) == (JobState.QUEUED, 0)
        assert tracked.video is not None
        assert tracked.video.status is VideoStatus.UPLOADED
        await world.run_jobs()
        assert (await world.video(video.id)).status is VideoStatus.COMPLETED


async def test_another_dead_job_is_queued_again(tmp_path: Path) -> None:
    """Such as the erasure of a deleted video's objects."""
    async with open_world(tmp_path) as world:
        video = await world.upload()
        world.queue.sent.clear()
        await world.application.delete_video(video.owner, video.id)
        erasing = world.queue.sent.pop(0)
        async with world.database.write() as work:
            claimed = await work.jobs.claim(erasing.id, lease_s=60)
            await work.jobs.bury(claimed.lease, error="storage_denied: no")
        tracked = await world.application.operations.retry_job(erasing.id)
        assert (tracked.job.state, tracked.video) == (JobState.QUEUED, None)
        await world.run_jobs()
        assert world.keys == set()
        with pytest.raises(Conflict) as caught:
            await world.application.operations.retry_job(erasing.id)
        assert caught.value.code == "job_not_dead"


async def test_a_job_that_is_not_dead_stays(tmp_path: Path) -> None:
    """Also one that a concurrent request has revived after it was read."""
    async with open_world(tmp_path) as world:
        await world.upload()
        job = await only_job(world, JobKind.PROCESS)
        retry = world.application.operations.retry_job
        with pytest.raises(Conflict) as caught:
            await retry(job.id)
        assert caught.value.code == "job_not_dead"
        with pytest.raises(Conflict) as raced:
            await retry._revive(job.id)
        assert raced.value.code == "job_not_dead"
        with pytest.raises(JobNotFound):
            await retry(JobId("none"))


async def test_a_video_without_its_input_is_not_retried(tmp_path: Path) -> None:
    """The error is that of the video's retry."""
    async with open_world(tmp_path) as world:
        world.transcoder.fail("probe", MediaRejected("No."), times=1)
        video = await world.upload_and_process()
        world.objects.objects.pop(video.source.key)
        with pytest.raises(Conflict) as caught:
            await world.application.operations.retry_job((await only_job(world, JobKind.PROCESS)).id)
        assert caught.value.code == "nothing_to_retry"
