"""Wires the use cases of an operator."""

import platform

from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.operations.get_overview import GetOverview
from domain.use_cases.operations.list_jobs import ListJobs
from domain.use_cases.operations.list_users import ListUsers
from domain.use_cases.operations.retry_job import RetryJob
from domain.use_cases.videos.retry_video import RetryVideo
from entrypoints.application import Installation, Operations
from entrypoints.bootstrap.adapters import Adapters
from entrypoints.bootstrap.media_tools import MediaToolInspection
from entrypoints.config.settings import Settings


def operations(adapters: Adapters, settings: Settings, *, retry_video: RetryVideo, dispatch: DispatchJob) -> Operations:
    """Wire what an operator reads and does."""
    database = adapters.database
    return Operations(
        installation=Installation(
            started_at=adapters.clock.now(),
            python_version=platform.python_version(),
            database="sqlite" if settings.database.is_embedded else "postgresql",
            queue="redis" if settings.job_queue.is_shared else "in_process",
            storage_kind="folder" if settings.storage.is_embedded else "s3",
            media_tools=MediaToolInspection(),
        ),
        get_overview=GetOverview(database=database, clock=adapters.clock),
        list_jobs=ListJobs(database=database),
        retry_job=RetryJob(database=database, retry_video=retry_video, dispatch=dispatch),
        list_users=ListUsers(database=database),
    )
