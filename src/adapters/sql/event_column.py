"""The column of an event's state of the video."""

from dataclasses import dataclass, field

from domain.model.failure import Failure
from domain.model.videos.events import Event
from domain.model.videos.lifecycle import VideoStatus


@dataclass(frozen=True, slots=True)
class StoredState:
    """The fields of an event that SQL does not read, as JSON."""

    status: VideoStatus | None = None
    playable: bool = False
    failure: Failure | None = None
    details: dict[str, str] = field(default_factory=dict[str, str])
    title: str | None = None
    external_id: str | None = None

    @classmethod
    def of(cls, event: Event) -> "StoredState":
        """What is stored of an event."""
        return cls(event.status, event.playable, event.failure, dict(event.details), event.title, event.external_id)
