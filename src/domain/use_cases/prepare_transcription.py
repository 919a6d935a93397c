"""Take the speech track out of a file and owe its transcription."""

from dataclasses import dataclass
from pathlib import Path

from domain.model.errors import CompressionFailed, LeaseLost
from domain.model.job import ErasePayload, Job, JobKind, TranscribePayload
from domain.model.media import MediaInfo
from domain.model.speech import AudioSpan, plan_spans, speech_between
from domain.model.stage import StageName, StageState
from domain.model.transcript import Transcript, TranscriptOrigin
from domain.model.transcription import skipped, too_long
from domain.model.transcription_runs import audio_key, run_of, speech_tracks
from domain.model.video import Video
from domain.ports.clock import Clock
from domain.ports.database import Database, UnitOfWork
from domain.ports.object_store import ObjectStore
from domain.ports.transcoder import Transcoder
from domain.use_cases.job_maker import JobMaker
from domain.use_cases.save_transcript import SaveTranscript
from domain.use_cases.send_job import SendJob
from domain.use_cases.video_progress import VideoProgress

AUDIO_CONTENT_TYPE = "audio/ogg"


@dataclass(frozen=True, slots=True)
class PrepareTranscription:
    """Get a video ready to be transcribed.

    - The speech track is cut at silences; transcription runs beside compression, as a job of its own.
    - Without sound, or in silence throughout, there is nothing to transcribe: the transcript is empty.
    - Of more sound than the operator pays for nothing is sent: the video does without, and a warning says so.
    - A track that can't be decoded fails the transcription, not the compression.
    - An attempt that finds the job already owed leaves it alone.
    """

    database: Database
    objects: ObjectStore
    transcoder: Transcoder
    clock: Clock
    jobs: JobMaker
    send: SendJob
    progress: VideoProgress
    save: SaveTranscript
    is_enabled: bool
    max_audio_s: float

    async def __call__(self, job: Job, video: Video, media: MediaInfo, source: Path) -> None:
        """Settle the transcription, or owe it, beside the processing of the video."""
        if await self._is_owed(video):
            return
        if not self.is_enabled:
            await self.progress.change(job, lambda video: video.without_transcription(now=self.clock.now()))
            return
        try:
            await self.take(job, video, media, source)
        except CompressionFailed:
            await self.progress.change(job, self._undecodable)

    async def take(self, job: Job, video: Video, media: MediaInfo, source: Path) -> None:
        """Take the track out of this file; a job that is there for nothing else is done with it.

        Raises:
            CompressionFailed: it could not be decoded.
            LeaseLost: the job is somebody else's; nothing of it is left.
        """
        audio = source.with_name("audio.ogg")
        spans = await self._spans(source, audio, media) if media.has_audio else ()
        owed = TranscribePayload(audio_key(video, job), spans, run_of(job) or 0)
        if not spans:
            await self._save_empty(job, video)
        elif owed.audio_s > self.max_audio_s:
            await self._leave_out(job, video, owed.audio_s)
        else:
            await self._owe(job, video, audio, owed)

    def _undecodable(self, video: Video) -> Video:
        """The stage fails, unless captions have come meanwhile."""
        if video.stage(StageName.TRANSCRIBE).state.is_settled:
            return video
        return video.with_stage(StageName.TRANSCRIBE, StageState.FAILED, now=self.clock.now())

    async def _spans(self, source: Path, audio: Path, media: MediaInfo) -> tuple[AudioSpan, ...]:
        silences = await self.transcoder.extract_audio(source, audio, media=media)
        return plan_spans(speech_between(silences, media.duration_s), media.duration_s)

    async def _owe(self, job: Job, video: Video, audio: Path, owed: TranscribePayload) -> None:
        await self.objects.upload(
            audio, owed.audio_key, content_type=AUDIO_CONTENT_TYPE, on_progress=lambda _percent: None
        )
        try:
            async with self.database.write() as work:
                await self._hold_or_finish(work, job, video)
                transcription = await work.jobs.add(self.jobs.new(video.id, owed))
        except LeaseLost:
            await self.objects.delete(owed.audio_key)
            raise
        await self.send(transcription)

    async def _is_owed(self, video: Video) -> bool:
        async with self.database.read() as work:
            jobs = await work.jobs.of_video(video.id)
            current = await work.videos.get(video.id)
        settled = current.stage(StageName.TRANSCRIBE).state.is_settled
        return settled or any(job.kind is JobKind.TRANSCRIBE for job in jobs)

    async def _save_empty(self, job: Job, video: Video) -> None:
        async with self.database.write() as work:
            await self._hold_or_finish(work, job, video)
            await self.save(work, video.id, Transcript(video.id, language=None, text="", cues=()))

    async def _leave_out(self, job: Job, video: Video, audio_s: float) -> None:
        async with self.database.write() as work:
            await self._hold_or_finish(work, job, video)
            now, current = self.clock.now(), await work.videos.get(video.id)
            # Who has captions of their own misses nothing.
            has_own = await work.transcripts.origin(video.id) is TranscriptOrigin.UPLOADED
            await work.videos.save(skipped(current, now=now) if has_own else too_long(current, audio_s, now=now))

    async def _hold_or_finish(self, work: UnitOfWork, job: Job, video: Video) -> None:
        """Keep the lease of a job that goes on; end one that was to take the track out, with what it had left."""
        if job.kind is not JobKind.RETRANSCRIBE:
            await work.jobs.hold(job.lease)
            return
        await work.jobs.finish(job.lease)
        if earlier := speech_tracks(video, job)[:-1]:
            await work.jobs.add(self.jobs.new(video.id, ErasePayload(keys=earlier)))
