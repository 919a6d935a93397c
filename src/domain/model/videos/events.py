"""What happens to a video, as clients and webhook receivers are told it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.model.failure import Failure, FailureCode
from domain.model.ids import UserId, VideoId
from domain.model.videos.lifecycle import LifecycleEvent, VideoStatus


class EventType(StrEnum):
    """The public name of an event."""

    UPLOAD_COMPLETED = "upload.completed"
    UPLOAD_FAILED = "upload.failed"
    UPLOAD_CANCELLED = "upload.cancelled"
    UPLOAD_EXPIRED = "upload.expired"
    IMPORT_FAILED = "import.failed"
    VIDEO_PROCESSING = "video.processing"
    VIDEO_PLAYABLE = "video.playable"
    VIDEO_COMPLETED = "video.completed"
    VIDEO_FAILED = "video.failed"
    VIDEO_RETRIED = "video.retried"
    VIDEO_DELETED = "video.deleted"
    TRANSCRIPT_READY = "transcript.ready"
    CAPTIONS_REPLACED = "captions.replaced"
    CAPTIONS_REMOVED = "captions.removed"
    POSTER_READY = "poster.ready"
    POSTER_FAILED = "poster.failed"
    WEBHOOK_DISABLED = "webhook.disabled"


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a user.

    `seq` counts the events of one video from 1 without gaps. An event without a video, such as `webhook.disabled`, has
    no `video_id`, no `status` and `seq` 0. `status`, `playable`, `failure`, `title` and `external_id` are the video's
    at that moment. `details` has the `language` of `transcript.ready` and `captions.replaced`, if it is known.
    """

    type: EventType
    owner: UserId
    occurred_at: datetime
    video_id: VideoId | None = None
    seq: int = 0
    status: VideoStatus | None = None
    playable: bool = False
    failure: Failure | None = None
    title: str | None = None
    external_id: str | None = None
    details: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event in the log.

    `position` orders all events of all users. It is given after the event's transaction has committed: when an event
    with a position can be read, every event with a lower position can be read too.
    """

    position: int
    event: Event


_TYPES = {
    LifecycleEvent.UPLOAD_COMPLETED: EventType.UPLOAD_COMPLETED,
    LifecycleEvent.UPLOAD_FAILED: EventType.UPLOAD_FAILED,
    LifecycleEvent.UPLOAD_CANCELLED: EventType.UPLOAD_CANCELLED,
    LifecycleEvent.UPLOAD_EXPIRED: EventType.UPLOAD_EXPIRED,
    LifecycleEvent.PROCESSING_STARTED: EventType.VIDEO_PROCESSING,
    LifecycleEvent.PROCESSING_COMPLETED: EventType.VIDEO_COMPLETED,
    LifecycleEvent.PROCESSING_FAILED: EventType.VIDEO_FAILED,
    LifecycleEvent.RETRIED: EventType.VIDEO_RETRIED,
    LifecycleEvent.IMPORT_RETRIED: EventType.VIDEO_RETRIED,
}

_CLOSING_EVENTS = {
    FailureCode.UPLOAD_CANCELLED: LifecycleEvent.UPLOAD_CANCELLED,
    FailureCode.UPLOAD_EXPIRED: LifecycleEvent.UPLOAD_EXPIRED,
}


def event_type(transition: LifecycleEvent, *, is_imported: bool) -> EventType:
    """The event of a transition. An import that fails is `import.failed`, not `upload.failed`."""
    if is_imported and transition is LifecycleEvent.UPLOAD_FAILED:
        return EventType.IMPORT_FAILED
    return _TYPES[transition]


def closing_event(code: FailureCode) -> LifecycleEvent:
    """The transition of a video whose upload ends with this failure."""
    return _CLOSING_EVENTS.get(code, LifecycleEvent.UPLOAD_FAILED)
