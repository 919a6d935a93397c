"""Erasing the objects that a video no longer needs."""

import pytest

from domain.model.errors import Unavailable
from domain.model.ids import JobId
from domain.model.jobs.job import JobState
from domain.model.jobs.payloads import ErasePayload, JobKind
from domain.model.object_key import DerivedKeys
from domain.model.videos.lifecycle import VideoStatus
from tests.support.builders import a_new_job, a_uuid
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio


async def test_erasing_continues_after_an_error(world: World) -> None:
    """An object that could not be erased is erased later; other objects are kept."""
    video = await world.upload()
    await world.application.run_job(world.queue.sent.pop(0).id)
    world.objects.fail_next("delete")
    await world.run_jobs()
    world.clock.advance(6)
    await world.application.sweep_jobs()
    await world.run_jobs()
    current = await world.video(video.id)
    assert current.publication is not None
    assert world.keys == set(current.publication.keys)


async def test_a_dead_erase_job_keeps_its_list(world: World) -> None:
    """The video does not change; the job's row names the objects that are left."""
    video = await world.upload()
    await world.application.run_job(world.queue.sent.pop(0).id)
    world.objects.fail_next("delete", times=99, error=Unavailable("Forbidden.", retryable=False))
    await world.run_jobs()
    dead = [job for job in await world.jobs(video.id, JobKind.ERASE) if job.state is JobState.DEAD]
    assert dead
    assert (await world.video(video.id)).status is VideoStatus.COMPLETED


async def test_an_old_erase_job_keeps_a_later_publication(world: World) -> None:
    """A release without fences may have created the job before a retry; it keeps what the video needs now."""
    video = await world.upload_and_process()
    assert video.publication is not None
    stale = DerivedKeys(ADA, video.id, fence=9).poster
    world.objects.objects[stale] = b"left"
    async with world.database.write() as work:
        old = await work.jobs.add(
            a_new_job(
                id=JobId(a_uuid(5000)), video_id=video.id, payload=ErasePayload(prefixes=(f"derived/ada/{video.id}/",))
            )
        )
    await world.application.run_job(old.id)
    assert stale not in world.keys
    assert video.publication.main.key in world.keys
