"""Download a video from another site, store it, and queue its processing."""

from dataclasses import dataclass, replace
from pathlib import Path

from domain.model.access.quota import Quota
from domain.model.errors import Conflict, Rejected, TelecineError, Unavailable
from domain.model.failure import FailureCode
from domain.model.imports.youtube import ImportLimits, imported_filename
from domain.model.jobs.job import Job
from domain.model.jobs.payloads import ProcessPayload
from domain.model.object_key import import_key
from domain.model.stage import StageName
from domain.model.uploads.container_sniffing import SNIFF_BYTES, check_container
from domain.model.videos.guards import require_open_upload
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.source import Source
from domain.model.videos.video import Video
from domain.ports.clock import Clock
from domain.ports.database import Database, UnitOfWork
from domain.ports.object_store import ObjectStore
from domain.ports.progress import OnProgress
from domain.ports.video_importer import FetchedVideo, VideoImporter
from domain.ports.workspace import Workspace
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.jobs.factory import JobFactory
from domain.use_cases.jobs.handlers import JobHandler
from domain.use_cases.jobs.stage_reporter import StageReporter
from domain.use_cases.uploads.abort_upload import AbortUpload

FETCHED_PERCENT = 90.0


@dataclass(frozen=True, slots=True)
class ImportVideo(JobHandler):
    """Download a video, store it, and queue its processing.

    - Each attempt stores the file under a different key, so a worker that has lost its lease cannot overwrite it.
    - The stored file passes the same check as an upload. The video's source, the end of this job and the job that
      processes the video commit in one transaction.
    - The owner's quotas are checked again here, because the size is now known.
    - If every attempt fails, the video fails in the stage `upload` and can be retried.
    """

    database: Database
    objects: ObjectStore
    importer: VideoImporter
    workspace: Workspace
    clock: Clock
    jobs: JobFactory
    dispatch: DispatchJob
    progress: StageReporter
    abort: AbortUpload
    limits: ImportLimits
    quota: Quota
    is_enabled: bool

    async def __call__(self, job: Job) -> None:
        """Make one attempt at the import.

        Raises:
            Rejected: `youtube_import_disabled`, or the importer or the container check refused the video.
            QuotaExceeded: the owner's quota has no room for it.
            Conflict: `upload_closed`: the import was cancelled; `lease_lost`.
            Unavailable: the site, the bucket, the database or the disk failed.
        """
        if not self.is_enabled:
            raise Rejected("Imports from YouTube are disabled on this server.", code="youtube_import_disabled")
        video = await self.progress.change(job, require_open_upload)
        await self._erase_earlier(job, video)
        # Video and audio often arrive as separate files, which stay on the disk until they are merged into a third one.
        async with self.workspace.folder(needed_bytes=2 * self.limits.max_size_bytes) as folder:
            source = await self._fetch_and_store(job, video, folder)
        try:
            processing = await self._verify(job, source)
        except (Conflict, Rejected):
            # The transaction rolled back, so no row refers to the object.
            await self.objects.delete(source.key)
            raise
        await self.dispatch(processing)

    async def give_up(self, work: UnitOfWork, job: Job, error: Exception, /) -> None:
        """Fail the video, unless its upload has already ended, and erase what the attempts stored."""
        video = await work.videos.get(job.video_id)
        if video.status is VideoStatus.UPLOADING:
            await self.abort(work, video, *_reason(error))

    async def _erase_earlier(self, job: Job, video: Video) -> None:
        """Delete what earlier attempts may have stored: a worker that died left no record of it."""
        for fence in range(1, job.fence):
            await self.objects.delete(import_key(video.owner, video.id, fence))

    async def _fetch_and_store(self, job: Job, video: Video, folder: Path) -> Source:
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

    async def _verify(self, job: Job, source: Source) -> Job:
        peek = await self.objects.peek(source.key, length=SNIFF_BYTES)
        check_container(peek.first_bytes)
        now = self.clock.now()
        async with self.database.write() as work:
            await work.jobs.finish(job.lease)
            video = require_open_upload(await work.videos.get(job.video_id))
            await work.videos.save(replace(video, source=source).uploaded(etag=peek.info.etag, now=now))
            if self.quota.is_limited:
                usage = await work.usage.lock(video.owner)
                self.quota.check(usage[video.owner], now=now)
            return await work.jobs.add(self.jobs.new(video.id, ProcessPayload()))


def _reason(error: Exception) -> tuple[FailureCode, str]:
    if not isinstance(error, TelecineError):
        return FailureCode.IMPORT_FAILED, "An unexpected error; see the server's log."
    code = FailureCode(error.code) if error.code in set(FailureCode) else FailureCode.IMPORT_FAILED
    return code, error.detail
