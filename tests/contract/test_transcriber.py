"""The contract of every transcriber, local or over HTTP."""

import asyncio
import threading
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from domain.model.errors import Rejected, Unavailable
from domain.model.transcripts.hints import SpeechHints
from tests.contract.sound_fixtures import write_silence, write_speech
from tests.contract.transcriber_fixtures import OPENINGS, TIMEOUT_S, WITH_EXTERNAL_SERVICE, Subject

pytestmark = pytest.mark.anyio

SENTENCE = "The quick brown fox jumps over the lazy dog."


@pytest.fixture(scope="session")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A chunk with the spoken sentence."""
    return write_speech(tmp_path_factory.mktemp("speech") / "speech.wav", SENTENCE)


@pytest.fixture(params=OPENINGS)
async def subject(request: pytest.FixtureRequest) -> AsyncGenerator[Subject]:
    """Each transcriber in turn; no thread and no task may be left."""
    threads_before, tasks_before = _own_threads(), len(asyncio.all_tasks())
    async with OPENINGS[str(request.param)]() as opened:
        yield opened
    assert _own_threads() == threads_before
    assert len(asyncio.all_tasks()) == tasks_before


@pytest.fixture(params=WITH_EXTERNAL_SERVICE)
async def breakable(request: pytest.FixtureRequest) -> AsyncGenerator[Subject]:
    """Each transcriber that depends on an external service."""
    async with WITH_EXTERNAL_SERVICE[str(request.param)]() as opened:
        yield opened


async def test_speech_gives_its_words(subject: Subject, speech: Path) -> None:
    """The text is what was said."""
    transcript = await subject.transcriber.transcribe(speech)

    assert "quick brown fox jumps over the lazy dog" in transcript.text.lower()
    assert transcript.language in {None, "en"}


async def test_segments_lie_in_order_within_the_chunk(subject: Subject, speech: Path) -> None:
    """Segments, if there are any, contain the whole text, in seconds of the chunk."""
    transcript = await subject.transcriber.transcribe(speech)

    times = [moment for segment in transcript.segments for moment in (segment.start_s, segment.end_s)]
    assert times == sorted(times)
    assert all(0 <= moment <= 4 for moment in times)
    if transcript.segments:
        assert " ".join(segment.text for segment in transcript.segments) == transcript.text


async def test_every_transcriber_accepts_hints(subject: Subject, speech: Path) -> None:
    """They help recognition, and add no words that were not said."""
    transcript = await subject.transcriber.transcribe(speech, SpeechHints("en", ("Telecine", "Ada Lovelace")))

    assert "quick brown fox jumps over the lazy dog" in transcript.text.lower()
    assert "telecine" not in transcript.text.lower()


async def test_languages_are_detected_or_unknown(subject: Subject, speech: Path) -> None:
    """Without a detection the language of each chunk is unknown until it is transcribed."""
    probabilities = await subject.transcriber.detect_language(speech)

    assert all(len(code) == 2 and 0.0 < probability <= 1.0 for code, probability in probabilities.items())
    assert sum(probabilities.values()) <= 1.0 + 1e-6
    if probabilities:
        assert max(probabilities, key=probabilities.__getitem__) == "en"


async def test_an_empty_chunk_has_no_language(subject: Subject, tmp_path: Path) -> None:
    """It is no error."""
    assert await subject.transcriber.detect_language(write_silence(tmp_path / "empty.wav", duration_s=0)) == {}


@pytest.mark.parametrize("duration_s", [0, 1, 15, 30])
async def test_silence_gives_an_empty_text(subject: Subject, tmp_path: Path, duration_s: int) -> None:
    """No words are invented."""
    silence = write_silence(tmp_path / "silence.wav", duration_s=duration_s)

    transcript = await subject.transcriber.transcribe(silence)

    assert (transcript.text, transcript.segments) == ("", ())


async def test_a_repeated_call_returns_the_same(subject: Subject, speech: Path) -> None:
    """Nothing is carried over from chunk to chunk, and the result is not random."""
    assert await subject.transcriber.transcribe(speech) == await subject.transcriber.transcribe(speech)


async def test_an_absent_chunk_is_retryable(subject: Subject, tmp_path: Path) -> None:
    """A chunk that cannot be read is a failure of the disk, not of the audio."""
    with pytest.raises(Unavailable) as caught:
        await subject.transcriber.transcribe(tmp_path / "absent.wav")

    assert (caught.value.code, caught.value.retryable) == ("chunk_unreadable", True)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"<!doctype html><title>No sound</title>" * 100])
async def test_a_chunk_that_is_no_wav_is_rejected(subject: Subject, tmp_path: Path, content: bytes) -> None:
    """A chunk that cannot be decoded is never sent again."""
    chunk = tmp_path / "chunk.wav"
    chunk.write_bytes(content)

    with pytest.raises(Rejected) as caught:
        await subject.transcriber.transcribe(chunk)

    assert caught.value.code == "transcription_rejected"


async def test_a_cancelled_call_ends_at_once(subject: Subject, speech: Path) -> None:
    """The caller does not wait for the result."""
    subject.hang()
    call = asyncio.create_task(subject.transcriber.transcribe(speech))
    await subject.wait_until_hanging()

    call.cancel()

    async with asyncio.timeout(TIMEOUT_S):
        with pytest.raises(asyncio.CancelledError):
            await call


async def test_an_overloaded_transcriber_says_when_to_ask_again(breakable: Subject, speech: Path) -> None:
    """The error is retryable and has the time that the server names."""
    breakable.break_by("overloaded")

    with pytest.raises(Unavailable) as caught:
        await breakable.transcriber.transcribe(speech)

    assert (caught.value.retryable, caught.value.retry_after_s) == (True, 30.0)


@pytest.mark.parametrize(
    ("fault", "code"), [("unauthorized", "transcriber_unauthorized"), ("out_of_quota", "insufficient_quota")]
)
async def test_errors_for_the_operator_are_not_retryable(
    breakable: Subject, speech: Path, fault: str, code: str
) -> None:
    """Wrong credentials and a used-up quota are not retryable."""
    breakable.break_by(fault)

    with pytest.raises(Unavailable) as caught:
        await breakable.transcriber.transcribe(speech)

    assert (caught.value.code, caught.value.retryable) == (code, False)


async def test_a_failed_call_does_not_affect_the_next(breakable: Subject, speech: Path) -> None:
    """The next call succeeds once the service works again."""
    breakable.break_by("overloaded")
    with pytest.raises(Unavailable):
        await breakable.transcriber.transcribe(speech)

    assert (await breakable.transcriber.transcribe(speech)).text == SENTENCE


def _own_threads() -> set[threading.Thread]:
    """All threads except the event loop's pool, which lives as long as the loop, and daemon threads of libraries."""
    return {thread for thread in threading.enumerate() if not (thread.daemon or thread.name.startswith("asyncio_"))}
