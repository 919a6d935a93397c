"""Take the speech track out of a source and owe its transcription."""

from dataclasses import dataclass
from pathlib import Path

from domain.model.errors import CompressionFailed, LeaseLost
from domain.model.job import Job, JobKind, TranscribePayload
from domain.model.media import MediaInfo
from domain.model.object_key import DerivedKeys
from domain.model.speech import AudioSpan, plan_spans, speech_between
from domain.model.stage import StageName, StageState
from domain.model.transcript import Transcript
from domain.model.video import Video
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.ports.object_store import ObjectStore
from domain.ports.transcoder import Transcoder
from domain.use_cases.job_maker import JobMaker
from domain.use_cases.send_job import SendJob
from domain.use_cases.video_progress import VideoProgress

AUDIO_CONTENT_TYPE = "audio/ogg"


@dataclass(frozen=True, slots=True)
class PrepareTranscription:
    """Get a video ready to be transcribed.

    - The speech track is cut at silences; transcription runs beside compression, as a job of its own.
    - Without sound, or in silence throughout, there is nothing to transcribe: the transcript is empty.
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
    is_enabled: bool

    async def __call__(self, job: Job, video: Video, media: MediaInfo, source: Path) -> None:
        """Settle the transcription, or owe it."""
        if await self._is_owed(video):
            return
        if not self.is_enabled:
            await self.progress.change(job, lambda video: video.without_transcription(now=self.clock.now()))
            return
        try:
            await self._prepare(job, video, media, source)
        except CompressionFailed:
            await self.progress.end_stage(job, StageName.TRANSCRIBE, StageState.FAILED)

    async def _prepare(self, job: Job, video: Video, media: MediaInfo, source: Path) -> None:
        if not media.has_audio:
            await self._finish_empty(job)
            return
        audio = source.with_name("audio.ogg")
        silences = await self.transcoder.extract_audio(source, audio, media=media)
        spans = plan_spans(speech_between(silences, media.duration_s), media.duration_s)
        if spans:
            await self._owe(job, DerivedKeys(video.owner, video.id, job.fence), audio, spans)
        else:
            await self._finish_empty(job)

    async def _owe(self, job: Job, keys: DerivedKeys, audio: Path, spans: tuple[AudioSpan, ...]) -> None:
        await self.objects.upload(audio, keys.audio, content_type=AUDIO_CONTENT_TYPE, on_progress=lambda _percent: None)
        new = self.jobs.new(job.video_id, TranscribePayload(keys.audio, spans))
        try:
            async with self.database.write() as work:
                await work.jobs.hold(job.lease)
                owed = await work.jobs.add(new)
        except LeaseLost:
            await self.objects.delete(keys.audio)
            raise
        await self.send(owed)

    async def _is_owed(self, video: Video) -> bool:
        async with self.database.read() as work:
            jobs = await work.jobs.of_video(video.id)
            current = await work.videos.get(video.id)
        settled = current.stage(StageName.TRANSCRIBE).state.is_settled
        return settled or any(job.kind is JobKind.TRANSCRIBE for job in jobs)

    async def _finish_empty(self, job: Job) -> None:
        async with self.database.write() as work:
            await work.jobs.hold(job.lease)
            video = await work.videos.get(job.video_id)
            await work.transcripts.save(Transcript(video.id, language=None, text="", cues=()))
            done = video.with_stage(StageName.TRANSCRIBE, StageState.DONE, now=self.clock.now())
            await work.videos.save(done)
