"""Turn an uploaded source into a small video that plays everywhere."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

from domain.model.errors import ObjectChanged, ObjectNotFound, TelecineError, first_error
from domain.model.failure import Failure, FailureCode
from domain.model.jobs.job import Job
from domain.model.media.acceptance import MediaPolicy
from domain.model.media.media_info import MediaInfo
from domain.model.retention.retained_objects import erase_unneeded
from domain.model.stage import StageName, StageState
from domain.model.videos.guards import require_uploaded
from domain.model.videos.video import Video
from domain.ports.clock import Clock
from domain.ports.database import UnitOfWork
from domain.ports.object_store import ObjectStore
from domain.ports.transcoder import Transcoder
from domain.ports.workspace import Workspace
from domain.use_cases.jobs.factory import JobFactory
from domain.use_cases.jobs.handlers import JobHandler
from domain.use_cases.jobs.stage_reporter import StageReporter
from domain.use_cases.media.compress_source import CompressSource, Playable
from domain.use_cases.media.publish_video import PublishVideo
from domain.use_cases.transcripts.prepare_transcription import PrepareTranscription

RENDITION_SLACK_BYTES = 64 * 1024**2

_WORKER_STAGES = (StageName.DOWNLOAD, StageName.PROBE, StageName.COMPRESS, StageName.PUBLISH)


@dataclass(frozen=True, slots=True)
class ProcessVideo(JobHandler):
    """Download, probe, compress and publish a video; queue its transcription while it is compressed.

    - The source is read only if it is still the object that was verified.
    - Media that exceeds the limits is rejected before it is decoded; the original stays in the bucket.
    - A worker that dies leaves nothing that affects the next attempt.
    """

    objects: ObjectStore
    transcoder: Transcoder
    workspace: Workspace
    clock: Clock
    jobs: JobFactory
    progress: StageReporter
    policy: MediaPolicy
    compress: CompressSource
    prepare_transcription: PrepareTranscription
    publish: PublishVideo

    async def __call__(self, job: Job) -> None:
        """Make one attempt at processing the video."""
        video = await self.progress.change(job, lambda video: video.processing_started(now=self.clock.now()))
        # Space for the source and for a rendition; its encoding stops when it is far larger than the source.
        needed_bytes = 3 * video.source.size_bytes + RENDITION_SLACK_BYTES
        async with self.workspace.folder(needed_bytes=needed_bytes) as folder:
            source = await self._download(job, video, folder)
            media = await self._probe(job, source)
            playable = await self._compress_and_prepare(job, video, media, source)
            await self.publish(job, video, playable, source)

    async def give_up(self, work: UnitOfWork, job: Job, error: Exception, /) -> None:
        """Fail the video at the stage that was running; keep its original and erase what the attempts stored."""
        video = await work.videos.get(job.video_id)
        if not video.status.is_terminal:
            await work.videos.save(video.processing_failed(_failure(video, error), now=self.clock.now()))
        unneeded = erase_unneeded(video, await work.jobs.of_video(video.id), through_fence=job.fence)
        await work.jobs.add(self.jobs.new(video.id, unneeded))

    async def _download(self, job: Job, video: Video, folder: Path) -> Path:
        source = folder / "source"
        async with self.progress.stage(job, StageName.DOWNLOAD, amount=video.source.size_bytes) as on_progress:
            await self.objects.download(video.source.key, source, etag=require_uploaded(video), on_progress=on_progress)
        await self.progress.end_stage(job, StageName.DOWNLOAD, StageState.DONE)
        return source

    async def _probe(self, job: Job, source: Path) -> MediaInfo:
        async with self.progress.stage(job, StageName.PROBE):
            media = await self.transcoder.probe(source)
            self.policy.check(media)
        await self.progress.change(job, lambda video: _probed(video, media, self.clock))
        return media

    async def _compress_and_prepare(self, job: Job, video: Video, media: MediaInfo, source: Path) -> Playable:
        """Compress the video, and at the same time extract its speech track and queue the transcription."""
        with first_error():
            async with asyncio.TaskGroup() as group:
                compressing = group.create_task(
                    self.compress(job, media, source, content_type=video.source.content_type)
                )
                group.create_task(self.prepare_transcription(job, video, media, source))
        return compressing.result()


def _probed(video: Video, media: MediaInfo, clock: Clock) -> Video:
    now = clock.now()
    return video.probed(replace(media, packets=None), now=now).with_stage(StageName.PROBE, StageState.DONE, now=now)


def _failure(video: Video, error: Exception) -> Failure:
    running = [name for name in _WORKER_STAGES if video.stage(name).state is StageState.RUNNING]
    stage = running[0] if running else StageName.DOWNLOAD
    if isinstance(error, ObjectNotFound):
        return Failure(stage, FailureCode.SOURCE_MISSING, "The uploaded file is no longer in the bucket.")
    if isinstance(error, ObjectChanged):
        return Failure(stage, FailureCode.SOURCE_CHANGED, "The file in the bucket was replaced after the upload.")
    if isinstance(error, TelecineError) and error.code in set(FailureCode):
        return Failure(stage, FailureCode(error.code), error.detail)
    detail = error.detail if isinstance(error, TelecineError) else "An unexpected error; see the server's log."
    return Failure(stage, FailureCode.PROCESSING_FAILED, detail)
