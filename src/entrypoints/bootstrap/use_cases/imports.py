"""Wires imports of videos."""

from domain.model.access.quota import Quota
from domain.model.imports.youtube import ImportLimits
from domain.use_cases.access.lookup import IdempotencyLookup
from domain.use_cases.imports.import_video import ImportVideo
from domain.use_cases.imports.request_import import RequestImport
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.jobs.factory import JobFactory
from domain.use_cases.jobs.stage_reporter import StageReporter
from domain.use_cases.uploads.abort_upload import AbortUpload
from domain.use_cases.videos.register_videos import RegisterVideos
from entrypoints.bootstrap.adapters import Adapters
from entrypoints.config.imports import ImportSettings


def request_import(adapters: Adapters, *, quota: Quota, jobs: JobFactory, dispatch: DispatchJob) -> RequestImport:
    """Wire the request of an import."""
    database = adapters.database
    return RequestImport(
        database=database,
        register=RegisterVideos(database=database, quota=quota),
        lookup=IdempotencyLookup(database=database),
        clock=adapters.clock,
        ids=adapters.ids,
        jobs=jobs,
        dispatch=dispatch,
    )


def import_video(
    adapters: Adapters,
    imports: ImportSettings,
    *,
    limits: ImportLimits,
    quota: Quota,
    jobs: JobFactory,
    dispatch: DispatchJob,
    progress: StageReporter,
) -> ImportVideo:
    """Wire the handler that runs imports."""
    return ImportVideo(
        database=adapters.database,
        objects=adapters.objects,
        importer=adapters.importer,
        workspace=adapters.workspace,
        clock=adapters.clock,
        jobs=jobs,
        dispatch=dispatch,
        progress=progress,
        abort=AbortUpload(clock=adapters.clock, jobs=jobs),
        limits=limits,
        # The request of the import already counted the video and the day's upload; only its size was unknown.
        quota=Quota(max_stored_bytes=quota.max_stored_bytes),
        is_enabled=imports.youtube_import,
    )
