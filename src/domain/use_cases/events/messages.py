"""What an event stream sends to its client."""

from dataclasses import dataclass
from enum import StrEnum

from domain.model.videos.events import Event
from domain.model.videos.video import Video
from domain.ports.event_bus import StageProgress


class EndReason(StrEnum):
    """Why the server ends a stream."""

    EXPIRED = "expired"  # The token that the stream was opened with has expired.
    STOPPING = "stopping"  # The server stops; the client connects again.
    DELETED = "deleted"  # The video was deleted.
    TERMINAL = "terminal"  # The client asked for the end at a terminal status.


class ResetReason(StrEnum):
    """Why a stream cannot continue where the client asked for it."""

    INVALID = "invalid"  # The id is not a number, or no event has this number yet.
    DELETED = "deleted"  # Events after this one are no longer in the log.


@dataclass(frozen=True, slots=True)
class VideoSnapshot:
    """The state of one video; the events after `cursor` follow."""

    cursor: int
    video: Video


@dataclass(frozen=True, slots=True)
class UserSnapshot:
    """The user's videos that are not terminal, newest first; the events after `cursor` follow.

    If there are more than the snapshot may have, `is_complete` is false.
    """

    cursor: int
    videos: tuple[Video, ...]
    is_complete: bool


@dataclass(frozen=True, slots=True)
class Reset:
    """The client may have missed events; a new snapshot follows."""

    reason: ResetReason


@dataclass(frozen=True, slots=True)
class StreamedEvent:
    """An event, and the cursor of a client that has received it."""

    cursor: int
    event: Event


@dataclass(frozen=True, slots=True)
class Ping:
    """Nothing has happened for a while."""


@dataclass(frozen=True, slots=True)
class End:
    """The last message of a stream."""

    reason: EndReason


StreamMessage = VideoSnapshot | UserSnapshot | Reset | StreamedEvent | StageProgress | Ping | End
