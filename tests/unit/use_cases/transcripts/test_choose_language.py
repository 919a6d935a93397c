"""One language for all chunks of a video, over fakes."""

import pytest

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.errors import Rejected, Unavailable
from domain.model.failure import WarningCode
from domain.model.jobs.payloads import JobKind
from domain.model.transcripts.hints import SpeechHints
from domain.model.transcripts.transcript import ChunkTranscript, Confidence
from domain.model.uploads.policy import UploadDeclaration
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio

# 100 s with a pause every 10 s: ten chunks of about 9 s.
PAUSES = tuple((10.0 * number - 1.0, 10.0 * number) for number in range(1, 11))


def ten_chunks(language: str | None = None) -> bytes:
    """A video whose audio has this tag."""
    return fake_video_bytes(duration_s=100.0, silences=PAUSES, language=language)


def languages(world: World) -> list[str | None]:
    """The language that was requested for each chunk."""
    return [hints.language for hints in world.transcriber.hints]


async def test_the_language_of_several_chunks_is_held_for_all(world: World) -> None:
    """Four chunks are sure, one guesses otherwise."""
    world.transcriber.languages = [{"nn": 0.6, "de": 0.3}, {"de": 0.9, "nl": 0.1}]
    await world.upload(ten_chunks())
    await world.run_jobs()
    assert (languages(world), world.transcriber.detections) == (["de"] * 10, 5)


async def test_a_transcriber_that_detects_nothing_is_asked_once(world: World) -> None:
    """It detects the language of each chunk itself, if it can."""
    await world.upload(ten_chunks())
    await world.run_jobs()
    assert (languages(world), world.transcriber.detections) == ([None] * 10, 1)


@pytest.mark.parametrize(
    ("detected", "held"), [({"en": 0.5, "de": 0.3}, "de"), ({"en": 0.97, "de": 0.01}, "en"), ({}, "de")]
)
async def test_the_containers_tag_is_advice(world: World, detected: dict[str, float], held: str) -> None:
    """It holds unless another language is clearly heard."""
    world.transcriber.languages = [detected]
    await world.upload(ten_chunks("ger"))
    await world.run_jobs()
    assert set(languages(world)) == {held}


async def test_the_clients_language_needs_no_detection(world: World) -> None:
    """It counts more than the container's."""
    world.transcriber.languages = [{"en": 1.0}]
    await uploaded_with(world, "fr")
    await world.run_jobs()
    assert (set(languages(world)), world.transcriber.detections) == ({"fr"}, 0)


async def test_a_retry_keeps_the_language_and_detects_nothing(world: World) -> None:
    """The first chunks are already in German."""
    world.transcriber.languages = [{"de": 0.9}]
    world.transcriber.fail(Unavailable("Busy."), times=1, after=3)
    video = await world.upload(ten_chunks())
    await world.run_jobs()
    world.transcriber.languages = [{"en": 0.9}]
    world.clock.advance(60)
    (job,) = await world.jobs(video.id, JobKind.TRANSCRIBE)
    await world.application.run_job(job.id)
    await world.run_jobs()
    assert (world.transcriber.detections, languages(world)) == (5, ["de"] * 11)
    assert (await world.video(video.id)).status is VideoStatus.COMPLETED


async def test_speech_that_is_not_recognised_has_no_captions(world: World) -> None:
    """The video is completed, with a warning; a new transcript clears it."""
    world.transcriber.result = ChunkTranscript("We will see you soon.", language="en", confidence=Confidence(-1.2, 0.5))
    video = await world.upload(ten_chunks())
    await world.run_jobs()
    video = await world.video(video.id)
    transcript = await world.application.get_transcript(ADA, video.id)
    assert (video.status, transcript.text, transcript.cues) == (VideoStatus.COMPLETED, "", ())
    assert [warning.code for warning in video.warnings] == [WarningCode.SPEECH_NOT_RECOGNISED]
    assert transcript.language is None

    world.transcriber.result = ChunkTranscript("Guten Tag.", language="de", confidence=Confidence(-0.3, 0.1))
    await world.application.transcripts.regenerate(ADA, video.id, SpeechHints("de"))
    await world.run_jobs()
    assert (await world.video(video.id)).warnings == ()
    assert (await world.application.get_transcript(ADA, video.id)).language == "de"


async def test_a_language_that_the_transcriber_does_not_know_is_a_warning(world: World) -> None:
    """The client's language is right, so no other is tried."""
    world.transcriber.fail(Rejected("It does not know the language 'sw'.", code="language_unsupported"))
    video = await uploaded_with(world, "sw")
    await world.run_jobs()
    video = await world.video(video.id)
    assert video.status is VideoStatus.COMPLETED
    assert [(warning.code, warning.message) for warning in video.warnings] == [
        (WarningCode.SPEECH_NOT_RECOGNISED, "It does not know the language 'sw'.")
    ]
    assert (await world.application.get_transcript(ADA, video.id)).cues == ()


async def test_an_unknown_language_does_not_replace_an_earlier_transcript(world: World) -> None:
    """The new run fails, with a warning."""
    video = await world.upload(ten_chunks())
    await world.run_jobs()
    before = await world.application.get_transcript(ADA, video.id)
    world.transcriber.fail(Rejected("It does not know the language 'sw'.", code="language_unsupported"))
    await world.application.transcripts.regenerate(ADA, video.id, SpeechHints("sw"))
    await world.run_jobs()
    video = await world.video(video.id)
    assert video.status is VideoStatus.COMPLETED
    assert [warning.code for warning in video.warnings] == [WarningCode.TRANSCRIPTION_FAILED]
    assert await world.application.get_transcript(ADA, video.id) == before
    assert before.cues


async def test_a_chunk_that_is_rejected_still_fails(world: World) -> None:
    """Only an unknown language is a warning."""
    world.transcriber.fail(Rejected("No WAV.", code="transcription_rejected"))
    video = await world.upload(ten_chunks())
    await world.run_jobs()
    assert (await world.video(video.id)).status is VideoStatus.FAILED


async def uploaded_with(world: World, language: str) -> Video:
    """A video whose client names its language, and whose audio has another tag."""
    content = ten_chunks("ger")
    declared = UploadDeclaration("clip.mp4", len(content), "", language=language)
    video = (await world.application.uploads.request(ADA, declared)).signed.video
    world.objects.objects[video.source.key] = content
    return await world.application.uploads.complete(ADA, video.id)
