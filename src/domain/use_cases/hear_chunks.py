"""Hear the chunks of a speech track, several at once."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from domain.model.errors import LeaseLost, OwnCaptions, UnreadableAnswer
from domain.model.job import Job, TranscribePayload, retry_delay_s
from domain.model.speech_hints import SpeechHints
from domain.model.transcript import ChunkTranscript, TranscriptOrigin
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.ports.object_store import OnProgress
from domain.ports.transcoder import Transcoder
from domain.ports.transcriber import Transcriber

MAX_UNREADABLE_ANSWERS = 3


@dataclass(frozen=True, slots=True)
class Hearing:
    """One track that is being heard, and what is known of its chunks by index."""

    job: Job
    payload: TranscribePayload
    hints: SpeechHints
    on_progress: OnProgress
    known: dict[int, ChunkTranscript] = field(default_factory=dict[int, ChunkTranscript])

    @property
    def heard(self) -> dict[int, ChunkTranscript]:
        """The chunks whose words are there."""
        return {index: chunk for index, chunk in self.known.items() if chunk.is_heard}

    @property
    def missing(self) -> list[int]:
        """The chunks that nobody has heard yet."""
        heard = self.heard
        return [index for index in range(len(self.payload.spans)) if index not in heard]

    def unreadable(self, index: int) -> ChunkTranscript:
        """What is known of a chunk now that one more answer could not be read."""
        before = self.known.get(index, ChunkTranscript(""))
        return ChunkTranscript("", unreadable_answers=before.unreadable_answers + 1)

    def tell(self) -> None:
        """Report the seconds that have been heard, of those in all."""
        spans = [self.payload.spans[index] for index in self.heard]
        self.on_progress(100.0 * sum(span.end_s - span.start_s for span in spans) / self.payload.audio_s)


@dataclass(slots=True)
class _Turn:
    """One attempt's lanes: what they have before them, and which of them wait for an answer or keep it."""

    hearing: Hearing
    audio: Path
    missing: deque[int]
    sent: set[int] = field(default_factory=set[int])
    is_ending: bool = False


@dataclass(frozen=True, slots=True)
class HearChunks:
    """Ask for every chunk that is missing, and keep each as soon as it is there.

    - All jobs of this process together make so many calls at once at most; each asks for its chunks in turn, so that a
      long video keeps no short one waiting.
    - A chunk is cut when its turn has come, and its place is taken by the next: the disk holds as many as are asked.
    - After the first chunk that fails no other is sent. Answers that are under way are paid for: they are waited for as
      long as an answer may take, and kept.
    - An answer that can't be read is paid for, too. A chunk is asked for again at once, then by the next attempt; after
      the third such answer it has failed for good. They are counted over all attempts.
    """

    database: Database
    transcoder: Transcoder
    transcriber: Transcriber
    clock: Clock
    calls: asyncio.Semaphore
    at_once: int
    patience_s: float

    async def __call__(self, hearing: Hearing, audio: Path) -> None:
        """Hear what is missing.

        Raises:
            OwnCaptions: the owner has given some meanwhile.
            UnreadableAnswer: of one chunk too many answers could not be read, or another attempt shall ask.
        """
        turn = _Turn(hearing, audio, deque(hearing.missing))
        lanes = [asyncio.create_task(self._hear(turn, number)) for number in range(self.at_once)]
        try:
            await asyncio.wait(lanes, return_when=asyncio.FIRST_EXCEPTION)
            await self._last_answers(turn, lanes)
        finally:
            for lane in lanes:
                lane.cancel()
            await asyncio.gather(*lanes, return_exceptions=True)
        if failures := _failures(lanes):
            # What no attempt can mend counts more than what may pass: else the others would be paid for in vain.
            raise next((failure for failure in failures if retry_delay_s(failure, 1) is None), failures[0])

    async def _last_answers(self, turn: _Turn, lanes: Sequence[asyncio.Task[None]]) -> None:
        """Withdraw what is not sent, and wait for the answers to what is, unless nobody wants them any more."""
        turn.is_ending = True
        waiting = {lane for number, lane in enumerate(lanes) if number in turn.sent and not lane.done()}
        for lane in set(lanes) - waiting:
            lane.cancel()
        patience = asyncio.create_task(self.clock.sleep(self.patience_s))
        try:
            while waiting and not patience.done() and not _in_vain(lanes):
                done, _ = await asyncio.wait({patience, *waiting}, return_when=asyncio.FIRST_COMPLETED)
                waiting -= done
        finally:
            patience.cancel()
            await asyncio.gather(patience, return_exceptions=True)

    async def _hear(self, turn: _Turn, lane: int) -> None:
        chunk = turn.audio.with_name(f"chunk{lane}.wav")
        while turn.missing and not turn.is_ending:
            index = turn.missing.popleft()
            async with self.calls:
                await self.transcoder.cut_audio(turn.audio, chunk, span=turn.hearing.payload.spans[index])
                turn.sent.add(lane)
                heard = await self._answer(turn, index, chunk)
            await self._keep(turn.hearing, index, heard)
            turn.sent.discard(lane)
            turn.hearing.tell()

    async def _answer(self, turn: _Turn, index: int, chunk: Path) -> ChunkTranscript:
        try:
            return await self.transcriber.transcribe(chunk, turn.hearing.hints)
        except UnreadableAnswer as error:
            unreadable = turn.hearing.unreadable(index)
            await self._keep(turn.hearing, index, unreadable)
            if unreadable.unreadable_answers >= MAX_UNREADABLE_ANSWERS:
                raise UnreadableAnswer(error.detail, retryable=False) from error
            if unreadable.unreadable_answers > 1 or turn.is_ending:
                raise
        return await self._answer(turn, index, chunk)

    async def _keep(self, hearing: Hearing, index: int, chunk: ChunkTranscript) -> None:
        async with self.database.write() as work:
            await work.jobs.hold(hearing.job.lease)
            await work.transcripts.save_chunk(hearing.job.id, index, chunk)
            origin = await work.transcripts.origin(hearing.job.video_id)
        if origin is TranscriptOrigin.UPLOADED:
            raise OwnCaptions
        hearing.known[index] = chunk


def _failures(lanes: Sequence[asyncio.Task[None]]) -> list[Exception]:
    ended = [lane.exception() for lane in lanes if lane.done() and not lane.cancelled()]
    return [error for error in ended if isinstance(error, Exception)]


def _in_vain(lanes: Sequence[asyncio.Task[None]]) -> bool:
    """Nothing more would be kept: the job is somebody else's, or the owner has given captions."""
    return any(isinstance(failure, LeaseLost | OwnCaptions) for failure in _failures(lanes))
