"""The OpenAI adapter with a server that a test scripts, and a clock whose sleeps take no time."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.fakes.clock import START, FakeClock
from adapters.openai.config import OpenAIConfig
from adapters.openai.transcriber import OpenAITranscriber, open_transcriber
from domain.model.transcripts.hints import NO_HINTS, SpeechHints
from domain.model.transcripts.transcript import ChunkTranscript
from tests.contract.sound_fixtures import write_wav
from tests.services.transcription_server import TranscriptionServer, running_transcription_server

KEY = "sk-canary-0123456789"


@dataclass(frozen=True)
class Line:
    """A transcriber, its server, and some audio to send."""

    transcriber: OpenAITranscriber
    server: TranscriptionServer
    clock: FakeClock
    chunk: Path

    @property
    def waited_s(self) -> float:
        """The total time that the transcriber has slept."""
        return (self.clock.now() - START).total_seconds()

    async def transcribe(self, hints: SpeechHints = NO_HINTS) -> ChunkTranscript:
        """Send the audio."""
        return await self.transcriber.transcribe(self.chunk, hints)


@asynccontextmanager
async def open_line(*, timeout_s: float = 10.0) -> AsyncGenerator[Line]:
    """A transcriber with a key and the default model, and its server."""
    clock = FakeClock(auto=True)
    with TemporaryDirectory() as folder, running_transcription_server() as server:
        chunk = await asyncio.to_thread(write_wav, Path(folder) / "chunk.wav", range(1000))
        config = OpenAIConfig(api_key=KEY, base_url=server.base_url, timeout_s=timeout_s)
        async with open_transcriber(config, clock) as transcriber:
            yield Line(transcriber, server, clock, chunk)
