"""Extract the speech track of a file and queue its transcription."""

from dataclasses import dataclass
from pathlib import Path

from domain.model.errors import CompressionFailed, LeaseLost
from domain.model.jobs.job import Job
from domain.model.jobs.payloads import ErasePayload, JobKind, TranscribePayload
from domain.model.jobs.transcription_runs import audio_key, run_of, speech_tracks
from domain.model.media.media_info import MediaInfo
from domain.model.stage import StageName, StageState
from domain.model.transcripts.speech_intervals import AudioSpan, plan_spans, speech_between
from domain.model.transcripts.transcript import Transcript, TranscriptOrigin
from domain.model.videos.video import Video
from domain.ports.clock import Clock
from domain.ports.database import Database, UnitOfWork
from domain.ports.object_store import ObjectStore
from domain.ports.transcoder import Transcoder
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.jobs.factory import JobFactory
from domain.use_cases.jobs.stage_reporter import StageReporter
from domain.use_cases.transcripts.save_transcript import SaveTranscript

AUDIO_CONTENT_TYPE = "audio/ogg"


@dataclass(frozen=True, slots=True)
class PrepareTranscription:
    """Prepare a video for transcription.

    - The speech track is divided at silences. Transcription is a separate job that runs while the video is compressed.
    - A video without sound that can be decoded, or with silence only, gets an empty transcript.
    - If there is more audio than `max_audio_s`, nothing is sent to the transcriber. The stage becomes `skipped` and the
      video gets the warning `transcription_too_long`.
    - If the speech can't be extracted, the transcription fails, not the compression.
    - An attempt that finds the transcription job already queued leaves it unchanged.
    """

    database: Database
    objects: ObjectStore
    transcoder: Transcoder
    clock: Clock
    jobs: JobFactory
    dispatch: DispatchJob
    progress: StageReporter
    save: SaveTranscript
    is_enabled: bool
    max_audio_s: float

    async def __call__(self, job: Job, video: Video, media: MediaInfo, source: Path) -> None:
        """Queue the transcription of a video that is being processed, or end the stage without one."""
        if await self._is_queued(video):
            return
        if not self.is_enabled:
            await self.progress.change(job, lambda video: video.transcription_disabled(now=self.clock.now()))
            return
        try:
            await self.queue(job, video, media, source)
        except CompressionFailed:
            await self.progress.change(job, self._undecodable)

    async def queue(self, job: Job, video: Video, media: MediaInfo, source: Path) -> None:
        """Extract the speech track and queue its transcription; this also finishes a `retranscribe` job.

        Raises:
            CompressionFailed: the track could not be decoded.
            LeaseLost: another worker has the job; the uploaded track is deleted again.
        """
        audio = source.with_name("audio.ogg")
        spans = await self._spans(source, audio, media) if media.has_audio else ()
        payload = TranscribePayload(audio_key(video, job), spans, run_of(job) or 0)
        if not spans:
            await self._save_empty(job, video)
        elif payload.audio_s > self.max_audio_s:
            await self._skip_too_long(job, video, payload.audio_s)
        else:
            await self._enqueue(job, video, audio, payload)

    def _undecodable(self, video: Video) -> Video:
        """Fail the stage, unless captions were uploaded in the meantime."""
        if video.stage(StageName.TRANSCRIBE).state.is_settled:
            return video
        return video.with_stage(StageName.TRANSCRIBE, StageState.FAILED, now=self.clock.now())

    async def _spans(self, source: Path, audio: Path, media: MediaInfo) -> tuple[AudioSpan, ...]:
        silences = await self.transcoder.extract_audio(source, audio, media=media)
        return plan_spans(speech_between(silences, media.duration_s), media.duration_s)

    async def _enqueue(self, job: Job, video: Video, audio: Path, payload: TranscribePayload) -> None:
        await self.objects.upload(
            audio, payload.audio_key, content_type=AUDIO_CONTENT_TYPE, on_progress=lambda _percent: None
        )
        try:
            async with self.database.write() as work:
                await self._lock_or_finish(work, job, video)
                transcription = await work.jobs.add(self.jobs.new(video.id, payload))
        except LeaseLost:
            await self.objects.delete(payload.audio_key)
            raise
        await self.dispatch(transcription)

    async def _is_queued(self, video: Video) -> bool:
        async with self.database.read() as work:
            jobs = await work.jobs.of_video(video.id)
            current = await work.videos.get(video.id)
        settled = current.stage(StageName.TRANSCRIBE).state.is_settled
        return settled or any(job.kind is JobKind.TRANSCRIBE for job in jobs)

    async def _save_empty(self, job: Job, video: Video) -> None:
        async with self.database.write() as work:
            await self._lock_or_finish(work, job, video)
            await self.save(work, video.id, Transcript(video.id, language=None, text="", cues=()))

    async def _skip_too_long(self, job: Job, video: Video, audio_s: float) -> None:
        async with self.database.write() as work:
            await self._lock_or_finish(work, job, video)
            now, current = self.clock.now(), await work.videos.get(video.id)
            # A video with uploaded captions needs no warning: nothing is missing.
            has_captions = await work.transcripts.origin(video.id) is TranscriptOrigin.UPLOADED
            skipped = (
                current.transcription_skipped(now=now)
                if has_captions
                else current.transcription_too_long(audio_s, now=now)
            )
            await work.videos.save(skipped)

    async def _lock_or_finish(self, work: UnitOfWork, job: Job, video: Video) -> None:
        """Finish a `retranscribe` job and erase its earlier tracks; lock any other job, which continues."""
        if job.kind is not JobKind.RETRANSCRIBE:
            await work.jobs.lock(job.lease)
            return
        await work.jobs.finish(job.lease)
        if earlier := speech_tracks(video, job)[:-1]:
            await work.jobs.add(self.jobs.new(video.id, ErasePayload(keys=earlier)))
