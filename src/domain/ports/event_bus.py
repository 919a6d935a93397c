"""Messages between processes that may be lost."""

from abc import abstractmethod
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from domain.model.ids import UserId, VideoId
from domain.model.stage import StageName


@dataclass(frozen=True, slots=True)
class EventsWritten:
    """A transaction that wrote events to the log has committed: read the log now."""


@dataclass(frozen=True, slots=True)
class StageProgress:
    """How far a running stage of a video is; `percent` is 0 to 100, `speed` is in the stage's unit per second."""

    video_id: VideoId
    owner: UserId
    stage: StageName
    percent: float
    attempt: int
    speed: float | None = None
    eta_s: float | None = None


BusMessage = EventsWritten | StageProgress


class EventBus(Protocol):
    """Broadcasts messages to every process of the installation.

    A message can be lost, when the bus is unreachable or a subscriber is slow. Nobody may depend on one: the log is
    read at least every few seconds.
    """

    @abstractmethod
    async def publish(self, message: BusMessage) -> None:
        """Send a message to every subscriber; never raises `Unavailable`, and never waits long."""

    @abstractmethod
    def subscribe(self) -> AbstractAsyncContextManager[AsyncIterator[BusMessage]]:
        """Receive the messages that are published while the block runs.

        After an outage the iterator continues, and first yields `EventsWritten`, since hints may have been lost.
        """
