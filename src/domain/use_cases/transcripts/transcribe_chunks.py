"""Transcribe the chunks of a speech track, several at once."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from domain.model.errors import LeaseLost, OwnCaptions, UnreadableResponse
from domain.model.jobs.job import Job
from domain.model.jobs.payloads import TranscribePayload
from domain.model.jobs.retry import retry_delay_s
from domain.model.transcripts.hints import SpeechHints
from domain.model.transcripts.language_choice import SpokenLanguage
from domain.model.transcripts.transcript import ChunkTranscript, TranscriptOrigin
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.ports.progress import OnProgress
from domain.ports.transcoder import Transcoder
from domain.ports.transcriber import Transcriber

MAX_UNREADABLE_RESPONSES = 3


@dataclass(frozen=True, slots=True)
class ChunkRun:
    """One speech track that is being transcribed, with the results of its chunks by index.

    All chunks are transcribed in the language `spoken`, if it is known.
    """

    job: Job
    payload: TranscribePayload
    hints: SpeechHints
    on_progress: OnProgress
    known: dict[int, ChunkTranscript] = field(default_factory=dict[int, ChunkTranscript])
    spoken: SpokenLanguage | None = None

    @property
    def chunk_hints(self) -> SpeechHints:
        """The hints for each chunk."""
        return replace(self.hints, language=None if self.spoken is None else self.spoken.code)

    @property
    def earlier_language(self) -> SpokenLanguage | None:
        """The language in which an earlier attempt has transcribed chunks; the other chunks need the same."""
        return next((chunk.spoken for chunk in self.transcribed.values() if chunk.spoken is not None), None)

    @property
    def transcribed(self) -> dict[int, ChunkTranscript]:
        """The chunks that have been transcribed, by index."""
        return {index: chunk for index, chunk in self.known.items() if chunk.is_transcribed}

    @property
    def missing(self) -> list[int]:
        """The indexes of the chunks that have not been transcribed yet."""
        transcribed = self.transcribed
        return [index for index in range(len(self.payload.spans)) if index not in transcribed]

    def with_unreadable_response(self, index: int) -> ChunkTranscript:
        """The chunk's record with one more unreadable response."""
        before = self.known.get(index, ChunkTranscript(""))
        return ChunkTranscript("", unreadable_answers=before.unreadable_answers + 1)

    def report_progress(self) -> None:
        """Report the progress: transcribed seconds as a percentage of all seconds."""
        spans = [self.payload.spans[index] for index in self.transcribed]
        self.on_progress(100.0 * sum(span.end_s - span.start_s for span in spans) / self.payload.audio_s)


@dataclass(slots=True)
class _Attempt:
    """The state that the workers of one attempt share.

    `missing` are the chunks that no worker has taken; `sent` are the workers that wait for a response or save one.
    """

    run: ChunkRun
    audio: Path
    missing: deque[int]
    sent: set[int] = field(default_factory=set[int])
    is_ending: bool = False


@dataclass(frozen=True, slots=True)
class TranscribeChunks:
    """Transcribe every missing chunk and save each result as soon as it arrives.

    - The jobs of this process share a limit on concurrent calls (`calls`). A worker waits for a free call again before
      each chunk, so a long video does not block a short one.
    - A chunk is cut just before its call, and each worker overwrites its own file, so the disk holds at most
      `concurrency` chunks per job.
    - After the first chunk that fails, no other is sent. Calls that are already running may cost money, so their
      responses are awaited for up to `drain_timeout_s` and saved.
    - An unreadable response may cost money as well. After the first one the chunk is sent again at once, after the
      second by the next attempt; the third fails the job permanently. They are counted over all attempts.
    """

    database: Database
    transcoder: Transcoder
    transcriber: Transcriber
    clock: Clock
    calls: asyncio.Semaphore
    concurrency: int
    drain_timeout_s: float

    async def __call__(self, run: ChunkRun, audio: Path) -> None:
        """Transcribe the missing chunks.

        Raises:
            OwnCaptions: the owner has uploaded captions in the meantime.
            UnreadableResponse: a response for a chunk was unreadable; not retryable if it was the third one.
        """
        attempt = _Attempt(run, audio, deque(run.missing))
        workers = [asyncio.create_task(self._work(attempt, number)) for number in range(self.concurrency)]
        try:
            await asyncio.wait(workers, return_when=asyncio.FIRST_EXCEPTION)
            await self._drain(attempt, workers)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
        if failures := _failures(workers):
            # A permanent error takes precedence over a transient one: a retry would pay for other chunks in vain.
            raise next((failure for failure in failures if retry_delay_s(failure, 1) is None), failures[0])

    async def _drain(self, attempt: _Attempt, workers: Sequence[asyncio.Task[None]]) -> None:
        """Cancel the workers that have sent nothing, and wait for the other responses while they can be saved."""
        attempt.is_ending = True
        waiting = {worker for number, worker in enumerate(workers) if number in attempt.sent and not worker.done()}
        for worker in set(workers) - waiting:
            worker.cancel()
        timeout = asyncio.create_task(self.clock.sleep(self.drain_timeout_s))
        try:
            while waiting and not timeout.done() and not _are_responses_unwanted(workers):
                done, _ = await asyncio.wait({timeout, *waiting}, return_when=asyncio.FIRST_COMPLETED)
                waiting -= done
        finally:
            timeout.cancel()
            await asyncio.gather(timeout, return_exceptions=True)

    async def _work(self, attempt: _Attempt, worker: int) -> None:
        chunk = attempt.audio.with_name(f"chunk{worker}.wav")
        while attempt.missing and not attempt.is_ending:
            index = attempt.missing.popleft()
            async with self.calls:
                await self.transcoder.cut_audio(attempt.audio, chunk, span=attempt.run.payload.spans[index])
                attempt.sent.add(worker)
                transcribed = await self._transcribe(attempt, index, chunk)
            await self._save(attempt.run, index, transcribed)
            attempt.sent.discard(worker)
            attempt.run.report_progress()

    async def _transcribe(self, attempt: _Attempt, index: int, chunk: Path) -> ChunkTranscript:
        try:
            transcribed = await self.transcriber.transcribe(chunk, attempt.run.chunk_hints)
            return replace(transcribed, spoken=attempt.run.spoken)
        except UnreadableResponse as error:
            unreadable = attempt.run.with_unreadable_response(index)
            await self._save(attempt.run, index, unreadable)
            if unreadable.unreadable_answers >= MAX_UNREADABLE_RESPONSES:
                raise UnreadableResponse(error.detail, retryable=False) from error
            if unreadable.unreadable_answers > 1 or attempt.is_ending:
                raise
        return await self._transcribe(attempt, index, chunk)

    async def _save(self, run: ChunkRun, index: int, chunk: ChunkTranscript) -> None:
        async with self.database.write() as work:
            await work.jobs.lock(run.job.lease)
            await work.transcripts.save_chunk(run.job.id, index, chunk)
            origin = await work.transcripts.origin(run.job.video_id)
        if origin is TranscriptOrigin.UPLOADED:
            raise OwnCaptions
        run.known[index] = chunk


def _failures(workers: Sequence[asyncio.Task[None]]) -> list[Exception]:
    ended = [worker.exception() for worker in workers if worker.done() and not worker.cancelled()]
    return [error for error in ended if isinstance(error, Exception)]


def _are_responses_unwanted(workers: Sequence[asyncio.Task[None]]) -> bool:
    """Whether no response can be saved any more: another worker has the job, or the owner has uploaded captions."""
    return any(isinstance(failure, LeaseLost | OwnCaptions) for failure in _failures(workers))
