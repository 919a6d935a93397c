"""Take the speech track out of what is published, for a transcript that was asked for anew."""

from dataclasses import dataclass

from domain.model.job import Job
from domain.model.stage import StageName
from domain.model.video import Video
from domain.ports.clock import Clock
from domain.ports.database import UnitOfWork
from domain.ports.object_store import ObjectStore
from domain.ports.transcoder import Transcoder
from domain.ports.workspace import Workspace
from domain.use_cases.fail_transcription import FailTranscription
from domain.use_cases.job_handler import JobHandler
from domain.use_cases.prepare_transcription import PrepareTranscription
from domain.use_cases.video_progress import VideoProgress

# A speech track has a fraction of this, however little the picture beside it takes.
_AUDIO_BYTES_PER_S = 16_000


@dataclass(frozen=True, slots=True)
class RetranscribeVideo(JobHandler):
    """Get a published video ready to be transcribed once more.

    - The rendition is what is heard, or the kept original: the upload may be gone.
    - The transcription itself is a job of its own, with chunks of its own.
    """

    objects: ObjectStore
    transcoder: Transcoder
    workspace: Workspace
    clock: Clock
    progress: VideoProgress
    prepare: PrepareTranscription
    fail: FailTranscription

    async def __call__(self, job: Job) -> None:
        """Make one attempt."""
        video = await self.progress.change(job, lambda video: self._started(video, job))
        rendition = video.require_playable().main
        duration_s = video.media.duration_s if video.media is not None else 0.0
        needed_bytes = rendition.size_bytes + int(duration_s * _AUDIO_BYTES_PER_S)
        async with self.workspace.folder(needed_bytes=needed_bytes) as folder:
            source = folder / "source"
            info = await self.objects.head(rendition.key)
            await self.objects.download(rendition.key, source, etag=info.etag, on_progress=lambda _percent: None)
            media = await self.transcoder.probe(source)
            await self.prepare.take(job, video, media, source)

    async def give_up(self, work: UnitOfWork, job: Job, error: Exception, /) -> None:
        """The stage fails, and with it a video that was not completed before."""
        await self.fail(work, job, error)

    def _started(self, video: Video, job: Job) -> Video:
        return video.stage_started(StageName.TRANSCRIBE, attempt=job.attempt, now=self.clock.now())
