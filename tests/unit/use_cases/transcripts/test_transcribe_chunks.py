"""Transcribing chunks: concurrency, saved results, cost limits and hints."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.errors import Rejected, TelecineError, Unavailable, UnreadableResponse
from domain.model.failure import WarningCode
from domain.model.jobs.job import Job
from domain.model.jobs.payloads import JobKind
from domain.model.media.media_info import MediaInfo
from domain.model.stage import StageName, StageState
from domain.model.transcripts.hints import SpeechHints
from domain.model.transcripts.speech_intervals import Interval
from domain.model.transcripts.transcript import ChunkTranscript
from domain.model.uploads.policy import UploadDeclaration
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video
from domain.use_cases.jobs.run_job import JobOutcome, JobResult
from entrypoints.config.settings import Settings
from entrypoints.config.transcription import TranscriptionSettings
from tests.support.world import ADA, World, open_world, until

pytestmark = pytest.mark.anyio

# 100 s with a pause every 10 s: ten chunks of about 9 s.
PAUSES = tuple((10.0 * number - 1.0, 10.0 * number) for number in range(1, 11))
TEN_CHUNKS = fake_video_bytes(duration_s=100.0, silences=PAUSES)
UNREADABLE = UnreadableResponse("What?")


@pytest.fixture
async def concurrent_world(tmp_path: Path) -> AsyncGenerator[World]:
    """A world that transcribes four chunks at once, and at most two minutes per video."""
    settings = Settings(transcription=TranscriptionSettings(transcription_concurrency=4, max_transcription_minutes=2))
    async with open_world(tmp_path, settings=settings) as opened:
        yield opened


async def waiting_transcription(world: World, content: bytes = TEN_CHUNKS) -> tuple[Video, Job]:
    """A published video with its queued transcription job."""
    video = await world.upload(content)
    (process,) = await world.jobs(video.id, JobKind.PROCESS)
    await world.application.run_job(process.id)
    (job,) = await world.jobs(video.id, JobKind.TRANSCRIBE)
    return video, job


@pytest.mark.parametrize("videos", [1, 2])
async def test_the_number_of_concurrent_chunks_is_limited(concurrent_world: World, videos: int) -> None:
    """The limit applies to the whole process, across videos; each transcript is in order all the same."""
    transcriptions = [await waiting_transcription(concurrent_world) for _ in range(videos)]
    concurrent_world.transcriber.hang()
    running = [asyncio.create_task(concurrent_world.application.run_job(job.id)) for _, job in transcriptions]
    await until(lambda: concurrent_world.transcriber.calls >= 4)
    await concurrent_world.advance(0.0)
    concurrent_world.transcriber.resume()
    await asyncio.gather(*running)
    assert (concurrent_world.transcriber.max_concurrency, concurrent_world.transcriber.calls) == (4, 10 * videos)
    for video, _ in transcriptions:
        assert (await concurrent_world.application.get_transcript(ADA, video.id)).text.count("fox") == 10


async def test_by_default_chunks_are_transcribed_one_at_a_time(world: World) -> None:
    """A local model uses all processors for one chunk."""
    _, job = await waiting_transcription(world)
    await world.application.run_job(job.id)
    assert (world.transcriber.max_concurrency, world.transcriber.calls) == (1, 10)


async def kept(world: World, job: Job) -> dict[int, ChunkTranscript]:
    """The saved chunks of the job."""
    async with world.database.read() as work:
        return await work.transcripts.chunks(job.id)


async def failing(world: World) -> tuple[Video, Job, asyncio.Task[JobOutcome]]:
    """A transcription with one failed call and three calls in progress."""
    world.transcriber.fail(Unavailable("Busy."), times=1, after=3)
    world.transcriber.hang()
    video, job = await waiting_transcription(world)
    running = asyncio.create_task(world.application.run_job(job.id))
    await until(lambda: world.transcriber.calls == 4)
    await world.advance(0.0)
    return video, job, running


async def test_no_chunk_is_sent_after_a_failure(concurrent_world: World) -> None:
    """Calls in progress are already paid for: their results are saved, and the next attempt does not repeat them."""
    _, job, running = await failing(concurrent_world)
    assert not running.done()
    concurrent_world.transcriber.resume()
    assert (await running).result is JobResult.RESCHEDULED
    assert (len(await kept(concurrent_world, job)), concurrent_world.transcriber.calls) == (3, 4)
    concurrent_world.clock.advance(6)
    await concurrent_world.application.run_job(job.id)
    assert concurrent_world.transcriber.calls == 4 + 7


async def test_calls_in_progress_have_the_usual_timeout(concurrent_world: World) -> None:
    """After the timeout the calls are abandoned."""
    _, job, running = await failing(concurrent_world)
    await concurrent_world.advance(TranscriptionSettings().transcription_timeout_seconds - 1)
    assert not running.done()
    concurrent_world.clock.advance(1)
    assert (await running).result is JobResult.RESCHEDULED
    assert (await kept(concurrent_world, job), concurrent_world.transcriber.is_hanging.is_set()) == ({}, False)


async def test_a_stopping_worker_does_not_wait_for_calls_in_progress(concurrent_world: World) -> None:
    """It has seconds to stop, and a call may take minutes."""
    _, _, running = await failing(concurrent_world)
    await concurrent_world.application.run_job.drain()
    assert (await running).result is JobResult.RELEASED
    assert not concurrent_world.transcriber.is_hanging.is_set()


async def test_a_lost_lease_saves_no_result(concurrent_world: World) -> None:
    """Another worker may have the job; here the video was deleted."""
    video, job, running = await failing(concurrent_world)
    await concurrent_world.application.delete_video(ADA, video.id)
    concurrent_world.transcriber.resume()
    assert (await running).result is JobResult.LEASE_LOST
    assert await kept(concurrent_world, job) == {}


@pytest.mark.parametrize(("last", "result"), [(UNREADABLE, JobResult.RESCHEDULED), (Rejected("No."), JobResult.BURIED)])
async def test_the_most_serious_failure_decides(
    concurrent_world: World, monkeypatch: pytest.MonkeyPatch, last: TelecineError, result: JobResult
) -> None:
    """It decides even if it comes last; after a failure no unreadable answer is requested again."""
    one_has_failed, sent = asyncio.Event(), list[Path]()

    async def transcribe(chunk: Path, _hints: SpeechHints) -> ChunkTranscript:
        sent.append(chunk)
        if len(sent) == 4:
            one_has_failed.set()
            raise Unavailable("Busy.")
        await one_has_failed.wait()
        await concurrent_world.advance(0.0)
        raise last

    monkeypatch.setattr(concurrent_world.transcriber, "transcribe", transcribe)
    _, job = await waiting_transcription(concurrent_world)
    assert (await concurrent_world.application.run_job(job.id)).result is result
    assert len(sent) == 4
    assert not any(chunk.is_transcribed for chunk in (await kept(concurrent_world, job)).values())


async def test_an_unreadable_answer_is_requested_again_at_once(concurrent_world: World) -> None:
    """One unreadable answer does not end the attempt."""
    concurrent_world.transcriber.fail(UNREADABLE, times=1, after=5)
    video, job = await waiting_transcription(concurrent_world)
    assert (await concurrent_world.application.run_job(job.id)).result is JobResult.DONE
    assert concurrent_world.transcriber.calls == 11
    assert (await concurrent_world.application.get_transcript(ADA, video.id)).text.count("fox") == 10


async def test_the_third_unreadable_answer_is_the_last(world: World) -> None:
    """Each may cost money; the count includes earlier attempts, and survives a retry."""
    world.transcriber.fail(UNREADABLE)
    video, job = await waiting_transcription(world, fake_video_bytes())
    assert (await world.application.run_job(job.id)).result is JobResult.RESCHEDULED
    assert world.transcriber.calls == 2
    world.clock.advance(6)
    outcome = await world.application.run_job(job.id)
    assert (outcome.result, world.transcriber.calls) == (JobResult.BURIED, 3)
    assert isinstance(outcome.error, UnreadableResponse)
    await world.application.retry_video(ADA, video.id)
    assert (await world.application.run_job(job.id)).result is JobResult.BURIED
    assert world.transcriber.calls == 4


async def test_a_cancelled_job_leaves_no_call_behind(concurrent_world: World) -> None:
    """A stopping worker releases the job, and abandons its calls."""
    concurrent_world.transcriber.hang()
    _, job = await waiting_transcription(concurrent_world)
    running = asyncio.create_task(concurrent_world.application.run_job(job.id))
    await until(lambda: concurrent_world.transcriber.calls == 4)
    await concurrent_world.application.run_job.drain()
    assert (await running).result is JobResult.RELEASED
    assert not concurrent_world.transcriber.is_hanging.is_set()


async def test_progress_is_measured_in_seconds_of_audio(concurrent_world: World) -> None:
    """Saved chunks count from the start."""
    video, job = await waiting_transcription(
        concurrent_world, fake_video_bytes(duration_s=60.0, silences=((9.0, 50.0),))
    )
    async with concurrent_world.database.write() as work:
        await work.transcripts.save_chunk(job.id, 0, ChunkTranscript("A fox."))
    concurrent_world.transcriber.hang()
    running = asyncio.create_task(concurrent_world.application.run_job(job.id))
    await concurrent_world.transcriber.is_hanging.wait()
    await concurrent_world.advance(1.0)
    assert 40 < (await concurrent_world.video(video.id)).stage(StageName.TRANSCRIBE).percent < 60
    await concurrent_world.application.run_job.drain()
    await running


async def test_a_fully_transcribed_video_is_not_paid_for_again(
    concurrent_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a worker is lost between last chunk and transcript, another needs no call and no download."""
    video, job = await waiting_transcription(concurrent_world)
    handle = concurrent_world.application.run_job.handlers.of(job)
    async with concurrent_world.database.write() as work:
        claimed = await work.jobs.claim(job.id, lease_s=60)
        for index in range(10):
            await work.transcripts.save_chunk(job.id, index, ChunkTranscript("A fox."))
    monkeypatch.setattr(concurrent_world.objects, "download", None)
    await handle(claimed)
    assert concurrent_world.transcriber.calls == 0
    assert (await concurrent_world.application.get_transcript(ADA, video.id)).text.count("fox") == 10


async def test_audio_beyond_the_limit_is_not_transcribed(concurrent_world: World) -> None:
    """No call is made, the stage is skipped, and the video is completed with a warning."""
    video = await concurrent_world.upload_and_process(fake_video_bytes(duration_s=300.0, silences=((100.0, 160.0),)))
    assert (video.status, video.stage(StageName.TRANSCRIBE).state) == (VideoStatus.COMPLETED, StageState.SKIPPED)
    assert [warning.code for warning in video.warnings] == [WarningCode.TRANSCRIPTION_TOO_LONG]
    assert concurrent_world.transcriber.calls == 0
    assert not [key for key in concurrent_world.keys if "audio" in key]


async def test_own_captions_need_no_warning_about_the_limit(
    concurrent_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They were uploaded while the audio, which is too long, was measured."""
    extract = concurrent_world.transcoder.extract_audio
    video = await concurrent_world.upload(fake_video_bytes(duration_s=300.0))

    async def captions_first(source: Path, audio: Path, *, media: MediaInfo) -> tuple[Interval, ...]:
        own = b"WEBVTT\n\n00:01.000 --> 00:02.000\nMine.\n"
        await concurrent_world.application.transcripts.replace(ADA, video.id, own, language=None)
        return await extract(source, audio, media=media)

    monkeypatch.setattr(concurrent_world.transcoder, "extract_audio", captions_first)
    await concurrent_world.run_jobs()
    video = await concurrent_world.video(video.id)
    assert (video.status, video.stage(StageName.TRANSCRIBE).state) == (VideoStatus.COMPLETED, StageState.SKIPPED)
    assert (video.warnings, concurrent_world.transcriber.calls) == ((), 0)


async def test_silence_is_not_counted(concurrent_world: World) -> None:
    """Ten minutes with one minute of speech cost one minute."""
    video = await concurrent_world.upload_and_process(fake_video_bytes(duration_s=600.0, silences=((60.0, 600.0),)))
    assert (video.status, video.warnings) == (VideoStatus.COMPLETED, ())
    assert concurrent_world.transcriber.calls > 0


async def test_hints_come_from_the_upload_and_from_the_settings(tmp_path: Path) -> None:
    """The video's hints come first; its language is used for the transcript if the transcriber reports none."""
    settings = Settings(
        transcription=TranscriptionSettings(transcription_language="fr", transcription_keywords="R2, Dramatiq")
    )
    async with open_world(tmp_path, settings=settings) as world:
        world.transcriber.result = ChunkTranscript("Guten Tag.")
        declared = UploadDeclaration("clip.mp4", 4096, "", language="de")
        video = (await world.application.uploads.request(ADA, declared)).signed.video
        world.objects.objects[video.source.key] = fake_video_bytes()
        await world.application.uploads.complete(ADA, video.id)
        await world.run_jobs()
        assert world.transcriber.hints == [SpeechHints("de", ("R2", "Dramatiq"))]
        assert (await world.application.get_transcript(ADA, video.id)).language == "de"


async def test_the_detected_language_overrides_the_hint(concurrent_world: World) -> None:
    """A hint may be wrong."""
    declared = UploadDeclaration("clip.mp4", 4096, "", language="de")
    video = (await concurrent_world.application.uploads.request(ADA, declared)).signed.video
    concurrent_world.objects.objects[video.source.key] = fake_video_bytes()
    await concurrent_world.application.uploads.complete(ADA, video.id)
    await concurrent_world.run_jobs()
    assert (await concurrent_world.application.get_transcript(ADA, video.id)).language == "en"
