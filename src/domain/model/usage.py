"""What a user takes up, and how much of it is allowed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from domain.model.errors import QuotaExceeded
from domain.model.video import Video


@dataclass(frozen=True, slots=True)
class Footprint:
    """What one video takes up of its owner's quotas: on `day` (UTC) it counts among the uploads."""

    videos_in_flight: int
    stored_bytes: int
    uploads: int
    day: date

    def minus(self, before: "Footprint") -> "Footprint":
        """The change from what the same video took up before."""
        return Footprint(
            self.videos_in_flight - before.videos_in_flight,
            self.stored_bytes - before.stored_bytes,
            self.uploads - before.uploads,
            self.day,
        )

    @property
    def is_nothing(self) -> bool:
        """Nothing is taken up."""
        return not (self.videos_in_flight or self.stored_bytes or self.uploads)


def footprint_of(video: Video) -> Footprint:
    """What a video takes up.

    - It is in flight until it is completed or failed.
    - From its grant on it stores as many bytes as declared, later as many as are played; none if its upload was
      given up, cancelled or never came.
    - An upload that came to nothing is not counted among the day's.
    """
    day = day_of(video.created_at)
    if video.is_upload_closed:
        return Footprint(0, 0, 0, day)
    stored = video.source.size_bytes if video.publication is None else video.publication.size_bytes
    return Footprint(0 if video.status.is_terminal else 1, stored, 1, day)


def footprint_left(video: Video) -> Footprint:
    """What a deleted video still takes up: an upload that had come to something stays counted on its day."""
    footprint = footprint_of(video)
    return Footprint(0, 0, footprint.uploads if video.is_uploaded else 0, footprint.day)


@dataclass(frozen=True, slots=True)
class Usage:
    """What all videos of a user take up; `uploads` are those of `day` (UTC)."""

    videos_in_flight: int = 0
    stored_bytes: int = 0
    uploads: int = 0
    day: date = date.min

    def plus(self, change: Footprint) -> "Usage":
        """The usage after a change: a new day counts from nothing, and nothing is given back to a day that is over."""
        if change.day > self.day:
            day, uploads = change.day, max(change.uploads, 0)
        else:
            day, uploads = self.day, self.uploads + (change.uploads if change.day == self.day else 0)
        return Usage(
            self.videos_in_flight + change.videos_in_flight, self.stored_bytes + change.stored_bytes, uploads, day
        )


@dataclass(frozen=True, slots=True)
class Quota:
    """How much one user may take up; None: as much as they like."""

    max_videos_in_flight: int | None = None
    max_stored_bytes: int | None = None
    max_uploads_per_day: int | None = None

    @property
    def is_limited(self) -> bool:
        """There is a limit to anything."""
        limits = (self.max_videos_in_flight, self.max_stored_bytes, self.max_uploads_per_day)
        return any(limit is not None for limit in limits)

    def check(self, usage: Usage, *, now: datetime) -> None:
        """Pass when this usage is within the limits.

        Raises:
            QuotaExceeded: `too_many_videos_in_flight`, `storage_quota_exceeded` or `daily_upload_quota_exceeded`.
        """
        if _exceeds(usage.videos_in_flight, self.max_videos_in_flight):
            raise QuotaExceeded(
                f"At most {self.max_videos_in_flight} of your videos may be in work at once; wait for one to end.",
                code="too_many_videos_in_flight",
            )
        if _exceeds(usage.stored_bytes, self.max_stored_bytes):
            raise QuotaExceeded(
                f"Your videos may take up {self.max_stored_bytes} bytes; delete some.", code="storage_quota_exceeded"
            )
        if usage.day == day_of(now) and _exceeds(usage.uploads, self.max_uploads_per_day):
            raise QuotaExceeded(
                f"You may upload {self.max_uploads_per_day} videos a day (UTC).",
                code="daily_upload_quota_exceeded",
                retry_after_s=_until_midnight_s(now),
            )


def day_of(moment: datetime) -> date:
    """The day of a moment, in UTC."""
    return moment.astimezone(UTC).date()


def _exceeds(value: int, limit: int | None) -> bool:
    return limit is not None and value > limit


def _until_midnight_s(now: datetime) -> float:
    midnight = datetime.combine(day_of(now) + timedelta(days=1), time(), UTC)
    return (midnight - now).total_seconds()
