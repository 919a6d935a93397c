"""Example responses to an operator in the OpenAPI document."""

from datetime import UTC, datetime, timedelta

from domain.model.jobs.job import JobState
from domain.model.jobs.payloads import JobKind, QueueName
from domain.model.stage import StageName
from entrypoints.http.operations.operator_schemas import (
    JobList,
    JobView,
    LastHourView,
    MinuteView,
    OverviewResponse,
    QueueView,
    SandboxView,
    StorageView,
    UserList,
    UserView,
    VideoCountsView,
)

_ID = "0b7c2f5e-6c0f-4a52-9d5f-2f6a8f6f1c11"
_JOB_ID = "5d0c8c1e-9a51-4a53-8a1c-7f1f3f7b2d22"
_AT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)

OVERVIEW = OverviewResponse(
    version="0.1.0",
    started_at=_AT,
    ffmpeg_version="7.1",
    python_version="3.13.1",
    database="postgresql",
    queue="redis",
    storage_kind="s3",
    sandbox=SandboxView("partial", ["no_foreign_files"]),
    queues=[QueueView(QueueName.MEDIA, 3, 2, 1, 12.5)],
    videos=VideoCountsView(2, 1, 1, 1_204, 7),
    storage=StorageView(1_215, 48_203_771_904),
    last_hour=LastHourView([MinuteView(_AT + timedelta(minutes=number), 1, 0, 2) for number in range(2)]),
)

_RUNNING = JobView(
    job_id=_JOB_ID,
    kind=JobKind.PROCESS,
    queue=QueueName.MEDIA,
    state=JobState.RUNNING,
    video_id=_ID,
    user_id="ada",
    title="holiday.mp4",
    stage=StageName.COMPRESS,
    attempt=1,
    max_attempts=5,
    run_after=_AT,
    lease_until=_AT + timedelta(minutes=1),
    worker="worker-1:17",
    error=None,
    created_at=_AT,
    updated_at=_AT,
)
JOBS = JobList([_RUNNING], None)
RETRIED = JobView(
    job_id=_JOB_ID,
    kind=JobKind.PROCESS,
    queue=QueueName.MEDIA,
    state=JobState.QUEUED,
    video_id=_ID,
    user_id="ada",
    title="holiday.mp4",
    stage=None,
    attempt=0,
    max_attempts=5,
    run_after=_AT,
    lease_until=None,
    worker="worker-1:17",
    error="storage_unavailable: The bucket did not answer.",
    created_at=_AT,
    updated_at=_AT,
)
USERS = UserList([UserView("ada", 412, 16_204_881_920, 1)], None)
