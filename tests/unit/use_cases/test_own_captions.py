"""Captions of the owner's own."""

import asyncio

import pytest

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.cues import Cue
from domain.model.errors import CompressionFailed, Conflict, Rejected, TranscriptNotFound, Unavailable, VideoNotFound
from domain.model.failure import WarningCode
from domain.model.identity import UserId
from domain.model.job import JobKind
from domain.model.lifecycle import VideoStatus
from domain.model.stage import StageName, StageState
from domain.model.transcript import Transcript, TranscriptOrigin
from domain.model.video import Video
from domain.use_cases.save_transcript import SaveTranscript
from entrypoints.bootstrap.use_cases.wire import wire
from entrypoints.config.settings import Settings
from tests.builders import a_transcript
from tests.world import ADA, World

pytestmark = pytest.mark.anyio

OWN = b"WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nMine.\n\n00:00:03.000 --> 00:00:04.000\nAll mine.\n"
BROKEN = Rejected("No.")
LONG = fake_video_bytes(duration_s=40.0, silences=((7.0, 8.0), (15.0, 16.0), (23.0, 24.0), (31.0, 32.0), (39.0, 40.0)))


async def given(world: World, video: Video, content: bytes = OWN, language: str | None = "de") -> Video:
    """The video once its owner has given captions."""
    return await world.application.transcripts.replace(ADA, video.id, content, language=language)


async def transcript_of(world: World, video: Video) -> Transcript:
    """What is served."""
    return await world.application.get_transcript(ADA, video.id)


async def has_own(world: World, video: Video) -> bool:
    """Whether the owner's captions are what is served."""
    transcript = await transcript_of(world, video)
    return (transcript.origin, transcript.text) == (TranscriptOrigin.UPLOADED, "Mine. All mine.")


def ended(video: Video) -> tuple[VideoStatus, StageState]:
    """How the video stands, and its transcription."""
    return video.status, video.stage(StageName.TRANSCRIBE).state


async def test_own_captions_take_the_place_of_generated_ones(world: World) -> None:
    """With their own times; the work is done as before."""
    video = await world.processed()
    assert ended(await given(world, video)) == (VideoStatus.COMPLETED, StageState.DONE)
    transcript = await transcript_of(world, video)
    assert (transcript.language, transcript.text, transcript.origin) == ("de", "Mine. All mine.", "uploaded")
    assert [(cue.start_s, cue.end_s) for cue in transcript.cues] == [(1.0, 2.5), (3.0, 4.0)]


async def test_captions_may_come_before_the_video_is_worked_on(world: World) -> None:
    """Nobody is asked what is said."""
    video = await world.upload()
    assert ended(await given(world, video)) == (VideoStatus.UPLOADED, StageState.SKIPPED)
    await world.run_jobs()
    assert ended(await world.video(video.id)) == (VideoStatus.COMPLETED, StageState.SKIPPED)
    assert await has_own(world, video)
    assert world.transcriber.calls == 0


async def test_captions_may_come_while_a_transcription_waits(world: World) -> None:
    """The video is completed at once; the job finds that nothing is left to do, and its track goes."""
    video = await world.upload()
    await world.application.run_job(world.queue.sent.pop(0).id)
    assert ended(await given(world, video)) == (VideoStatus.COMPLETED, StageState.SKIPPED)
    await world.run_jobs()
    assert ended(await world.video(video.id)) == (VideoStatus.COMPLETED, StageState.SKIPPED)
    assert (world.transcriber.calls, await has_own(world, video)) == (0, True)
    assert not [key for key in world.keys if "audio" in key]


async def test_captions_end_a_transcription_that_runs(world: World) -> None:
    """The chunk that is being heard is the last that is paid for, and what was heard is dropped."""
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


async def test_captions_given_at_the_very_end_stay(world: World) -> None:
    """The last chunk was heard and kept: the transcript that is whole gives way."""
    video = await world.upload()
    await given(world, video)
    async with world.database.write() as work:
        await SaveTranscript(world.clock)(work, video.id, a_transcript(video_id=video.id))
    assert await has_own(world, video)
    assert ended(await world.video(video.id)) == (VideoStatus.UPLOADED, StageState.SKIPPED)


async def test_a_silent_video_keeps_its_captions(world: World) -> None:
    """An empty transcript is one, too, and gives way: somebody may caption what is not said."""
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


async def test_captions_complete_a_video_that_could_not_be_transcribed(world: World) -> None:
    """Its failure is over, and what a retry would have used goes: the track, and the chunks that were heard."""
    world.transcriber.fail(BROKEN, after=2)
    video = await world.processed(LONG)
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


async def test_captions_given_before_the_last_attempt_fails_are_no_failure(world: World) -> None:
    """Nobody waits for what the job was to do."""
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


async def test_captions_given_while_a_track_breaks_are_no_failure(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sound that can't be decoded is nobody's loss then."""
    video = await world.upload()

    async def captions_first(*_: object, **__: object) -> None:
        await given(world, video)
        raise CompressionFailed("The sound is broken.")

    monkeypatch.setattr(world.transcoder, "extract_audio", captions_first)
    await world.run_jobs()
    assert ended(await world.video(video.id)) == (VideoStatus.COMPLETED, StageState.SKIPPED)


async def test_captions_need_no_transcriber(deaf_world: World) -> None:
    """And take its warning back."""
    video = await deaf_world.processed()
    assert [warning.code for warning in video.warnings] == [WarningCode.TRANSCRIPTION_DISABLED]
    assert (await given(deaf_world, video)).warnings == ()
    assert await has_own(deaf_world, video)


async def test_a_new_run_leaves_own_captions_alone(world: World) -> None:
    """It is refused as long as they are there; deleted, they are in nobody's way."""
    video = await world.processed()
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


async def test_captions_given_during_a_new_run_stay(world: World) -> None:
    """The run ends without a word."""
    video = await world.processed()
    await world.application.transcripts.regenerate(ADA, video.id, None)
    await given(world, video)
    calls = world.transcriber.calls
    await world.run_jobs()
    assert ended(await world.video(video.id)) == (VideoStatus.COMPLETED, StageState.SKIPPED)
    assert (world.transcriber.calls, await has_own(world, video)) == (calls, True)


async def test_captions_taken_back_leave_a_waiting_run_to_its_work(world: World) -> None:
    """It has not noticed; and nobody may ask for a second one meanwhile."""
    video = await world.upload()
    await world.application.run_job(world.queue.sent.pop(0).id)
    await given(world, video)
    await world.application.transcripts.remove(ADA, video.id)
    with pytest.raises(Conflict) as refused:
        await world.application.transcripts.regenerate(ADA, video.id, None)
    assert refused.value.code == "transcription_in_progress"
    await world.run_jobs()
    assert ended(await world.video(video.id)) == (VideoStatus.COMPLETED, StageState.DONE)
    assert (await transcript_of(world, video)).origin is TranscriptOrigin.GENERATED


async def test_generated_captions_are_not_deleted(world: World) -> None:
    """They can only be replaced."""
    video = await world.processed()
    with pytest.raises(Conflict) as refused:
        await world.application.transcripts.remove(ADA, video.id)
    assert refused.value.code == "generated_captions"


async def test_without_captions_there_is_nothing_to_delete(world: World) -> None:
    """Nor to see."""
    video = await world.upload()
    with pytest.raises(TranscriptNotFound):
        await world.application.transcripts.remove(ADA, video.id)


@pytest.mark.parametrize(
    ("content", "language", "code"), [(b"PK\x03\x04", None, "invalid_captions"), (OWN, "deu", "invalid_language")]
)
async def test_what_are_no_captions_changes_nothing(
    world: World, content: bytes, language: str | None, code: str
) -> None:
    """The transcript before stays."""
    video = await world.processed()
    with pytest.raises(Rejected) as refused:
        await given(world, video, content, language)
    assert refused.value.code == code
    assert (await transcript_of(world, video)).origin is TranscriptOrigin.GENERATED


async def test_captions_need_an_uploaded_video(world: World) -> None:
    """Before there is nothing that they could be of; afterwards, when the upload was given up, neither."""
    video = await world.grant(b"content")
    for code in ("invalid_transition", "upload_closed"):
        with pytest.raises(Conflict) as refused:
            await given(world, video)
        assert refused.value.code == code
        await world.application.uploads.fail(ADA, video.id)


async def test_a_video_of_somebody_else_is_unknown(world: World) -> None:
    """Its captions can neither be given nor deleted."""
    video = await world.processed()
    with pytest.raises(VideoNotFound):
        await world.application.transcripts.replace(UserId("bob"), video.id, OWN, language=None)
    with pytest.raises(VideoNotFound):
        await world.application.transcripts.remove(UserId("bob"), video.id)
    assert (await transcript_of(world, video)).cues != (Cue(1.0, 2.5, "Mine."),)
