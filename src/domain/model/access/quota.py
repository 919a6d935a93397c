"""Quotas: how much a user uses, and the limits on it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from domain.model.errors import QuotaExceeded
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video


@dataclass(frozen=True, slots=True)
class Footprint:
    """How much one video uses of the quotas of its owner; it counts as an upload of `day` (UTC).

    `completed` and `failed` say how it ended; no quota limits them.
    """

    videos_in_flight: int
    stored_bytes: int
    uploads: int
    day: date
    completed: int = 0
    failed: int = 0

    def minus(self, before: "Footprint") -> "Footprint":
        """The change from the same video's earlier footprint."""
        return Footprint(
            self.videos_in_flight - before.videos_in_flight,
            self.stored_bytes - before.stored_bytes,
            self.uploads - before.uploads,
            self.day,
            self.completed - before.completed,
            self.failed - before.failed,
        )

    def plus(self, other: "Footprint") -> "Footprint":
        """The sum of two changes of one day."""
        return Footprint(
            self.videos_in_flight + other.videos_in_flight,
            self.stored_bytes + other.stored_bytes,
            self.uploads + other.uploads,
            self.day,
            self.completed + other.completed,
            self.failed + other.failed,
        )

    @property
    def is_zero(self) -> bool:
        """Whether nothing is used."""
        return not (self.videos_in_flight or self.stored_bytes or self.uploads or self.completed or self.failed)


def footprint_of(video: Video) -> Footprint:
    """The footprint of a video.

    - It is in flight until it is completed or failed.
    - It stores its declared size from its creation on, or, if none was declared, what its signed parts can carry. Once
      it is published, it stores the published file and the original that is kept beside it; nothing if its upload has
      failed, was cancelled or has expired.
    - An upload that has ended without success does not count as an upload of the day.
    """
    day = day_of(video.created_at)
    if video.is_upload_closed:
        return Footprint(0, 0, 0, day, failed=1)
    stored = video.source.size_bytes if video.publication is None else video.publication.size_bytes
    return Footprint(
        0 if video.status.is_terminal else 1,
        stored,
        1,
        day,
        completed=1 if video.status is VideoStatus.COMPLETED else 0,
        failed=1 if video.status is VideoStatus.FAILED else 0,
    )


def footprint_after_delete(video: Video) -> Footprint:
    """The footprint that remains of a deleted video: a completed upload still counts for its day."""
    footprint = footprint_of(video)
    return Footprint(0, 0, footprint.uploads if video.is_uploaded else 0, footprint.day)


@dataclass(frozen=True, slots=True)
class Usage:
    """The sum of all footprints of a user; `uploads` are those of `day` (UTC)."""

    videos_in_flight: int = 0
    stored_bytes: int = 0
    uploads: int = 0
    day: date = date.min
    completed: int = 0
    failed: int = 0

    @property
    def videos(self) -> int:
        """The number of the user's videos."""
        return self.videos_in_flight + self.completed + self.failed

    def plus(self, change: Footprint) -> "Usage":
        """The usage after a change; the uploads of a new day count from zero, and those of a past day are ignored."""
        if change.day > self.day:
            day, uploads = change.day, max(change.uploads, 0)
        else:
            day, uploads = self.day, self.uploads + (change.uploads if change.day == self.day else 0)
        return Usage(
            self.videos_in_flight + change.videos_in_flight,
            self.stored_bytes + change.stored_bytes,
            uploads,
            day,
            self.completed + change.completed,
            self.failed + change.failed,
        )


@dataclass(frozen=True, slots=True)
class Quota:
    """The limits for each user; None is unlimited."""

    max_videos_in_flight: int | None = None
    max_stored_bytes: int | None = None
    max_uploads_per_day: int | None = None

    @property
    def is_limited(self) -> bool:
        """Whether any limit is set."""
        limits = (self.max_videos_in_flight, self.max_stored_bytes, self.max_uploads_per_day)
        return any(limit is not None for limit in limits)

    def check(self, usage: Usage, *, now: datetime) -> None:
        """Check that this usage is within the limits.

        Raises:
            QuotaExceeded: `too_many_videos_in_flight`, `storage_quota_exceeded` or `daily_upload_quota_exceeded`.
        """
        if _exceeds(usage.videos_in_flight, self.max_videos_in_flight):
            raise QuotaExceeded(
                f"At most {self.max_videos_in_flight} of your videos may be in progress at once; wait for one to end.",
                code="too_many_videos_in_flight",
            )
        self.check_stored(usage)
        if usage.day == day_of(now) and _exceeds(usage.uploads, self.max_uploads_per_day):
            raise QuotaExceeded(
                f"You may upload {self.max_uploads_per_day} videos per day (UTC).",
                code="daily_upload_quota_exceeded",
                retry_after_s=_until_midnight_s(now),
            )

    def check_stored(self, usage: Usage) -> None:
        """Check that the stored bytes are within the limit, which is the only one that a growing upload can exceed.

        Raises:
            QuotaExceeded: `storage_quota_exceeded`.
        """
        if _exceeds(usage.stored_bytes, self.max_stored_bytes):
            raise QuotaExceeded(
                f"Your videos may use {self.max_stored_bytes} bytes in total; delete some.",
                code="storage_quota_exceeded",
            )


def day_of(moment: datetime) -> date:
    """The day of a moment, in UTC."""
    return moment.astimezone(UTC).date()


def _exceeds(value: int, limit: int | None) -> bool:
    return limit is not None and value > limit


def _until_midnight_s(now: datetime) -> float:
    midnight = datetime.combine(day_of(now) + timedelta(days=1), time(), UTC)
    return (midnight - now).total_seconds()
