"""Fetch a video from another site, and take it for an upload."""

from dataclasses import dataclass, replace
from pathlib import Path

from domain.model.container import SNIFF_BYTES
from domain.model.errors import Conflict, Rejected, TelecineError, Unavailable
from domain.model.failure import FailureCode
from domain.model.job import Job, ProcessPayload
from domain.model.lifecycle import VideoStatus
from domain.model.object_key import import_key
from domain.model.source import Source
from domain.model.stage import StageName
from domain.model.usage import Quota
from domain.model.video import Video
from domain.model.youtube import ImportLimits, imported_filename
from domain.ports.clock import Clock
from domain.ports.database import Database, UnitOfWork
from domain.ports.object_store import ObjectStore, OnProgress
from domain.ports.video_importer import FetchedVideo, VideoImporter
from domain.ports.workspace import Workspace
from domain.use_cases.accept_upload import check_container
from domain.use_cases.close_upload import CloseUpload
from domain.use_cases.job_handler import JobHandler
from domain.use_cases.job_maker import JobMaker
from domain.use_cases.send_job import SendJob
from domain.use_cases.video_progress import VideoProgress

FETCHED_PERCENT = 90.0


@dataclass(frozen=True, slots=True)
class ImportVideo(JobHandler):
    """Fetch a video, store it, and owe its processing.

    - Each attempt stores under a key of its own: what a worker does that has lost its lease harms nobody.
    - What is stored is looked at as an upload is; the video's source, the end of this job and the job to process the
      video commit together.
    - Its owner's quota of bytes holds for it, now that its size is known.
    - If it fails for good the video fails as an upload does, and can be retried.
    """

    database: Database
    objects: ObjectStore
    importer: VideoImporter
    workspace: Workspace
    clock: Clock
    jobs: JobMaker
    send: SendJob
    progress: VideoProgress
    close: CloseUpload
    limits: ImportLimits
    quota: Quota
    is_enabled: bool

    async def __call__(self, job: Job) -> None:
        """Make one attempt at the import."""
        if not self.is_enabled:
            raise Rejected("Imports from YouTube have been switched off here.", code="youtube_import_disabled")
        video = await self.progress.change(job, Video.require_open_upload)
        await self._erase_earlier(job, video)
        # A video often comes as picture and sound, which lie beside what they are joined to.
        async with self.workspace.folder(needed_bytes=2 * self.limits.max_size_bytes) as folder:
            source = await self._stored(job, video, folder)
        try:
            processing = await self._accept(job, source)
        except (Conflict, Rejected):
            # Nothing of it has committed, so nobody knows the object.
            await self.objects.delete(source.key)
            raise
        await self.send(processing)

    async def give_up(self, work: UnitOfWork, job: Job, error: Exception, /) -> None:
        """The video fails, unless it has ended before; what attempts have stored goes."""
        video = await work.videos.get(job.video_id)
        if video.status is VideoStatus.UPLOADING:
            await self.close(work, video, *_reason(error))

    async def _erase_earlier(self, job: Job, video: Video) -> None:
        """Remove what attempts have stored whose worker died before it could say so."""
        for fence in range(1, job.fence):
            await self.objects.delete(import_key(video.owner, video.id, fence))

    async def _stored(self, job: Job, video: Video, folder: Path) -> Source:
        async with self.progress.stage(job, StageName.UPLOAD) as on_progress:
            fetched = await self.importer.fetch(
                str(video.source.youtube_id),
                folder,
                limits=self.limits,
                on_progress=lambda percent: on_progress(percent * FETCHED_PERCENT / 100),
            )
            return await self._store(job, video, fetched, on_progress)

    async def _store(self, job: Job, video: Video, fetched: FetchedVideo, on_progress: OnProgress) -> Source:
        rest = 100 - FETCHED_PERCENT
        stored = await self.objects.upload(
            fetched.path,
            import_key(video.owner, video.id, job.fence),
            content_type=video.source.content_type,
            on_progress=lambda percent: on_progress(FETCHED_PERCENT + percent * rest / 100),
        )
        if stored.size_bytes != fetched.size_bytes:
            raise Unavailable(
                f"The bucket has {stored.size_bytes} of {fetched.size_bytes} bytes.", code="upload_incomplete"
            )
        return replace(
            video.source,
            key=stored.key,
            filename=imported_filename(fetched.title, str(video.source.youtube_id)),
            size_bytes=stored.size_bytes,
            etag=stored.etag,
        )

    async def _accept(self, job: Job, source: Source) -> Job:
        peek = await self.objects.peek(source.key, length=SNIFF_BYTES)
        check_container(peek.first_bytes)
        now = self.clock.now()
        async with self.database.write() as work:
            await work.jobs.finish(job.lease)
            video = (await work.videos.get(job.video_id)).require_open_upload()
            await work.videos.save(replace(video, source=source).uploaded(etag=peek.info.etag, now=now))
            if self.quota.is_limited:
                usage = await work.usage.hold(video.owner)
                self.quota.check(usage[video.owner], now=now)
            return await work.jobs.add(self.jobs.new(video.id, ProcessPayload()))


def _reason(error: Exception) -> tuple[FailureCode, str]:
    if not isinstance(error, TelecineError):
        return FailureCode.IMPORT_FAILED, "An unexpected error; the operator's log has it."
    code = FailureCode(error.code) if error.code in set(FailureCode) else FailureCode.IMPORT_FAILED
    return code, error.detail
