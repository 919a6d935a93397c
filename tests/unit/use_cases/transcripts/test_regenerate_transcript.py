"""Regenerating transcripts."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.access.idempotency import KEY_LIFETIME_S
from domain.model.errors import CompressionFailed, Conflict, Rejected, VideoNotFound
from domain.model.failure import WarningCode
from domain.model.ids import UserId
from domain.model.jobs.payloads import JobKind
from domain.model.object_key import ObjectKey
from domain.model.stage import StageName, StageState
from domain.model.transcripts.hints import NO_HINTS, SpeechHints
from domain.model.transcripts.transcript import ChunkTranscript
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video
from domain.ports.object_store import ObjectInfo
from domain.ports.progress import OnProgress
from domain.use_cases.access.once import IdempotentResult
from domain.use_cases.jobs.run_job import JobResult
from entrypoints.config.settings import Settings
from entrypoints.config.transcription import TranscriptionSettings
from tests.support.regenerating import request_transcript, text_of
from tests.support.world import ADA, World, open_world

pytestmark = pytest.mark.anyio

GERMAN = SpeechHints("de", ("Telecine",))
NEW = ChunkTranscript("Guten Tag.", language="de")
BROKEN = Rejected("No.")


@pytest.fixture
async def limited_world(tmp_path: Path) -> AsyncGenerator[World]:
    """A world that transcribes at most one minute of audio per video."""
    async with open_world(
        tmp_path, settings=Settings(transcription=TranscriptionSettings(max_transcription_minutes=1))
    ) as opened:
        yield opened


async def refusal(world: World, video: Video) -> str:
    """Request a new transcript, expect a refusal without changes, and return its code."""
    before = await world.video(video.id)
    with pytest.raises(Conflict) as refused:
        await request_transcript(world, video)
    assert await world.video(video.id) == before
    return refused.value.code


async def test_a_new_transcript_replaces_the_old_one(world: World) -> None:
    """The publication is transcribed with the new hints; the original is gone, and the video stays completed."""
    video = await world.upload_and_process()
    assert video.source.key not in world.keys
    world.transcriber.result = NEW
    waiting = await request_transcript(world, video, GERMAN)
    assert (waiting.status, waiting.stage(StageName.TRANSCRIBE).state) == (VideoStatus.COMPLETED, StageState.PENDING)
    old = await text_of(world, video)
    await world.application.run_job(world.queue.sent.pop(0).id)
    assert await text_of(world, video) == old
    assert (await world.video(video.id)).stage(StageName.TRANSCRIBE).state is StageState.RUNNING
    await world.run_jobs()
    current = await world.video(video.id)
    assert (current.status, current.stage(StageName.TRANSCRIBE).state) == (VideoStatus.COMPLETED, StageState.DONE)
    assert await text_of(world, video) == "Guten Tag."
    assert world.transcriber.hints[-1] == GERMAN
    assert not [key for key in world.keys if "audio" in key]


async def test_hints_are_kept_for_the_next_run(world: World) -> None:
    """A request without hints uses the earlier ones."""
    video = await world.upload_and_process()
    for hints in (GERMAN, None):
        await request_transcript(world, video, hints)
        await world.run_jobs()
        assert world.transcriber.hints[-1] == GERMAN


async def test_only_one_run_is_open_at_a_time(world: World) -> None:
    """A second request is refused from the first request until the run ends."""
    video = await world.upload_and_process()
    await request_transcript(world, video)
    assert await refusal(world, video) == "transcription_in_progress"
    await world.application.run_job(world.queue.sent.pop(0).id)
    assert await refusal(world, video) == "transcription_in_progress"
    await world.run_jobs()
    await request_transcript(world, video)


async def test_the_number_of_runs_per_video_is_limited(tmp_path: Path) -> None:
    """The limit stops a client that requests runs in a loop."""
    settings = Settings(transcription=TranscriptionSettings(max_regenerations_per_video=2))
    async with open_world(tmp_path, settings=settings) as world:
        video = await world.upload_and_process()
        for _ in range(2):
            await request_transcript(world, video)
            await world.run_jobs()
        assert await refusal(world, video) == "too_many_regenerations"


async def test_a_video_in_processing_cannot_be_regenerated(world: World) -> None:
    """It can be played, and its first transcription is still open."""
    video = await world.upload()
    assert await refusal(world, video) == "not_playable"
    await world.application.run_job(world.queue.sent.pop(0).id)
    assert await refusal(world, video) == "transcription_in_progress"


async def test_without_a_transcriber_no_job_is_created(world_without_transcriber: World) -> None:
    """No worker could run it."""
    assert (
        await refusal(world_without_transcriber, await world_without_transcriber.upload_and_process())
        == "transcription_disabled"
    )


async def test_a_video_of_another_user_is_not_found(world: World) -> None:
    """The video does not change."""
    video = await world.upload_and_process()
    with pytest.raises(VideoNotFound):
        await world.application.transcripts.regenerate(UserId("bob"), video.id, None)
    assert not world.queue.sent


async def test_a_video_whose_transcription_failed_can_be_regenerated(world: World) -> None:
    """All chunks are transcribed again with the new hints; the speech track of the failed run is erased."""
    world.transcriber.fail(BROKEN, times=1)
    video = await world.upload_and_process()
    assert video.status is VideoStatus.FAILED
    world.transcriber.result = NEW
    assert (await request_transcript(world, video, GERMAN)).status is VideoStatus.UPLOADED
    await world.run_jobs()
    await world.application.sweep_jobs()
    await world.run_jobs()
    current = await world.video(video.id)
    assert (current.status, current.failure) == (VideoStatus.COMPLETED, None)
    assert await text_of(world, video) == "Guten Tag."
    assert not [key for key in world.keys if "audio" in key]


@pytest.mark.parametrize("hints", [None, NO_HINTS, GERMAN])
async def test_a_repeat_under_the_same_key_creates_no_run(world: World, hints: SpeechHints | None) -> None:
    """It returns the video as it is, during the run and after its end."""
    video = await world.upload_and_process()
    regenerate = world.application.transcripts.regenerate
    first = await regenerate(ADA, video.id, hints, key="again-1")
    assert first == IdempotentResult(await world.video(video.id))
    for _ in range(2):
        again = await regenerate(ADA, video.id, hints, key="again-1")
        assert again == IdempotentResult(await world.video(video.id), is_replay=True)
        await world.run_jobs()
    assert len(await world.jobs(video.id, JobKind.RETRANSCRIBE)) == 1


async def test_a_key_stands_for_one_run(world: World) -> None:
    """Another video or other hints under the key are refused; the same request under another key succeeds."""
    video, other = await world.upload_and_process(), await world.upload_and_process()
    regenerate = world.application.transcripts.regenerate
    await regenerate(ADA, video.id, GERMAN, key="again-1")
    for asked_for, hints in ((video, NO_HINTS), (video, None), (other, GERMAN)):
        with pytest.raises(Rejected) as refused:
            await regenerate(ADA, asked_for.id, hints, key="again-1")
        assert refused.value.code == "idempotency_key_reused"
    assert not (await regenerate(ADA, other.id, GERMAN, key="again-2")).is_replay


async def test_a_refused_request_leaves_its_key_free(world: World) -> None:
    """Repeated when the reason is gone, the request succeeds."""
    video = await world.upload_and_process()
    await request_transcript(world, video)
    regenerate = world.application.transcripts.regenerate
    with pytest.raises(Conflict):
        await regenerate(ADA, video.id, None, key="again-1")
    await world.run_jobs()
    assert not (await regenerate(ADA, video.id, None, key="again-1")).is_replay


async def test_a_key_is_kept_for_a_day_from_the_request(world: World) -> None:
    """The age of the video does not matter."""
    video = await world.upload_and_process()
    world.clock.advance(KEY_LIFETIME_S + 1)
    await world.application.transcripts.regenerate(ADA, video.id, None, key="again-1")
    await world.application.clean_up.run_all(is_confirmed=True)
    assert (await world.application.transcripts.regenerate(ADA, video.id, None, key="again-1")).is_replay


async def test_concurrent_requests_with_one_key_all_succeed(world: World) -> None:
    """One of them creates the run; the others find it open, look up the key again, and return the video."""
    video = await world.upload_and_process()
    ask = world.application.transcripts.regenerate
    async with world.database.write():  # Until this transaction ends, none of the five sees another.
        asking = [asyncio.create_task(ask(ADA, video.id, None, key="again-1")) for _ in range(5)]
        await world.advance(0.0)
    answers = await asyncio.gather(*asking)
    assert sorted(answer.is_replay for answer in answers) == [False, True, True, True, True]
    assert len(await world.jobs(video.id, JobKind.RETRANSCRIBE)) == 1


@pytest.mark.parametrize("at", ["transcribe", "extract_audio"])
async def test_a_retry_continues_only_the_latest_run(world: World, at: str) -> None:
    """Two runs have failed; the result of the first would be from the old hints."""
    world.transcriber.fail(BROKEN, times=1 if at == "extract_audio" else 2)
    video = await world.upload_and_process()
    if at == "extract_audio":
        world.transcoder.fail("extract_audio", CompressionFailed("The sound is broken."), times=1)
    await request_transcript(world, video, GERMAN)
    await world.run_jobs()
    assert (await world.video(video.id)).status is VideoStatus.FAILED
    calls = world.transcriber.calls
    await world.application.retry_video(ADA, video.id)
    await world.run_jobs()
    assert (await world.video(video.id)).status is VideoStatus.COMPLETED
    assert world.transcriber.hints[calls:] == [GERMAN]


async def test_a_late_erase_job_keeps_the_track_of_a_new_run(world: World) -> None:
    """The erase job from the publication runs a day later, while a new speech track waits for transcription."""
    video = await world.upload_and_process()
    await request_transcript(world, video)
    await world.application.run_job(world.queue.sent.pop(0).id)
    (track,) = [key for key in world.keys if "audio" in key]
    world.queue.sent.clear()
    world.clock.advance(2 * 24 * 3600)
    async with world.database.read() as work:
        late = [job for job in await work.jobs.of_video(video.id) if job.kind is JobKind.ERASE]
    for job in late:
        await world.application.run_job(job.id)
    assert track in world.keys


async def test_a_new_run_has_the_same_cost_limit_as_the_first(limited_world: World) -> None:
    """Audio beyond the limit is not transcribed, and the old transcript stays."""
    video = await limited_world.upload_and_process()
    before = await text_of(limited_world, video)
    assert video.publication is not None
    limited_world.objects.objects[video.publication.main.key] = fake_video_bytes(duration_s=300.0)
    calls = limited_world.transcriber.calls
    await request_transcript(limited_world, video)
    await limited_world.run_jobs()
    current = await limited_world.video(video.id)
    assert (current.status, current.stage(StageName.TRANSCRIBE).state) == (VideoStatus.COMPLETED, StageState.SKIPPED)
    assert [warning.code for warning in current.warnings] == [WarningCode.TRANSCRIPTION_TOO_LONG]
    assert (await text_of(limited_world, video), limited_world.transcriber.calls) == (before, calls)


async def test_deleting_the_video_ends_a_new_run(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The speech track that was just stored is erased."""
    video = await world.upload_and_process()
    upload = world.objects.upload

    async def delete_during_upload(
        source: Path, key: ObjectKey, *, content_type: str, on_progress: OnProgress
    ) -> ObjectInfo:
        info = await upload(source, key, content_type=content_type, on_progress=on_progress)
        await world.application.delete_video(ADA, video.id)
        return info

    monkeypatch.setattr(world.objects, "upload", delete_during_upload)
    await request_transcript(world, video)
    outcome = await world.application.run_job(world.queue.sent.pop(0).id)
    assert outcome.result is JobResult.LEASE_LOST
    await world.run_jobs()
    assert world.keys == set()


async def test_concurrent_requests_create_one_run(world: World) -> None:
    """The lock on the row decides which one comes first."""
    video = await world.upload_and_process()
    answers = await asyncio.gather(*(request_transcript(world, video) for _ in range(5)), return_exceptions=True)
    assert len([answer for answer in answers if isinstance(answer, Video)]) == 1
    assert len(await world.jobs(video.id, JobKind.RETRANSCRIBE)) == 1
