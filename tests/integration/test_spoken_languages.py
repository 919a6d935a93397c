"""The bundled models and real speech: words that were said, or none."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from adapters.ffmpeg.transcoder import FFmpegTranscoder
from adapters.whisper.config import WhisperConfig
from adapters.whisper.transcriber import WhisperTranscriber, load_engine
from domain.model.media.media_info import AudioTrack
from domain.model.transcripts.hints import NO_HINTS, SpeechHints
from domain.model.transcripts.recognition import doubt_about, recognised
from domain.model.transcripts.speech_intervals import AudioSpan, Interval
from domain.model.transcripts.transcript import ChunkTranscript
from domain.use_cases.transcripts.choose_language import ChooseLanguage
from tests.contract.sound_fixtures import write_speech
from tests.media.languages import GERMAN, GERMAN_WORDS, german_chunk, melody
from tests.support.builders import a_media_info, a_video

pytestmark = pytest.mark.anyio

SPANS = (
    AudioSpan(0.0, 7.0, (Interval(0.0, 7.0),)),
    AudioSpan(7.0, 14.0, (Interval(7.0, 14.0),)),
)


Opening = Callable[[str], WhisperTranscriber]


@pytest.fixture(scope="session")
def opening(tmp_path_factory: pytest.TempPathFactory) -> Opening:
    """Opens a transcriber with a model; each test process joins and loads a model once."""
    models_folder, load = tmp_path_factory.mktemp("models"), cache(load_engine)
    return lambda model: WhisperTranscriber(WhisperConfig(model=model, models_folder=models_folder), load=load)


async def transcribed(opened: WhisperTranscriber, chunk: Path, hints: SpeechHints = NO_HINTS) -> ChunkTranscript:
    """The words of one chunk."""
    async with opened as transcriber:
        return await transcriber.transcribe(chunk, hints)


def captions_of(chunk: ChunkTranscript) -> tuple[str, bool]:
    """The text that is kept, and whether there is a warning."""
    chunks = [(AudioSpan(0.0, 14.0, (Interval(0.0, 14.0),)), chunk)]
    return recognised(chunks)[0][1].text, doubt_about(chunks) is not None


@pytest.mark.parametrize("tag", [None, pytest.param("eng", marks=pytest.mark.any_ffmpeg)])
async def test_german_is_german_whatever_the_tag_says(opening: Opening, tmp_path: Path, tag: str | None) -> None:
    """The language is chosen with the real model and the real cutter, and the words are those that were said."""
    video = replace(a_video(), media=replace(a_media_info(), sound=AudioTrack(language=tag)))
    audio = tmp_path / "audio.ogg"
    audio.write_bytes(GERMAN.read_bytes())
    async with opening("base") as transcriber:
        choose = ChooseLanguage(FFmpegTranscoder(), transcriber, asyncio.Semaphore(1), NO_HINTS)
        spoken = await choose(video, SPANS, audio)
        assert spoken is not None
        assert spoken.code == "de"
        if tag is None:
            chunk = await transcriber.transcribe(german_chunk(tmp_path / "chunk.wav"), SpeechHints(spoken.code))
            text, has_warning = captions_of(chunk)
            assert not has_warning
            assert [word for word in GERMAN_WORDS if word in text.lower()] == list(GERMAN_WORDS)


@pytest.mark.any_ffmpeg
async def test_an_english_model_writes_nothing_about_german(opening: Opening, tmp_path: Path) -> None:
    """It invents English sentences, and is in doubt about them."""
    chunk = await transcribed(opening("tiny.en"), german_chunk(tmp_path / "chunk.wav"))
    assert chunk.text
    assert captions_of(chunk) == ("", True)


@pytest.mark.any_ffmpeg
@pytest.mark.parametrize("model", ["base", "tiny.en"])
async def test_english_has_captions_without_a_warning(opening: Opening, tmp_path: Path, model: str) -> None:
    """A short sentence is enough."""
    speech = write_speech(tmp_path / "speech.wav", "We will come and see you soon.")
    chunk = await transcribed(opening(model), speech, SpeechHints("en"))
    text, has_warning = captions_of(chunk)
    assert (text.lower().rstrip("."), has_warning) == ("we will come and see you soon", False)


@pytest.mark.any_ffmpeg
@pytest.mark.parametrize("model", ["base", "tiny.en"])
async def test_music_has_neither_captions_nor_a_warning(opening: Opening, tmp_path: Path, model: str) -> None:
    """There is no speech to recognise."""
    music = melody(tmp_path / "melody.wav")
    chunk = await transcribed(opening(model), music)
    assert captions_of(chunk) == ("", False)
