"""Choose the language that a video is transcribed in."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

from domain.model.transcripts.hints import SpeechHints
from domain.model.transcripts.language_choice import (
    LanguageProbabilities,
    SpokenLanguage,
    chosen_language,
    combined,
    known_language,
    samples,
)
from domain.model.transcripts.speech_intervals import AudioSpan
from domain.model.videos.video import Video
from domain.ports.transcoder import Transcoder
from domain.ports.transcriber import Transcriber


@dataclass(frozen=True, slots=True)
class ChooseLanguage:
    """Choose one language for all chunks of a video, before the first one is transcribed.

    - The client's language counts most, then the container's tag, then the server's default.
    - Unless the client or the default decides, the transcriber detects the language in up to five chunks, spread over
      the video. Their probabilities are combined, because a single chunk may be noise, a name or a song.
    - A tag is only advice, because cameras write `eng` into every file: it is ignored if the detection contradicts it
      clearly, and if the transcriber does not know its language.
    - A transcriber that can't detect languages gets the tag, or else detects the language of each chunk.
    """

    transcoder: Transcoder
    transcriber: Transcriber
    calls: asyncio.Semaphore
    defaults: SpeechHints

    async def __call__(self, video: Video, spans: tuple[AudioSpan, ...], audio: Path) -> SpokenLanguage | None:
        """Return the language; None if it is unknown."""
        tag = None if video.media is None else video.media.sound.language
        known = known_language(video.speech_hints, tag, self.defaults)
        if known is not None:
            return known
        detected = [each async for each in self._detected(spans, audio)]
        return chosen_language(tag, combined(detected))

    async def _detected(
        self, spans: tuple[AudioSpan, ...], audio: Path
    ) -> AsyncGenerator[tuple[AudioSpan, LanguageProbabilities]]:
        chunk = audio.with_name("chunk0.wav")  # The first worker overwrites it.
        for index in samples(spans):
            async with self.calls:
                await self.transcoder.cut_audio(audio, chunk, span=spans[index])
                probabilities = await self.transcriber.detect_language(chunk)
            if not probabilities:
                return
            yield spans[index], probabilities
