"""Hear the chunks of a speech track, several at once."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from domain.model.errors import OwnCaptions
from domain.model.job import Job, TranscribePayload
from domain.model.speech_hints import SpeechHints
from domain.model.transcript import ChunkTranscript, TranscriptOrigin
from domain.ports.database import Database
from domain.ports.object_store import OnProgress
from domain.ports.transcoder import Transcoder
from domain.ports.transcriber import Transcriber


@dataclass(frozen=True, slots=True)
class Hearing:
    """One track that is being heard: what is known of its chunks by index, and which are still to be heard."""

    job: Job
    payload: TranscribePayload
    hints: SpeechHints
    on_progress: OnProgress
    heard: dict[int, ChunkTranscript] = field(default_factory=dict[int, ChunkTranscript])

    @property
    def missing(self) -> list[int]:
        """The chunks that nobody has heard yet."""
        return [index for index in range(len(self.payload.spans)) if index not in self.heard]

    def tell(self) -> None:
        """Report the seconds that have been heard, of those in all."""
        spans = [self.payload.spans[index] for index in self.heard]
        self.on_progress(100.0 * sum(span.end_s - span.start_s for span in spans) / self.payload.audio_s)


@dataclass(frozen=True, slots=True)
class HearChunks:
    """Ask for every chunk that is missing, and keep each as soon as it is there.

    - All jobs of this process together make so many calls at once at most; each asks for its chunks in turn, so that a
      long video keeps no short one waiting.
    - A chunk is cut when its turn has come, and its place is taken by the next: the disk holds as many as are asked.
    - The first chunk that fails ends the others; those that were kept stay.
    """

    database: Database
    transcoder: Transcoder
    transcriber: Transcriber
    calls: asyncio.Semaphore
    at_once: int

    async def __call__(self, hearing: Hearing, audio: Path) -> None:
        """Hear what is missing.

        Raises:
            OwnCaptions: the owner has given some meanwhile.
        """
        missing = iter(hearing.missing)
        try:
            async with asyncio.TaskGroup() as group:
                for lane in range(self.at_once):
                    group.create_task(self._hear(hearing, missing, audio, audio.with_name(f"chunk{lane}.wav")))
        except ExceptionGroup as failures:
            # The first one has ended the others, and says why.
            raise failures.exceptions[0] from failures

    async def _hear(self, hearing: Hearing, missing: Iterator[int], audio: Path, chunk: Path) -> None:
        for index in missing:
            async with self.calls:
                await self.transcoder.cut_audio(audio, chunk, span=hearing.payload.spans[index])
                heard = await self.transcriber.transcribe(chunk, hearing.hints)
            await self._keep(hearing.job, index, heard)
            hearing.heard[index] = heard
            hearing.tell()

    async def _keep(self, job: Job, index: int, heard: ChunkTranscript) -> None:
        async with self.database.write() as work:
            await work.jobs.hold(job.lease)
            await work.transcripts.save_chunk(job.id, index, heard)
            origin = await work.transcripts.origin(job.video_id)
        if origin is TranscriptOrigin.UPLOADED:
            raise OwnCaptions
