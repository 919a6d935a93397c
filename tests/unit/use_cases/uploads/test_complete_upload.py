"""Requesting, completing and failing uploads."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.errors import Conflict, InvalidTransition, Rejected, Unavailable, VideoNotFound
from domain.model.failure import FailureCode
from domain.model.ids import UserId, VideoId
from domain.model.jobs.job import JobState
from domain.model.jobs.payloads import JobKind, ProcessPayload
from domain.model.object_key import ObjectKey
from domain.model.retention.retained_objects import erase_all
from domain.model.stage import StageName, StageState
from domain.model.uploads.policy import UploadDeclaration
from domain.model.videos.lifecycle import VideoStatus
from domain.ports.object_store import Peek
from entrypoints.application import Application
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio

MALLORY = UserId("mallory")
CONTENT = fake_video_bytes()

Call = Callable[[Application], Callable[[UserId, VideoId], Awaitable[object]]]


async def test_a_requested_upload_is_stored_and_signed(world: World) -> None:
    """The server chooses key and content type; the row is committed before the client gets its URL."""
    grant = await world.application.uploads.request(ADA, UploadDeclaration("Holiday.MOV", 10, ""))
    video = grant.signed.video
    assert video == await world.video(video.id)
    assert video.status is VideoStatus.UPLOADING
    assert video.source.key == f"videos/ada/{video.id}.mov"
    assert grant.signed.presigned is not None
    assert grant.signed.presigned.headers == {"Content-Type": "video/quicktime"}
    assert grant.signed.parts == ()
    assert grant.signed.expires_in_s == 3600
    assert not grant.is_replay


async def test_a_refused_upload_leaves_nothing(world: World) -> None:
    """A declaration that the policy refuses is neither signed nor written."""
    with pytest.raises(Rejected, match="must end in"):
        await world.application.uploads.request(ADA, UploadDeclaration("notes.txt", 10, ""))
    page = await world.application.list_videos(ADA, limit=10)
    assert page.videos == ()


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
    video = await world.grant(CONTENT)
    with pytest.raises(Rejected) as refused:
        await world.application.uploads.complete(ADA, video.id)
    assert refused.value.code == "upload_missing"
    assert await world.video(video.id) == video
    world.objects.objects[video.source.key] = CONTENT
    assert (await world.application.uploads.complete(ADA, video.id)).status is VideoStatus.UPLOADED


async def test_an_object_of_another_size_is_refused_and_kept(world: World) -> None:
    """The client may upload again; a deletion could come late and remove the accepted object."""
    video = await world.grant(CONTENT)
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
    video = await world.grant(CONTENT)
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
    video = await world.grant(CONTENT)
    world.objects.objects[video.source.key] = CONTENT
    answers = await asyncio.gather(*(world.application.uploads.complete(ADA, video.id) for _ in range(50)))
    assert {answer.status for answer in answers} == {VideoStatus.UPLOADED}
    assert len(await world.jobs(video.id, JobKind.PROCESS)) == 1


async def test_a_slower_call_finds_the_upload_accepted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two calls read the bucket at once; the slower one changes nothing."""
    video = await world.grant(CONTENT)
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
    video = await world.processed()
    assert (await world.application.uploads.complete(ADA, video.id)) == video
    assert world.queue.sent == []


async def test_a_failed_send_does_not_fail_the_call(world: World) -> None:
    """The client gets its response; the unsent job waits for the sweep."""
    world.queue.is_down = True
    video = await world.upload(CONTENT)
    assert video.status is VideoStatus.UPLOADED
    (job,) = await world.jobs(video.id, JobKind.PROCESS)
    assert job.sent_at is None


async def test_a_bucket_outage_changes_nothing(world: World) -> None:
    """The client can repeat the call."""
    video = await world.grant(CONTENT)
    world.objects.fail_next("peek")
    with pytest.raises(Unavailable):
        await world.application.uploads.complete(ADA, video.id)
    assert await world.video(video.id) == video


async def test_a_failed_upload_fails_the_video(world: World) -> None:
    """Its object is erased, now and again after the URL has expired."""
    video = await world.grant(CONTENT)
    world.objects.objects[video.source.key] = CONTENT
    failed = await world.application.uploads.report_failure(ADA, video.id)
    assert failed.status is VideoStatus.FAILED
    assert failed.failure is not None
    assert failed.failure.code is FailureCode.UPLOAD_FAILED
    await world.run_jobs()
    assert world.keys == set()
    late = [job for job in await world.jobs(video.id, JobKind.ERASE) if job.state is JobState.QUEUED]
    assert [(job.payload, job.run_after > video.upload_expires_at) for job in late] == [(erase_all(video), True)]


async def test_reporting_a_failure_is_idempotent(world: World) -> None:
    """The second call returns the same video and creates no job."""
    video = await world.grant(CONTENT)
    first = await world.application.uploads.report_failure(ADA, video.id)
    assert await world.application.uploads.report_failure(ADA, video.id) == first
    assert len(await world.jobs(video.id, JobKind.ERASE)) == 2


async def test_the_two_reports_exclude_each_other(world: World) -> None:
    """A completed upload cannot be reported as failed, and a failed one cannot be completed."""
    completed = await world.upload(CONTENT)
    with pytest.raises(InvalidTransition):
        await world.application.uploads.report_failure(ADA, completed.id)
    failed = await world.grant(CONTENT)
    await world.application.uploads.report_failure(ADA, failed.id)
    with pytest.raises(Conflict) as refused:
        await world.application.uploads.complete(ADA, failed.id)
    assert refused.value.code == "upload_closed"


CALLS: dict[str, Call] = {
    "complete": lambda application: application.uploads.complete,
    "fail": lambda application: application.uploads.report_failure,
    "cancel": lambda application: application.uploads.cancel,
    "renew": lambda application: application.uploads.renew,
    "describe": lambda application: application.uploads.get_status,
    "sign parts": lambda application: lambda owner, video_id: application.uploads.sign_parts(owner, video_id, [1]),
    "retry": lambda application: application.retry_video,
    "get": lambda application: application.get_video,
    "delete": lambda application: application.delete_video,
    "get transcript": lambda application: application.get_transcript,
}


@pytest.mark.parametrize("name", CALLS)
async def test_a_foreign_video_is_not_found(world: World, name: str) -> None:
    """Another user gets the same error as for an unknown id."""
    video = await world.grant(CONTENT)
    call = CALLS[name](world.application)
    with pytest.raises(VideoNotFound) as foreign:
        await call(MALLORY, video.id)
    with pytest.raises(VideoNotFound) as unknown:
        await call(MALLORY, VideoId("unknown"))
    assert foreign.value.args == unknown.value.args
    assert await world.video(video.id) == video
