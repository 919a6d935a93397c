"""Turn a speech track into a transcript."""

from dataclasses import dataclass
from pathlib import Path

from domain.model.errors import TelecineError
from domain.model.job import ErasePayload, Job, TranscribePayload
from domain.model.speech import AudioSpan
from domain.model.stage import StageName, StageState
from domain.model.transcript import ChunkTranscript, Transcript, assemble
from domain.ports.clock import Clock
from domain.ports.database import Database, UnitOfWork
from domain.ports.object_store import ObjectStore, OnProgress
from domain.ports.transcoder import Transcoder
from domain.ports.transcriber import Transcriber
from domain.ports.workspace import Workspace
from domain.use_cases.job_handler import JobHandler
from domain.use_cases.job_maker import JobMaker
from domain.use_cases.send_job import SendJob
from domain.use_cases.video_progress import VideoProgress

_WAV_BYTES_PER_S = 32_000


@dataclass(frozen=True, slots=True)
class TranscribeVideo(JobHandler):
    """Transcribe a video chunk by chunk.

    - It works on the small speech track, so it runs beside compression and needs no source.
    - Every finished chunk is kept; a retry pays only for the missing ones.
    - If it fails for good the video still plays, and says so.
    """

    database: Database
    objects: ObjectStore
    transcoder: Transcoder
    transcriber: Transcriber
    workspace: Workspace
    clock: Clock
    jobs: JobMaker
    send: SendJob
    progress: VideoProgress

    async def __call__(self, job: Job) -> None:
        """Make one attempt at the transcript."""
        payload = job.payload_as(TranscribePayload)
        async with self.progress.stage(job, StageName.TRANSCRIBE) as on_progress:
            chunks = await self._hear_all(job, payload, on_progress)
        transcript = assemble(job.video_id, list(zip(payload.spans, chunks, strict=True)))
        erasing = await self._commit(job, payload, transcript)
        await self.send(erasing)

    async def give_up(self, work: UnitOfWork, job: Job, error: Exception, /) -> None:
        """The stage fails; the video follows as soon as there is something to play, not before.

        The speech track stays, as all of a failed video's sources do, until the video is deleted.
        """
        video = await work.videos.get(job.video_id)
        now = self.clock.now()
        # Only what we worded ourselves, so no secret gets in.
        reason = error.detail if isinstance(error, TelecineError) else "An unexpected error; the operator's log has it."
        await work.videos.save(video.transcription_failed(reason, now=now).settled(now=now))

    async def _hear_all(self, job: Job, payload: TranscribePayload, on_progress: OnProgress) -> list[ChunkTranscript]:
        async with self.database.read() as work:
            heard = await work.transcripts.chunks(job.id)
        seconds = sum(span.end_s - span.start_s for span in payload.spans)
        async with self.workspace.folder(needed_bytes=int(seconds * _WAV_BYTES_PER_S)) as folder:
            audio = folder / "audio.ogg"
            info = await self.objects.head(payload.audio_key)
            await self.objects.download(payload.audio_key, audio, etag=info.etag, on_progress=lambda _percent: None)
            for index, span in enumerate(payload.spans):
                if index not in heard:
                    heard[index] = await self._hear(job, index, span, audio)
                on_progress(100.0 * (index + 1) / len(payload.spans))
        return [heard[index] for index in range(len(payload.spans))]

    async def _hear(self, job: Job, index: int, span: AudioSpan, audio: Path) -> ChunkTranscript:
        chunk = audio.with_name("chunk.wav")
        await self.transcoder.cut_audio(audio, chunk, span=span)
        heard = await self.transcriber.transcribe(chunk)
        async with self.database.write() as work:
            await work.jobs.hold(job.lease)
            await work.transcripts.save_chunk(job.id, index, heard)
        return heard

    async def _commit(self, job: Job, payload: TranscribePayload, transcript: Transcript) -> Job:
        now = self.clock.now()
        async with self.database.write() as work:
            await work.jobs.finish(job.lease)
            await work.transcripts.save(transcript)
            await work.transcripts.delete_chunks(job.id)
            video = await work.videos.get(job.video_id)
            done = video.with_stage(StageName.TRANSCRIBE, StageState.DONE, now=now).settled(now=now)
            await work.videos.save(done)
            return await work.jobs.add(self.jobs.new(video.id, ErasePayload(keys=(payload.audio_key,))))
