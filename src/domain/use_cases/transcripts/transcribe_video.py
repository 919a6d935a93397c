"""Turn a speech track into a transcript."""

from dataclasses import dataclass, replace
from pathlib import Path

from domain.model.errors import OwnCaptions
from domain.model.jobs.job import Job
from domain.model.jobs.payloads import ErasePayload, TranscribePayload
from domain.model.stage import StageName
from domain.model.transcripts.hints import SpeechHints
from domain.model.transcripts.language_vote import spoken_language
from domain.model.transcripts.speech_intervals import MAX_SPAN_S
from domain.model.transcripts.transcript import Transcript, TranscriptOrigin, assemble
from domain.ports.database import Database, UnitOfWork
from domain.ports.object_store import ObjectStore
from domain.ports.progress import OnProgress
from domain.ports.workspace import Workspace
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.jobs.factory import JobFactory
from domain.use_cases.jobs.handlers import JobHandler
from domain.use_cases.jobs.stage_reporter import StageReporter
from domain.use_cases.transcripts.fail_transcription import FailTranscription
from domain.use_cases.transcripts.save_transcript import SaveTranscript
from domain.use_cases.transcripts.transcribe_chunks import ChunkRun, TranscribeChunks

_WAV_BYTES_PER_S = 32_000


@dataclass(frozen=True, slots=True)
class TranscribeVideo(JobHandler):
    """Transcribe a video chunk by chunk.

    - It reads only the small speech track, so it can run while the video is compressed.
    - Every finished chunk is saved; a retry transcribes only the missing ones.
    - An earlier transcript is served until the new one is complete.
    - If the owner uploads captions in the meantime, the captions are kept, no more chunks are transcribed, and the
      finished chunks are discarded.
    - If every attempt fails, the video stays playable, with a failure or a warning that gives the reason.
    """

    database: Database
    objects: ObjectStore
    workspace: Workspace
    jobs: JobFactory
    dispatch: DispatchJob
    progress: StageReporter
    transcribe_chunks: TranscribeChunks
    save: SaveTranscript
    fail: FailTranscription
    hints: SpeechHints

    async def __call__(self, job: Job) -> None:
        """Make one attempt at the transcript."""
        payload = job.payload_as(TranscribePayload)
        try:
            transcript = await self._transcribe(job, payload)
        except OwnCaptions:
            transcript = None
        await self.dispatch(await self._end(job, payload, transcript))

    async def give_up(self, work: UnitOfWork, job: Job, error: Exception, /) -> None:
        """Fail the stage, and the video too unless it is already completed."""
        await self.fail(work, job, error)

    async def _transcribe(self, job: Job, payload: TranscribePayload) -> Transcript:
        hints = await self._hints(job)
        async with self.progress.stage(job, StageName.TRANSCRIBE, amount=payload.audio_s) as on_progress:
            run = await self._load(job, payload, hints, on_progress)
            run.report_progress()
            if run.missing:
                await self._transcribe_missing(run)
        chunks = [(span, run.known[index]) for index, span in enumerate(payload.spans)]
        return replace(assemble(job.video_id, chunks), language=spoken_language(chunks) or hints.language)

    async def _hints(self, job: Job) -> SpeechHints:
        async with self.database.read() as work:
            video = await work.videos.get(job.video_id)
            origin = await work.transcripts.origin(video.id)
        if origin is TranscriptOrigin.UPLOADED:
            raise OwnCaptions
        return video.speech_hints.merged_with_defaults(self.hints)

    async def _load(
        self, job: Job, payload: TranscribePayload, hints: SpeechHints, on_progress: OnProgress
    ) -> ChunkRun:
        async with self.database.read() as work:
            return ChunkRun(job, payload, hints, on_progress, await work.transcripts.chunks(job.id))

    async def _transcribe_missing(self, run: ChunkRun) -> None:
        key = run.payload.audio_key
        info = await self.objects.head(key)
        needed_bytes = info.size_bytes + int(self.transcribe_chunks.concurrency * MAX_SPAN_S * _WAV_BYTES_PER_S)
        async with self.workspace.folder(needed_bytes=needed_bytes) as folder:
            audio: Path = folder / "audio.ogg"
            await self.objects.download(key, audio, etag=info.etag, on_progress=lambda _percent: None)
            await self.transcribe_chunks(run, audio)

    async def _end(self, job: Job, payload: TranscribePayload, transcript: Transcript | None) -> Job:
        async with self.database.write() as work:
            await work.jobs.finish(job.lease)
            await self.save(work, job.video_id, transcript)
            await work.transcripts.delete_chunks(job.id)
            return await work.jobs.add(self.jobs.new(job.video_id, ErasePayload(keys=(payload.audio_key,))))
