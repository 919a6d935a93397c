"""Responses to an operator."""

from datetime import datetime
from importlib.metadata import version
from typing import Annotated, Self

import msgspec
from msgspec import Meta

from domain.model.jobs.job import JobState
from domain.model.jobs.payloads import NO_VIDEO, JobKind, QueueName
from domain.model.operations.overview import MinuteCounts, QueueDepth, VideoTotals
from domain.model.operations.user_usage import UserUsage
from domain.model.stage import StageName
from domain.use_cases.operations.get_overview import Overview
from domain.use_cases.operations.list_jobs import JobPage, TrackedJob
from domain.use_cases.operations.list_users import UserPage
from entrypoints.application import Installation, MediaTools

NextCursor = Annotated[str | None, Meta(description="The cursor of the next page; null on the last page.")]


class SandboxView(msgspec.Struct, frozen=True):
    """The sandbox around ffmpeg on the host of this server."""

    level: Annotated[str, Meta(description="`full`, `partial`, or `none`.")]
    missing: Annotated[
        list[str],
        Meta(description="The layers that the host lacks: `limits`, `dies_with_worker`, `no_network`."),
    ]


class QueueView(msgspec.Struct, frozen=True):
    """The live jobs of one queue."""

    name: Annotated[QueueName, Meta(description="The queue.")]
    waiting: Annotated[int, Meta(description="Queued jobs, also those that become due later; at most 10,000 per kind.")]
    due: Annotated[int, Meta(description="Queued jobs that could run now; at most 10,000 per kind.")]
    running: Annotated[int, Meta(description="Jobs that a worker has claimed.")]
    oldest_waiting_s: Annotated[
        float | None, Meta(description="Seconds since the oldest due job became due; null if none is due.")
    ]

    @classmethod
    def of(cls, depth: QueueDepth) -> Self:
        """The response for a queue."""
        return cls(depth.name, depth.waiting, depth.due, depth.running, depth.oldest_waiting_s)


class VideoCountsView(msgspec.Struct, frozen=True):
    """The number of videos of all users in each status."""

    uploading: Annotated[int, Meta(description="Videos in the status `uploading`.")]
    uploaded: Annotated[int, Meta(description="Videos in the status `uploaded`.")]
    processing: Annotated[int, Meta(description="Videos in the status `processing`.")]
    completed: Annotated[int, Meta(description="Videos in the status `completed`.")]
    failed: Annotated[int, Meta(description="Videos in the status `failed`.")]

    @classmethod
    def of(cls, totals: VideoTotals) -> Self:
        """The response for these totals."""
        return cls(totals.uploading, totals.uploaded, totals.processing, totals.completed, totals.failed)


class StorageView(msgspec.Struct, frozen=True):
    """What all users store."""

    videos: Annotated[int, Meta(description="The number of videos.")]
    bytes: Annotated[int, Meta(description="Their size, as it counts towards quotas.")]


class MinuteView(msgspec.Struct, frozen=True):
    """What happened in one minute."""

    at: Annotated[datetime, Meta(description="The begin of the minute.")]
    completed: Annotated[int, Meta(description="Videos that were completed.")]
    failed: Annotated[int, Meta(description="Videos and imports that failed.")]
    uploaded: Annotated[int, Meta(description="Uploads and imports that were completed.")]

    @classmethod
    def of(cls, minute: MinuteCounts) -> Self:
        """The response for a minute."""
        return cls(minute.at, minute.completed, minute.failed, minute.uploaded)


class LastHourView(msgspec.Struct, frozen=True):
    """The last hour."""

    minutes: Annotated[list[MinuteView], Meta(description="Sixty minutes, oldest first; the last one is not over.")]


class OverviewResponse(msgspec.Struct, frozen=True):
    """The state of the installation."""

    version: Annotated[str, Meta(description="The server's version.")]
    started_at: Annotated[datetime, Meta(description="When the server that answers was started.")]
    ffmpeg_version: Annotated[
        str | None, Meta(description="ffmpeg on the host of this server; null if it is not installed there.")
    ]
    python_version: Annotated[str, Meta(description="Python of this server.")]
    database: Annotated[str, Meta(description="`sqlite` or `postgresql`.")]
    queue: Annotated[str, Meta(description="`in_process` or `redis`.")]
    storage_kind: Annotated[str, Meta(description="`folder` or `s3`.")]
    sandbox: Annotated[SandboxView, Meta(description="How ffmpeg is confined on the host of this server.")]
    queues: Annotated[list[QueueView], Meta(description="Every queue.")]
    videos: Annotated[VideoCountsView, Meta(description="Videos of all users, by status.")]
    storage: Annotated[StorageView, Meta(description="What the videos of all users store.")]
    last_hour: Annotated[LastHourView, Meta(description="What happened in each of the last 60 minutes.")]

    @classmethod
    def of(cls, installation: Installation, tools: MediaTools, overview: Overview) -> Self:
        """The response for these numbers."""
        totals = overview.videos
        return cls(
            version=version("telecine"),
            started_at=installation.started_at,
            ffmpeg_version=tools.ffmpeg_version,
            python_version=installation.python_version,
            database=installation.database,
            queue=installation.queue,
            storage_kind=installation.storage_kind,
            sandbox=SandboxView(tools.sandbox_level, list(tools.missing_layers)),
            queues=[QueueView.of(depth) for depth in overview.queues],
            videos=VideoCountsView.of(totals),
            storage=StorageView(totals.videos, totals.stored_bytes),
            last_hour=LastHourView([MinuteView.of(minute) for minute in overview.last_hour]),
        )


class JobView(msgspec.Struct, frozen=True):
    """A job of any user."""

    job_id: Annotated[str, Meta(description="The job's id.")]
    kind: Annotated[JobKind, Meta(description="The kind of work.")]
    queue: Annotated[QueueName, Meta(description="The queue that carries it.")]
    state: Annotated[JobState, Meta(description="`dead`: no attempt follows.")]
    video_id: Annotated[str | None, Meta(description="Its video; null for a job that concerns none.")]
    user_id: Annotated[str | None, Meta(description="The owner of the video; null without one, or if it was deleted.")]
    title: Annotated[str | None, Meta(description="The title of the video; null without one, or if it was deleted.")]
    stage: Annotated[StageName | None, Meta(description="The stage that is running now.")]
    attempt: Annotated[int, Meta(description="The number of attempts so far.")]
    max_attempts: Annotated[int, Meta(description="The number of attempts that are allowed.")]
    run_after: Annotated[datetime, Meta(description="When it became due, or becomes due.")]
    lease_until: Annotated[
        datetime | None, Meta(description="Until when its worker holds it, unless the worker renews the lease.")
    ]
    worker: Annotated[
        str | None, Meta(description="The last worker that claimed it, as `host:process`; null if none has.")
    ]
    error: Annotated[str | None, Meta(description="Code and text of the last error.")]
    created_at: Annotated[datetime | None, Meta(description="Null for a job of an earlier version.")]
    updated_at: Annotated[
        datetime | None, Meta(description="When its state changed last; null for a job of an earlier version.")
    ]

    @classmethod
    def of(cls, tracked: TrackedJob) -> Self:
        """The response for a job."""
        job, video = tracked.job, tracked.video
        concerns_video = job.kind is not JobKind.DELIVER and job.video_id != NO_VIDEO
        return cls(
            job_id=job.id,
            kind=job.kind,
            queue=job.queue,
            state=job.state,
            video_id=job.video_id if concerns_video else None,
            user_id=None if video is None else video.owner,
            title=None if video is None else video.title,
            stage=tracked.stage,
            attempt=job.attempt,
            max_attempts=job.max_attempts,
            run_after=job.run_after,
            lease_until=job.lease_until,
            worker=job.worker,
            error=job.last_error,
            created_at=job.created_at,
            updated_at=job.updated_at,
        )


class JobList(msgspec.Struct, frozen=True):
    """One page of jobs."""

    items: Annotated[list[JobView], Meta(description="The jobs of the page.")]
    next_cursor: NextCursor

    @classmethod
    def of(cls, page: JobPage) -> Self:
        """The response for a page."""
        cursor = page.next_cursor
        return cls([JobView.of(job) for job in page.jobs], None if cursor is None else cursor.encoded())


class UserView(msgspec.Struct, frozen=True):
    """What one user stores."""

    user_id: Annotated[str, Meta(description="The user.")]
    videos: Annotated[int, Meta(description="The number of the user's videos.")]
    bytes: Annotated[int, Meta(description="Their size, as it counts towards quotas.")]
    uploading: Annotated[int, Meta(description="How many of them are being uploaded.")]

    @classmethod
    def of(cls, usage: UserUsage) -> Self:
        """The response for a user."""
        return cls(usage.user_id, usage.videos, usage.stored_bytes, usage.uploading)


class UserList(msgspec.Struct, frozen=True):
    """One page of users."""

    items: Annotated[list[UserView], Meta(description="The users of the page.")]
    next_cursor: NextCursor

    @classmethod
    def of(cls, page: UserPage) -> Self:
        """The response for a page."""
        cursor = page.next_cursor
        return cls([UserView.of(user) for user in page.users], None if cursor is None else cursor.encoded())
