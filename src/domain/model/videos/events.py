"""What happens to a video, as clients and webhook receivers are told it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.model.failure import Failure
from domain.model.ids import UserId, VideoId
from domain.model.videos.lifecycle import VideoStatus


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
    WEBHOOK_DISABLED = "webhook.disabled"


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a user.

    `seq` counts the events of one video from 1 without gaps. An event without a video, such as `webhook.disabled`, has
    no `video_id`, no `status` and `seq` 0. `status`, `playable` and `failure` are the video's at that moment.
    """

    type: EventType
    owner: UserId
    occurred_at: datetime
    video_id: VideoId | None = None
    seq: int = 0
    status: VideoStatus | None = None
    playable: bool = False
    failure: Failure | None = None
    details: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event in the log.

    `position` orders all events of all users. It is given after the event's transaction has committed: when an event
    with a position can be read, every event with a lower position can be read too.
    """

    position: int
    event: Event
