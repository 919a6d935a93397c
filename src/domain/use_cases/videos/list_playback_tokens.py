"""List the playback tokens of a video."""

from dataclasses import dataclass

from domain.model.access.playback_token import PlaybackToken
from domain.model.ids import UserId, VideoId
from domain.model.videos.guards import require_owner
from domain.ports.clock import Clock
from domain.ports.database import Database


@dataclass(frozen=True, slots=True)
class ListPlaybackTokens:
    """List the valid playback tokens of a video, newest first, without their texts."""

    database: Database
    clock: Clock

    async def __call__(self, owner: UserId, video_id: VideoId) -> list[PlaybackToken]:
        """The tokens of the owner's video.

        Raises:
            VideoNotFound: the owner has no video with this id.
        """
        async with self.database.read() as work:
            require_owner(await work.videos.get(video_id), owner)
            return await work.playback_tokens.of_video(video_id, valid_at=self.clock.now())
