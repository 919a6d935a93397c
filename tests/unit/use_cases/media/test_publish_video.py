"""Publishing a video: storing what is played, and erasing the original."""

import asyncio
from pathlib import Path

import pytest

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.errors import CompressionFailed, Unavailable
from domain.model.jobs.job import Job
from domain.model.object_key import ObjectKey
from domain.model.stage import StageName, StageState
from domain.model.videos.guards import require_playable
from domain.model.videos.source import Publication
from domain.ports.object_store import ObjectInfo
from domain.ports.progress import OnProgress
from domain.use_cases.jobs.run_job import JobResult
from domain.use_cases.media.publish_video import PublishVideo
from tests.support.world import ADA, World, until

pytestmark = pytest.mark.anyio

FAILURE = CompressionFailed("The encoder gave up.")


async def test_the_original_outlives_the_publication(world: World) -> None:
    """A separate job erases it; the job commits with the publication."""
    video = await world.upload()
    await world.application.run_job(world.queue.sent.pop(0).id)
    assert (await world.video(video.id)).playable
    assert video.source.key in world.keys
    await world.run_jobs()
    assert video.source.key not in world.keys


async def test_the_original_is_erased_again_when_its_url_has_expired(world: World) -> None:
    """A presigned URL outlives the upload: an object stored under it later is erased, and nothing else."""
    video = await world.upload_and_process()
    world.objects.objects[video.source.key] = b"late"
    kept = world.keys - {video.source.key}
    world.clock.advance(26 * 3600)
    await world.application.sweep_jobs()
    await world.run_jobs()
    assert world.keys == kept


async def test_a_later_upload_is_never_played(world: World) -> None:
    """An upload URL outlives the upload; a published original is under a key that no client can write."""
    world.transcoder.fail("compress", FAILURE)
    video = await world.upload_and_process()
    world.objects.objects[video.source.key] = b"<script>"
    published = require_playable(await world.application.get_video(ADA, video.id))
    assert world.objects.objects[published.main.key] == fake_video_bytes()
    world.clock.advance(26 * 3600)
    await world.application.sweep_jobs()
    await world.run_jobs()
    assert world.keys == set(published.keys)


async def test_a_published_original_has_the_type_of_its_container(world: World) -> None:
    """The client declared another type, which players might refuse."""
    world.transcoder.fail("compress", FAILURE)
    video = await world.upload_and_process(fake_video_bytes(container="matroska"))
    assert (video.source.content_type, require_playable(video).main.content_type) == ("video/mp4", "video/x-matroska")


async def test_a_rendition_is_stored_while_its_pictures_are_made(world: World) -> None:
    """The compress stage is done by then; a stopping worker leaves no running tool behind."""
    world.transcoder.hang("poster")
    video = await world.upload()
    running = asyncio.create_task(world.application.run_job(world.queue.sent.pop(0).id))
    await world.transcoder.is_hanging.wait()
    await until(lambda: any(key.endswith("rendition.mp4") for key in world.keys))
    current = await world.video(video.id)
    states = [current.stage(name).state for name in (StageName.COMPRESS, StageName.PUBLISH)]
    assert (states, current.playable) == ([StageState.DONE, StageState.RUNNING], False)
    await world.application.run_job.drain()
    assert (await running).result is JobResult.RELEASED
    assert not world.transcoder.is_hanging.is_set()


async def test_a_failed_store_of_the_rendition_ends_the_pictures(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """No tool is left running, and the attempt is retried."""

    async def refuse(*_: object, **__: object) -> ObjectInfo:
        await world.transcoder.is_hanging.wait()
        raise Unavailable("The bucket is away.")

    monkeypatch.setattr(world.objects, "upload", refuse)
    world.transcoder.hang("storyboard")
    world.transcoder.fail("poster", FAILURE)
    world.transcoder.fail("extract_audio", FAILURE)
    await world.upload()
    (outcome,) = await world.run_jobs()
    assert outcome.result is JobResult.RESCHEDULED
    assert not world.transcoder.is_hanging.is_set()


async def test_an_incomplete_rendition_is_not_published(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bucket must have every byte of it before the original is erased."""
    upload = world.objects.upload

    async def upload_half(source: Path, key: ObjectKey, *, content_type: str, on_progress: OnProgress) -> ObjectInfo:
        info = await upload(source, key, content_type=content_type, on_progress=on_progress)
        if key.endswith("rendition.mp4"):
            world.objects.objects[key] = b"half"
            return world.objects.info(key)
        return info

    monkeypatch.setattr(world.objects, "upload", upload_half)
    video = await world.upload()
    await world.run_jobs()
    current = await world.video(video.id)
    assert not current.playable
    assert current.source.key in world.keys


async def test_a_video_deleted_at_the_last_moment_leaves_no_rendition(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Objects that were stored just before the lost lease was noticed are erased."""
    upload = world.objects.upload
    video = await world.upload()

    async def delete_during_upload(
        source: Path, key: ObjectKey, *, content_type: str, on_progress: OnProgress
    ) -> ObjectInfo:
        info = await upload(source, key, content_type=content_type, on_progress=on_progress)
        if key.endswith("rendition.mp4"):
            await world.application.delete_video(ADA, video.id)
            await world.run_jobs()
            world.objects.objects[key] = b"arrives late"
        return info

    monkeypatch.setattr(world.objects, "upload", delete_during_upload)
    await world.run_jobs()
    assert world.keys == set()


@pytest.mark.parametrize("method", ["compress", "poster", "storyboard"])
async def test_unpublished_objects_of_a_deleted_video_are_erased(
    world: World, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """A video that is deleted just before its publication leaves nothing, even if its rendition or poster failed."""
    world.transcoder.fail(method, FAILURE)
    video = await world.upload()
    commit = PublishVideo._commit

    async def deleted_first(publish: PublishVideo, job: Job, publication: Publication) -> Job:
        await world.application.delete_video(ADA, video.id)
        return await commit(publish, job, publication)

    monkeypatch.setattr(PublishVideo, "_commit", deleted_first)
    outcomes = await world.run_jobs()
    assert outcomes[0].result is JobResult.LEASE_LOST
    assert world.keys == set()
