"""Extract the speech track of a published video, for a regenerated transcript."""

from dataclasses import dataclass

from domain.model.jobs.job import Job
from domain.model.stage import StageName
from domain.model.videos.guards import require_playable
from domain.model.videos.video import Video
from domain.ports.clock import Clock
from domain.ports.database import UnitOfWork
from domain.ports.object_store import ObjectStore
from domain.ports.transcoder import Transcoder
from domain.ports.workspace import Workspace
from domain.use_cases.jobs.handlers import JobHandler
from domain.use_cases.jobs.stage_reporter import StageReporter
from domain.use_cases.transcripts.fail_transcription import FailTranscription
from domain.use_cases.transcripts.prepare_transcription import PrepareTranscription

# An upper bound, even if the published file is tiny: a speech track has a fraction of it.
_AUDIO_BYTES_PER_S = 16_000


@dataclass(frozen=True, slots=True)
class ExtractSpeech(JobHandler):
    """Prepare a published video to be transcribed again.

    - The speech is taken from the published rendition or original, because the uploaded object may be gone.
    - The transcription is a separate job with its own chunks.
    """

    objects: ObjectStore
    transcoder: Transcoder
    workspace: Workspace
    clock: Clock
    progress: StageReporter
    prepare: PrepareTranscription
    fail: FailTranscription

    async def __call__(self, job: Job) -> None:
        """Make one attempt at extracting the speech track."""
        video = await self.progress.change(job, lambda video: self._started(video, job))
        rendition = require_playable(video).main
        duration_s = video.media.duration_s if video.media is not None else 0.0
        needed_bytes = rendition.size_bytes + int(duration_s * _AUDIO_BYTES_PER_S)
        async with self.workspace.folder(needed_bytes=needed_bytes) as folder:
            source = folder / "source"
            info = await self.objects.head(rendition.key)
            await self.objects.download(rendition.key, source, etag=info.etag, on_progress=lambda _percent: None)
            media = await self.transcoder.probe(source)
            await self.prepare.queue(job, video, media, source)

    async def give_up(self, work: UnitOfWork, job: Job, error: Exception, /) -> None:
        """Fail the stage, and the video too unless it is already completed."""
        await self.fail(work, job, error)

    def _started(self, video: Video, job: Job) -> Video:
        return video.stage_started(StageName.TRANSCRIBE, attempt=job.attempt, now=self.clock.now())
