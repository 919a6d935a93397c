"""Retrying failed videos."""

import asyncio

import pytest

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.errors import CompressionFailed, Conflict, Rejected, Unavailable
from domain.model.failure import FailureCode
from domain.model.jobs.job import JobState
from domain.model.jobs.payloads import ErasePayload, JobKind
from domain.model.object_key import DerivedKeys, ObjectKey
from domain.model.stage import StageName, StageState
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video
from domain.ports.object_store import ObjectInfo
from domain.use_cases.jobs.run_job import JobResult
from tests.support.world import ADA, World, until

pytestmark = pytest.mark.anyio

# 40 s with a pause every 8 s: three chunks.
LONG = fake_video_bytes(duration_s=40.0, silences=((7.0, 8.0), (15.0, 16.0), (23.0, 24.0), (31.0, 32.0), (39.0, 40.0)))
BROKEN = Rejected("No.")


async def retried(world: World, video: Video) -> Video:
    """Retry the video; return it afterwards."""
    return (await world.application.retry_video(ADA, video.id)).video


async def refusal(world: World, video: Video) -> str:
    """Retry the video, expect a refusal without changes, and return its code."""
    before = await world.video(video.id)
    with pytest.raises(Conflict) as refused:
        await retried(world, video)
    assert await world.video(video.id) == before
    return refused.value.code


async def failed_at(world: World, method: str, content: bytes | None = None) -> Video:
    """A video that failed because this method raised a permanent error."""
    world.transcoder.fail(method, BROKEN, times=1)
    video = await world.upload_and_process(content)
    assert video.status is VideoStatus.FAILED
    return video


async def test_failed_processing_is_retried(world: World) -> None:
    """The original is still stored; the count of attempts starts at zero, and the fence continues."""
    video = await failed_at(world, "probe")
    again = await retried(world, video)
    assert (again.status, again.failure) == (VideoStatus.UPLOADED, None)
    assert (again.stage(StageName.UPLOAD).state, again.stage(StageName.PROBE).state) == (
        StageState.DONE,
        StageState.PENDING,
    )
    (job,) = await world.jobs(video.id, JobKind.PROCESS)
    assert (job.state, job.attempt, job.fence) == (JobState.QUEUED, 0, 1)
    await world.run_jobs()
    assert (await world.video(video.id)).status is VideoStatus.COMPLETED
    assert len(await world.jobs(video.id, JobKind.PROCESS)) == 1


async def test_without_the_original_processing_cannot_be_retried(world: World) -> None:
    """The client must upload again."""
    video = await failed_at(world, "probe")
    del world.objects.objects[video.source.key]
    assert await refusal(world, video) == "nothing_to_retry"


async def test_a_replaced_original_is_not_processed(world: World) -> None:
    """It is not the object that was verified."""
    video = await failed_at(world, "probe")
    world.objects.objects[video.source.key] = fake_video_bytes(duration_s=11.0)
    assert await refusal(world, video) == "nothing_to_retry"


async def test_a_failed_transcription_is_retried(world: World) -> None:
    """The publication does not change, and can be played throughout."""
    world.transcriber.fail(BROKEN, times=1)
    video = await world.upload_and_process()
    again = await retried(world, video)
    assert (again.status, again.publication) == (VideoStatus.UPLOADED, video.publication)
    assert again.stage(StageName.COMPRESS).state is StageState.DONE
    calls = world.transcoder.calls.count("compress")
    await world.run_jobs()
    now = await world.video(video.id)
    assert (now.status, now.publication) == (VideoStatus.COMPLETED, video.publication)
    assert world.transcoder.calls.count("compress") == calls
    assert not [key for key in world.keys if "audio" in key]


async def test_without_the_speech_track_transcription_cannot_be_retried(world: World) -> None:
    """The video can still be played, without captions."""
    world.transcriber.fail(BROKEN, times=1)
    video = await world.upload_and_process()
    (audio,) = [key for key in world.keys if "audio" in key]
    del world.objects.objects[audio]
    assert await refusal(world, video) == "nothing_to_retry"


async def test_a_retry_pays_only_for_missing_chunks(world: World) -> None:
    """Two of three chunks were transcribed before the third failed permanently."""
    world.transcriber.fail(BROKEN, times=1, after=2)
    video = await world.upload_and_process(LONG)
    assert video.status is VideoStatus.FAILED
    await retried(world, video)
    await world.run_jobs()
    assert (await world.video(video.id)).status is VideoStatus.COMPLETED
    assert world.transcriber.calls == 4
    assert (await world.application.get_transcript(ADA, video.id)).text.count("fox") == 3


async def test_processing_and_transcription_can_both_be_retried(world: World) -> None:
    """The transcription failed during compression, and then the compression failed, too."""
    world.transcriber.fail(BROKEN, times=1)
    world.transcoder.hang("compress")
    video = await world.upload()
    process = world.queue.sent.pop(0)
    working = asyncio.create_task(world.application.run_job(process.id))
    await until(lambda: bool(world.queue.sent))
    await world.run_jobs()
    assert await refusal(world, video) == "not_failed"
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    world.transcoder.resume("compress")
    world.transcoder.fail("compress", BROKEN, times=1)
    await world.application.run_job(process.id)
    await world.run_jobs()
    failed = await world.video(video.id)
    assert failed.failure is not None
    assert failed.failure.code is FailureCode.PROCESSING_FAILED
    assert [
        job.state for kind in (JobKind.PROCESS, JobKind.TRANSCRIBE) for job in await world.jobs(video.id, kind)
    ] == [
        JobState.DEAD,
        JobState.DEAD,
    ]
    await retried(world, video)
    assert len(world.queue.sent) == 2
    await world.run_jobs()
    assert (await world.video(video.id)).status is VideoStatus.COMPLETED


async def test_audio_that_cannot_be_decoded_cannot_be_retried(world: World) -> None:
    """There is no dead job, because a retry would have the same result."""
    world.transcoder.fail("extract_audio", CompressionFailed("The sound is broken."))
    video = await world.upload_and_process()
    assert video.playable
    assert await refusal(world, video) == "nothing_to_retry"


async def test_a_closed_upload_is_not_retried(world: World) -> None:
    """It was cancelled, or its client reported a failure; there is nothing to process."""
    cancelled = await world.upload()
    await world.application.uploads.cancel(ADA, cancelled.id)
    assert await refusal(world, cancelled) == "nothing_to_retry"
    failed = await world.request_upload(b"content")
    await world.application.uploads.report_failure(ADA, failed.id)
    assert await refusal(world, failed) == "nothing_to_retry"


async def test_a_retried_video_can_be_cancelled_before_processing(world: World) -> None:
    """After that it cannot be retried."""
    video = await failed_at(world, "probe")
    await retried(world, video)
    await world.application.uploads.cancel(ADA, video.id)
    await world.run_jobs()
    assert world.keys == set()
    assert await refusal(world, video) == "nothing_to_retry"


@pytest.mark.parametrize("status", [VideoStatus.UPLOADING, VideoStatus.UPLOADED, VideoStatus.COMPLETED])
async def test_only_a_failed_video_is_retried(world: World, status: VideoStatus) -> None:
    """Any other video is in progress or completed."""
    video = await (world.request_upload(b"content") if status is VideoStatus.UPLOADING else world.upload())
    if status is VideoStatus.COMPLETED:
        await world.run_jobs()
    assert await refusal(world, video) == "not_failed"


async def test_concurrent_retries_create_one_run(world: World) -> None:
    """The other one is refused."""
    video = await failed_at(world, "probe")
    results = await asyncio.gather(retried(world, video), retried(world, video), return_exceptions=True)
    codes = [result.code for result in results if isinstance(result, Conflict)]
    assert codes == ["not_failed"]
    assert len(world.queue.sent) == 1


async def test_a_repeat_under_the_same_key_retries_nothing(world: World) -> None:
    """It returns the video as it is, even if that has failed again since."""
    video = await failed_at(world, "probe")
    world.transcoder.fail("probe", BROKEN, times=1)
    retry = world.application.retry_video
    async with world.database.write():  # Until this transaction ends, all three find the video failed.
        retrying = [asyncio.create_task(retry(ADA, video.id, key="again-1")) for _ in range(3)]
        await world.advance(0.0)
    answers = await asyncio.gather(*retrying)
    assert sorted(answer.is_replay for answer in answers) == [False, True, True]
    await world.run_jobs()
    again = await world.application.retry_video(ADA, video.id, key="again-1")
    assert (again.is_replay, again.video.status, world.queue.sent) == (True, VideoStatus.FAILED, [])
    assert not (await world.application.retry_video(ADA, video.id, key="again-2")).is_replay


async def test_a_key_of_another_request_is_refused(world: World) -> None:
    """It is refused even for the same video."""
    video = await failed_at(world, "probe")
    await world.application.retry_video(ADA, video.id, key="again-1")
    with pytest.raises(Rejected) as refused:
        await world.application.transcripts.regenerate(ADA, video.id, None, key="again-1")
    assert refused.value.code == "idempotency_key_reused"


async def test_a_retry_that_commits_second_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both found the video failed and its original stored."""
    video = await failed_at(world, "probe")
    head = world.objects.head

    async def overtaken(key: ObjectKey) -> ObjectInfo:
        monkeypatch.setattr(world.objects, "head", head)
        await retried(world, video)
        return await head(key)

    monkeypatch.setattr(world.objects, "head", overtaken)
    with pytest.raises(Conflict) as refused:
        await retried(world, video)
    assert refused.value.code == "not_failed"
    assert len(world.queue.sent) == 1


async def test_a_bucket_outage_changes_nothing(world: World) -> None:
    """The client can repeat the request."""
    video = await failed_at(world, "probe")
    world.objects.fail_next("head")
    with pytest.raises(Unavailable):
        await retried(world, video)
    assert (await world.video(video.id)).status is VideoStatus.FAILED
    await retried(world, video)


async def test_a_late_erase_job_keeps_the_objects_of_a_retry(world: World) -> None:
    """The failed attempt's erase job runs after the retry has published: it erases only objects of older fences."""
    video = await failed_at(world, "compress", fake_video_bytes(audio_codec=None))
    (late,) = await world.jobs(video.id, JobKind.ERASE)
    assert isinstance(late.payload, ErasePayload)
    assert (late.state, late.payload.through_fence) == (JobState.QUEUED, 1)
    world.transcoder.hang("poster")
    await retried(world, video)
    working = asyncio.create_task(world.application.run_job(world.queue.sent.pop(0).id))
    await until(world.transcoder.is_hanging.is_set)
    keys = DerivedKeys(ADA, video.id, fence=2)
    stale = DerivedKeys(ADA, video.id, fence=1).rendition
    world.objects.objects[keys.poster] = world.objects.objects[stale] = b"stored just now"
    assert (await world.application.run_job(late.id)).result is JobResult.DONE
    assert keys.poster in world.keys
    assert stale not in world.keys
    await world.application.run_job.drain()
    await working
