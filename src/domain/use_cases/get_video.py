"""Look at one video."""

from dataclasses import dataclass

from domain.model.identity import UserId, VideoId
from domain.model.video import Video
from domain.ports.database import Database


@dataclass(frozen=True, slots=True)
class GetVideo:
    """Get a video with its status, stages, failure and warnings.

    - Somebody else's video looks exactly like one that does not exist.
    """

    database: Database

    async def __call__(self, owner: UserId, video_id: VideoId) -> Video:
        """The owner's video.

        Raises:
            VideoNotFound: no such video of this owner.
        """
        async with self.database.read() as work:
            return (await work.videos.get(video_id)).require_owner(owner)
