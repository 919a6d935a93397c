"""Wires imports of videos."""

from domain.model.usage import Quota
from domain.model.youtube import ImportLimits
from domain.use_cases.admit_video import AdmitVideo
from domain.use_cases.begin_import import BeginImport
from domain.use_cases.close_upload import CloseUpload
from domain.use_cases.import_video import ImportVideo
from domain.use_cases.job_maker import JobMaker
from domain.use_cases.recall_request import RecallRequest
from domain.use_cases.send_job import SendJob
from domain.use_cases.video_progress import VideoProgress
from entrypoints.bootstrap.adapters import Adapters
from entrypoints.config.imports import ImportSettings


def begin_import(adapters: Adapters, *, quota: Quota, jobs: JobMaker, send: SendJob) -> BeginImport:
    """Wire the request of an import."""
    database = adapters.database
    return BeginImport(
        database=database,
        admit=AdmitVideo(database=database, quota=quota),
        recall=RecallRequest(database=database),
        clock=adapters.clock,
        ids=adapters.ids,
        jobs=jobs,
        send=send,
    )


def import_video(
    adapters: Adapters,
    imports: ImportSettings,
    *,
    limits: ImportLimits,
    quota: Quota,
    jobs: JobMaker,
    send: SendJob,
    progress: VideoProgress,
) -> ImportVideo:
    """Wire the handler that runs imports."""
    return ImportVideo(
        database=adapters.database,
        objects=adapters.objects,
        importer=adapters.importer,
        workspace=adapters.workspace,
        clock=adapters.clock,
        jobs=jobs,
        send=send,
        progress=progress,
        close=CloseUpload(clock=adapters.clock, jobs=jobs),
        limits=limits,
        # The request of the import already counted the video and the day's upload; only its size was unknown.
        quota=Quota(max_stored_bytes=quota.max_stored_bytes),
        is_enabled=imports.youtube_import,
    )
