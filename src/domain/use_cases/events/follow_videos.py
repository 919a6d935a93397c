"""Follow the events of all videos of a user."""

from dataclasses import dataclass

from domain.model.ids import UserId
from domain.use_cases.events.event_stream import EventStream, StreamOptions
from domain.use_cases.events.open_stream import OpenStream
from domain.use_cases.events.sources import UserEvents


@dataclass(frozen=True, slots=True)
class FollowVideos:
    """Follow all videos of the user live.

    - The first event is `snapshot`: the status of every video that is not terminal, newest first. At most 100 videos
      are listed; if there are more, `complete` is false.
    - Then come the events of all videos, as in the stream of one video. Their ids are positions in the log, not the
      numbers that the stream of one video has.
    - `Last-Event-ID`, `reset` and `end` are as in the stream of one video.
    """

    open_stream: OpenStream

    async def __call__(self, owner: UserId, options: StreamOptions) -> EventStream:
        """The opened stream; raises what `OpenStream` raises."""
        return await self.open_stream(UserEvents(self.open_stream.database, owner), owner, options)
