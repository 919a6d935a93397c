"""Follow the events of one video."""

from dataclasses import dataclass

from domain.model.ids import UserId, VideoId
from domain.use_cases.events.event_stream import EventStream, StreamOptions
from domain.use_cases.events.open_stream import OpenStream
from domain.use_cases.events.sources import VideoEvents


@dataclass(frozen=True, slots=True)
class FollowVideo:
    """Follow a video live.

    - The first event is `snapshot`: the same JSON as the video's status. Then come the events as they happen, such as
      `video.playable`, each with an `id`, and `progress` without an `id` for percentages.
    - A client that connects again with the last `id` (`Last-Event-ID`) gets the events that it missed. If the log no
      longer has them, or has no such id, the stream begins with `reset`, and the snapshot replaces what was missed.
    - A slow client loses percentages only.
    - The stream continues after `video.completed` and `video.failed`, because a retry may follow, unless the request
      has `until=terminal`. It ends with an event `end` whose `reason` is `deleted` (after `video.deleted`), `terminal`,
      `expired` (the token has expired) or `stopping` (the server stops: connect again).
    - Another user's video gives the same answer as a video that does not exist.
    """

    open_stream: OpenStream

    async def __call__(self, owner: UserId, video_id: VideoId, options: StreamOptions) -> EventStream:
        """The opened stream; raises what `OpenStream` raises."""
        source = VideoEvents(self.open_stream.database, owner, video_id)
        return await self.open_stream(source, owner, options, video_id=video_id)
