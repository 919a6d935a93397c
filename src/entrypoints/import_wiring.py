"""Wires the import of videos."""

from domain.model.usage import Quota
from domain.use_cases.close_upload import CloseUpload
from domain.use_cases.import_video import ImportVideo
from domain.use_cases.job_maker import JobMaker
from domain.use_cases.send_job import SendJob
from domain.use_cases.video_progress import VideoProgress
from entrypoints.adapters import Adapters
from entrypoints.import_settings import import_limits
from entrypoints.settings import Settings


def import_video(
    adapters: Adapters, settings: Settings, jobs: JobMaker, send: SendJob, progress: VideoProgress
) -> ImportVideo:
    """Who fetches videos."""
    return ImportVideo(
        adapters.database,
        adapters.objects,
        adapters.importer,
        adapters.workspace,
        adapters.clock,
        jobs,
        send,
        progress,
        CloseUpload(adapters.clock, jobs),
        import_limits(settings),
        # What else is limited was counted when the import was asked for.
        Quota(max_stored_bytes=settings.max_stored_bytes_per_user),
        is_enabled=settings.youtube_import,
    )
