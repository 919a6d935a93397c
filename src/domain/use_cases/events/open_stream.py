"""Open a stream over the feed of this process."""

from dataclasses import dataclass

from domain.model.ids import UserId, VideoId
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.use_cases.events.event_feed import EventFeed
from domain.use_cases.events.event_stream import EventStream, StreamOptions
from domain.use_cases.events.sources import EventSource


@dataclass(frozen=True, slots=True)
class OpenStream:
    """Opens streams over the feed of this process."""

    database: Database
    feed: EventFeed
    clock: Clock
    ping_s: float

    async def __call__(
        self, source: EventSource, owner: UserId, options: StreamOptions, *, video_id: VideoId | None = None
    ) -> EventStream:
        """A stream whose first messages are read; the caller closes it.

        Raises:
            VideoNotFound: the owner has no such video.
            TooManyStreams: the user has too many streams.
            Unavailable: the database does not answer, or the server is stopping.
        """
        snapshot = await source.snapshot()  # First, so that a request for an unknown video starts no reading.
        subscription = await self.feed.subscribe(owner, video_id)
        stream = EventStream(source, self.feed, subscription, self.clock, options=options, ping_s=self.ping_s)
        try:
            await stream.open(snapshot)
        except BaseException:
            stream.close()
            raise
        return stream
