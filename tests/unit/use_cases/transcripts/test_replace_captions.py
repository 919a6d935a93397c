"""Replacing captions by those that the owner uploads."""

import asyncio

import pytest

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.errors import CompressionFailed, Conflict, Rejected, TranscriptNotFound, Unavailable, VideoNotFound
from domain.model.failure import WarningCode
from domain.model.ids import UserId
from domain.model.jobs.payloads import JobKind
from domain.model.stage import StageState
from domain.model.transcripts.cues import Cue
from domain.model.transcripts.transcript import TranscriptOrigin
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video
from domain.use_cases.transcripts.save_transcript import SaveTranscript
from entrypoints.bootstrap.use_cases.wire import wire
from entrypoints.config.settings import Settings
from tests.support.builders import a_transcript
from tests.support.captioning import OWN, ended, given, transcript_of
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio

BROKEN = Rejected("No.")
LONG = fake_video_bytes(duration_s=40.0, silences=((7.0, 8.0), (15.0, 16.0), (23.0, 24.0), (31.0, 32.0), (39.0, 40.0)))


async def has_own(world: World, video: Video) -> bool:
    """Whether the served transcript is the owner's captions."""
    transcript = await transcript_of(world, video)
    return (transcript.origin, transcript.text) == (TranscriptOrigin.UPLOADED, "Mine. All mine.")


async def test_own_captions_replace_generated_ones(world: World) -> None:
    """They keep their times; the video stays completed."""
    video = await world.upload_and_process()
    assert ended(await given(world, video)) == (VideoStatus.COMPLETED, StageState.DONE)
    transcript = await transcript_of(world, video)
    assert (transcript.language, transcript.text, transcript.origin) == ("de", "Mine. All mine.", "uploaded")
    assert [(cue.start_s, cue.end_s) for cue in transcript.cues] == [(1.0, 2.5), (3.0, 4.0)]


async def test_captions_can_be_uploaded_before_processing(world: World) -> None:
    """The transcriber is not called."""
    video = await world.upload()
    assert ended(await given(world, video)) == (VideoStatus.UPLOADED, StageState.SKIPPED)
    await world.run_jobs()
    assert ended(await world.video(video.id)) == (VideoStatus.COMPLETED, StageState.SKIPPED)
    assert await has_own(world, video)
    assert world.transcriber.calls == 0


async def test_captions_can_be_uploaded_while_a_transcription_waits(world: World) -> None:
    """The video is completed at once; the job finds nothing to do, and its speech track is erased."""
    video = await world.upload()
    await world.application.run_job(world.queue.sent.pop(0).id)
    assert ended(await given(world, video)) == (VideoStatus.COMPLETED, StageState.SKIPPED)
    await world.run_jobs()
    assert ended(await world.video(video.id)) == (VideoStatus.COMPLETED, StageState.SKIPPED)
    assert (world.transcriber.calls, await has_own(world, video)) == (0, True)
    assert not [key for key in world.keys if "audio" in key]


async def test_captions_end_a_running_transcription(world: World) -> None:
    """The chunk in progress is the last that is paid for, and the results are discarded."""
    world.transcriber.hang()
    video = await world.upload(LONG)
    await world.application.run_job(world.queue.sent.pop(0).id)
    running = asyncio.create_task(world.run_jobs())
    await world.transcriber.is_hanging.wait()
    await given(world, video)
    world.transcriber.resume()
    await running
    assert (world.transcriber.calls, await has_own(world, video)) == (1, True)
    assert ended(await world.video(video.id)) == (VideoStatus.COMPLETED, StageState.SKIPPED)
    (job,) = await world.jobs(video.id, JobKind.TRANSCRIBE)
    async with world.database.read() as work:
        assert await work.transcripts.chunks(job.id) == {}


async def test_captions_uploaded_before_the_transcript_is_saved_stay(world: World) -> None:
    """All chunks were transcribed, and the transcript is discarded."""
    video = await world.upload()
    await given(world, video)
    async with world.database.write() as work:
        await SaveTranscript(world.clock)(work, video.id, a_transcript(video_id=video.id))
    assert await has_own(world, video)
    assert ended(await world.video(video.id)) == (VideoStatus.UPLOADED, StageState.SKIPPED)


async def test_a_silent_video_keeps_its_captions(world: World) -> None:
    """They replace an empty transcript as well: captions may describe more than speech."""
    world.transcoder.hang("extract_audio")
    video = await world.upload(fake_video_bytes(silences=((0.0, 10.0),)))
    running = asyncio.create_task(world.application.run_job(world.queue.sent.pop(0).id))
    await world.transcoder.is_hanging.wait()
    await given(world, video)
    await world.application.run_job.drain()
    await running
    world.transcoder.resume("extract_audio")
    (process,) = await world.jobs(video.id, JobKind.PROCESS)
    await wire(world.adapters, Settings()).run_job(process.id)
    assert ended(await world.video(video.id)) == (VideoStatus.COMPLETED, StageState.SKIPPED)
    assert await has_own(world, video)


async def test_captions_complete_a_video_whose_transcription_failed(world: World) -> None:
    """The failure is removed, and with it what a retry would use: the speech track and the saved chunks."""
    world.transcriber.fail(BROKEN, after=2)
    video = await world.upload_and_process(LONG)
    assert video.status is VideoStatus.FAILED
    (dead,) = await world.jobs(video.id, JobKind.TRANSCRIBE)
    current = await given(world, video)
    assert (*ended(current), current.failure) == (VideoStatus.COMPLETED, StageState.SKIPPED, None)
    await world.application.sweep_jobs()
    await world.run_jobs()
    assert not [key for key in world.keys if "audio" in key]
    async with world.database.read() as work:
        assert await work.transcripts.chunks(dead.id) == {}
    with pytest.raises(Conflict, match="failed"):
        await world.application.retry_video(ADA, video.id)


async def test_captions_uploaded_before_the_last_attempt_fails_prevent_the_failure(world: World) -> None:
    """The transcript that the job failed to make is no longer needed."""
    world.transcriber.fail(Unavailable("Busy."), times=1)
    video = await world.upload()
    await world.run_jobs()
    (job,) = await world.jobs(video.id, JobKind.TRANSCRIBE)
    await given(world, video)
    world.clock.advance(6)
    async with world.database.write() as work:
        claimed = await work.jobs.claim(job.id, lease_s=60)
        await world.application.run_job.handlers.bury(work, claimed, BROKEN)
    current = await world.video(video.id)
    assert (*ended(current), current.failure) == (VideoStatus.COMPLETED, StageState.SKIPPED, None)
    await world.application.sweep_jobs()
    await world.run_jobs()
    assert not [key for key in world.keys if "audio" in key]


async def test_captions_uploaded_while_the_audio_fails_prevent_the_failure(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The audio that cannot be decoded is not needed then."""
    video = await world.upload()

    async def captions_first(*_: object, **__: object) -> None:
        await given(world, video)
        raise CompressionFailed("The sound is broken.")

    monkeypatch.setattr(world.transcoder, "extract_audio", captions_first)
    await world.run_jobs()
    assert ended(await world.video(video.id)) == (VideoStatus.COMPLETED, StageState.SKIPPED)


async def test_captions_need_no_transcriber(world_without_transcriber: World) -> None:
    """They also remove the warning that there is none."""
    video = await world_without_transcriber.upload_and_process()
    assert [warning.code for warning in video.warnings] == [WarningCode.TRANSCRIPTION_DISABLED]
    assert (await given(world_without_transcriber, video)).warnings == ()
    assert await has_own(world_without_transcriber, video)


async def test_own_captions_block_a_new_transcription(world: World) -> None:
    """The request is refused until they are deleted."""
    video = await world.upload_and_process()
    await given(world, video)
    with pytest.raises(Conflict) as refused:
        await world.application.transcripts.regenerate(ADA, video.id, None)
    assert refused.value.code == "own_captions"
    await world.application.transcripts.remove(ADA, video.id)
    with pytest.raises(TranscriptNotFound):
        await transcript_of(world, video)
    await world.application.transcripts.regenerate(ADA, video.id, None)
    await world.run_jobs()
    assert (await transcript_of(world, video)).origin is TranscriptOrigin.GENERATED


async def test_captions_uploaded_during_a_new_run_stay(world: World) -> None:
    """The run ends without a warning."""
    video = await world.upload_and_process()
    await world.application.transcripts.regenerate(ADA, video.id, None)
    await given(world, video)
    calls = world.transcriber.calls
    await world.run_jobs()
    assert ended(await world.video(video.id)) == (VideoStatus.COMPLETED, StageState.SKIPPED)
    assert (world.transcriber.calls, await has_own(world, video)) == (calls, True)


@pytest.mark.parametrize(
    ("content", "language", "code"), [(b"PK\x03\x04", None, "invalid_captions"), (OWN, "deu", "invalid_language")]
)
async def test_invalid_captions_change_nothing(world: World, content: bytes, language: str | None, code: str) -> None:
    """The earlier transcript stays."""
    video = await world.upload_and_process()
    with pytest.raises(Rejected) as refused:
        await given(world, video, content, language)
    assert refused.value.code == code
    assert (await transcript_of(world, video)).origin is TranscriptOrigin.GENERATED


async def test_captions_need_an_uploaded_video(world: World) -> None:
    """Without an upload, or after a closed one, there is no video to caption."""
    video = await world.request_upload(b"content")
    for code in ("invalid_transition", "upload_closed"):
        with pytest.raises(Conflict) as refused:
            await given(world, video)
        assert refused.value.code == code
        await world.application.uploads.report_failure(ADA, video.id)


async def test_a_video_of_another_user_is_not_found(world: World) -> None:
    """Its captions can be neither uploaded nor deleted."""
    video = await world.upload_and_process()
    with pytest.raises(VideoNotFound):
        await world.application.transcripts.replace(UserId("bob"), video.id, OWN, language=None)
    with pytest.raises(VideoNotFound):
        await world.application.transcripts.remove(UserId("bob"), video.id)
    assert (await transcript_of(world, video)).cues != (Cue(1.0, 2.5, "Mine."),)
