"""What a video shows when the transcription server misbehaves: jobs with the real client."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from adapters.fakes.clock import FakeClock
from adapters.openai.config import OpenAIConfig
from adapters.openai.transcriber import open_transcriber
from domain.model.jobs.job import JobState
from domain.model.jobs.payloads import JobKind
from domain.model.stage import StageName, StageState
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video
from domain.use_cases.transcripts.transcribe_chunks import MAX_UNREADABLE_RESPONSES
from entrypoints.bootstrap.use_cases.wire import wire
from entrypoints.config.jobs import JobSettings
from entrypoints.config.settings import Settings
from entrypoints.config.transcription import TranscriptionSettings
from tests.services.transcription_server import (
    HANG,
    SENTENCE,
    Answer,
    TranscriptionServer,
    in_json,
    refusal,
    running_transcription_server,
)
from tests.support.world import ADA, World, open_world

pytestmark = pytest.mark.anyio

TRIES = 3  # Requests per attempt.
ATTEMPTS = 4
EVERY_TIME = ATTEMPTS * TRIES
MAX_DELAY_S = 3600.0
HTML = Answer(b"<html><body>502 Bad Gateway</body></html>", 502, {"Content-Type": "text/html"})
NO_JSON = Answer(b"not JSON")
CUT = Answer(b'{"text": "cut', headers={"Content-Length": "500"})
PHRASE = "Thank you for watching."


@dataclass(frozen=True)
class TranscriptionWorld:
    """A world whose transcriber is the real client of a scripted server."""

    world: World
    server: TranscriptionServer

    async def processed(self) -> tuple[Video, int]:
        """Run all jobs of a video, with all back-offs; returns it and the transcription's number of attempts."""
        video = await self.world.upload()
        await self.world.run_jobs()
        (job,) = await self.world.jobs(video.id, JobKind.TRANSCRIBE)
        while (await self.world.job(job.id)).state is JobState.QUEUED:
            self.world.clock.advance(MAX_DELAY_S)
            await self.world.application.run_job(job.id)
        return await self.world.video(video.id), (await self.world.job(job.id)).attempt


@pytest.fixture
async def transcription(tmp_path: Path) -> AsyncGenerator[TranscriptionWorld]:
    """A short timeout: the server has two seconds to respond."""
    async with open_world(tmp_path) as world:
        with running_transcription_server() as server:
            config = OpenAIConfig(api_key="sk-made-up", base_url=server.base_url, timeout_s=2.0)
            async with open_transcriber(config, FakeClock(auto=True)) as transcriber:
                adapters = replace(world.adapters, transcriber=transcriber)
                settings = Settings(
                    transcription=TranscriptionSettings(transcriber="openai"), jobs=JobSettings(max_attempts=ATTEMPTS)
                )
                yield TranscriptionWorld(
                    replace(world, adapters=adapters, application=wire(adapters, settings)), server
                )


@pytest.mark.parametrize(
    ("answers", "attempts"),
    [
        pytest.param([refusal(429)], 1, id="too_many_requests_once"),
        pytest.param([refusal(429)] * TRIES, 2, id="too_many_requests"),
        pytest.param([refusal(429, headers={"Retry-After": "5"})], 1, id="come_back_soon"),
        pytest.param([refusal(429, headers={"Retry-After": "300"})], 2, id="come_back_later"),
        pytest.param([refusal(408), refusal(409), refusal(503)], 2, id="passing"),
        pytest.param([refusal(500)] * TRIES, 2, id="server_error"),
        pytest.param([HTML] * TRIES, 2, id="html_502"),
        pytest.param([HANG] * TRIES, 2, id="no_answer"),
        pytest.param([NO_JSON], 1, id="no_json_once"),
        pytest.param([NO_JSON] * 2, 2, id="no_json"),
    ],
)
async def test_a_transient_error_is_retried(
    transcription: TranscriptionWorld, answers: list[Answer], attempts: int
) -> None:
    """The video is completed with the whole transcript."""
    transcription.server.script.extend(answers)
    video, made = await transcription.processed()
    assert (video.status, video.failure, made) == (VideoStatus.COMPLETED, None, attempts)
    assert (await transcription.world.application.get_transcript(ADA, video.id)).text == SENTENCE


@pytest.mark.parametrize(
    ("answer", "calls", "reason"),
    [
        pytest.param(
            refusal(429, code="insufficient_quota"), 1, "The quota at the transcriber is used up.", id="quota"
        ),
        pytest.param(refusal(401), 1, "The transcriber rejected the credentials (401).", id="unauthorized"),
        pytest.param(refusal(413), 1, "The transcriber rejected this chunk (413).", id="too_large"),
        pytest.param(refusal(400), 1, "The transcriber rejected this chunk (400).", id="bad_request"),
        pytest.param(refusal(500), EVERY_TIME, "The transcriber is unavailable (500).", id="server_error"),
        pytest.param(HTML, EVERY_TIME, "The transcriber is unavailable (502).", id="html_502"),
        pytest.param(
            replace(HTML, status=200),
            MAX_UNREADABLE_RESPONSES,
            "The transcriber's response is not the requested JSON.",
            id="html_200",
        ),
        pytest.param(
            in_json({}),
            MAX_UNREADABLE_RESPONSES,
            "The transcriber's response is not the requested JSON.",
            id="no_text",
        ),
        pytest.param(CUT, MAX_UNREADABLE_RESPONSES, "The transcriber's response is incomplete.", id="cut"),
        pytest.param(
            in_json({"text": "x" * 5_000_000}),
            MAX_UNREADABLE_RESPONSES,
            "The transcriber's response is larger than 1 MiB.",
            id="too_much_text",
        ),
    ],
)
async def test_a_permanent_error_fails_only_the_transcription(
    transcription: TranscriptionWorld, answer: Answer, calls: int, reason: str
) -> None:
    """The video plays, and states why it has no captions; a permanent error is tried once."""
    transcription.server.script.extend([answer] * EVERY_TIME)
    video, _ = await transcription.processed()
    assert (video.status, video.playable) == (VideoStatus.FAILED, True)
    assert video.stage(StageName.TRANSCRIBE).state is StageState.FAILED
    assert video.failure is not None
    assert (video.failure.code, video.failure.stage) == ("transcription_failed", StageName.TRANSCRIBE)
    assert video.failure.message.endswith(reason)
    assert len(transcription.server.posted) == calls


async def test_answers_that_are_paid_for_are_counted_over_all_attempts(transcription: TranscriptionWorld) -> None:
    """An outage in between does not reset the count of unreadable responses."""
    in_turn = [NO_JSON, refusal(500), refusal(500), refusal(500)]
    transcription.server.script.extend(in_turn * ATTEMPTS)
    video, attempts = await transcription.processed()
    assert (video.status, attempts) == (VideoStatus.FAILED, 4)
    assert len(transcription.server.posted) == 2 * len(in_turn) + 1


async def test_the_same_phrase_a_thousand_times_is_no_thousand_captions(transcription: TranscriptionWorld) -> None:
    """A model can get stuck and repeat itself; the video is completed with a readable transcript."""
    transcription.server.script.append(in_json({"text": " ".join([PHRASE] * 1000)}))
    video, _ = await transcription.processed()
    assert video.status is VideoStatus.COMPLETED
    transcript = await transcription.world.application.get_transcript(ADA, video.id)
    assert transcript.text.count(PHRASE) < 20
    assert 0 < len(transcript.cues) < 20
    assert all(cue.end_s <= 10.0 for cue in transcript.cues)


async def test_retry_after_of_the_server_is_obeyed(transcription: TranscriptionWorld) -> None:
    """No worker is blocked during the wait."""
    transcription.server.script.append(refusal(429, headers={"Retry-After": "300"}))
    video = await transcription.world.upload()
    await transcription.world.run_jobs()
    (job,) = await transcription.world.jobs(video.id, JobKind.TRANSCRIBE)
    assert (job.run_after - transcription.world.clock.now()).total_seconds() == 300
    assert len(transcription.server.posted) == 1
