"""Get one video."""

from dataclasses import dataclass

from domain.model.ids import UserId, VideoId
from domain.model.videos.guards import require_owner
from domain.model.videos.video import Video
from domain.ports.database import Database


@dataclass(frozen=True, slots=True)
class GetVideo:
    """Get a video with its status, stages, failure and warnings.

    - Another user's video gives the same answer as a video that does not exist.
    """

    database: Database

    async def __call__(self, owner: UserId, video_id: VideoId) -> Video:
        """The owner's video.

        Raises:
            VideoNotFound: the owner has no video with this id.
        """
        async with self.database.read() as work:
            return require_owner(await work.videos.get(video_id), owner)
