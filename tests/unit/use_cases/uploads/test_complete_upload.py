"""Completing uploads."""

import asyncio

import pytest

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.errors import Rejected, Unavailable
from domain.model.jobs.job import JobState
from domain.model.jobs.payloads import JobKind, ProcessPayload
from domain.model.object_key import ObjectKey
from domain.model.stage import StageName, StageState
from domain.model.videos.lifecycle import VideoStatus
from domain.ports.object_store import Peek
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio

CONTENT = fake_video_bytes()


async def test_completing_creates_the_process_job(world: World) -> None:
    """Status, ETag and job commit together, and the job is sent."""
    video = await world.upload(CONTENT)
    assert video.status is VideoStatus.UPLOADED
    assert video.source.etag is not None
    assert video.stage(StageName.UPLOAD).state is StageState.DONE
    (job,) = await world.jobs(video.id, JobKind.PROCESS)
    assert (job.payload, job.state) == (ProcessPayload(), JobState.QUEUED)
    assert [sent.id for sent in world.queue.sent] == [job.id]
    assert job.sent_at == world.clock.now()


async def test_completing_before_the_upload_can_be_repeated(world: World) -> None:
    """With an absent object nothing changes; after the upload the same call succeeds."""
    video = await world.request_upload(CONTENT)
    with pytest.raises(Rejected) as refused:
        await world.application.uploads.complete(ADA, video.id)
    assert refused.value.code == "upload_missing"
    assert await world.video(video.id) == video
    world.objects.objects[video.source.key] = CONTENT
    assert (await world.application.uploads.complete(ADA, video.id)).status is VideoStatus.UPLOADED


async def test_an_object_of_another_size_is_refused_and_kept(world: World) -> None:
    """The client may upload again; a deletion could come late and remove the accepted object."""
    video = await world.request_upload(CONTENT)
    world.objects.objects[video.source.key] = CONTENT[:-1]
    with pytest.raises(Rejected) as refused:
        await world.application.uploads.complete(ADA, video.id)
    assert refused.value.code == "upload_size_mismatch"
    assert world.keys == {video.source.key}
    assert (await world.video(video.id)).status is VideoStatus.UPLOADING
    world.objects.objects[video.source.key] = CONTENT
    assert (await world.application.uploads.complete(ADA, video.id)).status is VideoStatus.UPLOADED


async def test_a_refusing_call_does_not_delete_what_another_accepted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client uploads the right file and completes it while an earlier call has read the wrong size."""
    video = await world.request_upload(CONTENT)
    world.objects.objects[video.source.key] = CONTENT[:-1]
    peek = world.objects.peek

    async def overtaken(key: ObjectKey, *, length: int) -> Peek:
        monkeypatch.setattr(world.objects, "peek", peek)
        seen = await peek(key, length=length)
        world.objects.objects[key] = CONTENT
        await world.application.uploads.complete(ADA, video.id)
        return seen

    monkeypatch.setattr(world.objects, "peek", overtaken)
    with pytest.raises(Rejected):
        await world.application.uploads.complete(ADA, video.id)
    assert video.source.key in world.keys
    assert (await world.application.uploads.complete(ADA, video.id)).status is VideoStatus.UPLOADED


async def test_fifty_concurrent_completions_create_one_job(world: World) -> None:
    """Every call returns the same video."""
    video = await world.request_upload(CONTENT)
    world.objects.objects[video.source.key] = CONTENT
    answers = await asyncio.gather(*(world.application.uploads.complete(ADA, video.id) for _ in range(50)))
    assert {answer.status for answer in answers} == {VideoStatus.UPLOADED}
    assert len(await world.jobs(video.id, JobKind.PROCESS)) == 1


async def test_a_slower_call_finds_the_upload_accepted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two calls read the bucket at once; the slower one changes nothing."""
    video = await world.request_upload(CONTENT)
    world.objects.objects[video.source.key] = CONTENT
    peek = world.objects.peek

    async def overtaken(key: ObjectKey, *, length: int) -> Peek:
        monkeypatch.setattr(world.objects, "peek", peek)
        await world.application.uploads.complete(ADA, video.id)
        return await peek(key, length=length)

    monkeypatch.setattr(world.objects, "peek", overtaken)
    assert (await world.application.uploads.complete(ADA, video.id)).status is VideoStatus.UPLOADED
    assert len(await world.jobs(video.id, JobKind.PROCESS)) == 1


async def test_completing_again_after_processing_is_allowed(world: World) -> None:
    """A client that lost the first response gets it again, and no job restarts."""
    video = await world.upload_and_process()
    assert (await world.application.uploads.complete(ADA, video.id)) == video
    assert world.queue.sent == []


async def test_a_bucket_outage_changes_nothing(world: World) -> None:
    """The client can repeat the call."""
    video = await world.request_upload(CONTENT)
    world.objects.fail_next("peek")
    with pytest.raises(Unavailable):
        await world.application.uploads.complete(ADA, video.id)
    assert await world.video(video.id) == video
