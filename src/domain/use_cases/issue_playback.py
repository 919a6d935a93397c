"""Hand out URLs that play a video."""

from dataclasses import dataclass

from domain.model.errors import NotFound
from domain.model.identity import UserId, VideoId
from domain.ports.database import Database
from domain.ports.object_store import ObjectStore

POSTER_CONTENT_TYPE = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Playback:
    """Where to play a video and see its poster, and for how long."""

    url: str
    content_type: str
    size_bytes: int
    is_original: bool
    poster_url: str | None
    expires_in_s: int


@dataclass(frozen=True, slots=True)
class IssuePlayback:
    """Get signed URLs for playback.

    - They lead straight to the bucket, serve ranges, and expire.
    - The kept original is played when there is no rendition.
    """

    database: Database
    objects: ObjectStore
    expires_in_s: int

    async def __call__(self, owner: UserId, video_id: VideoId) -> Playback:
        """Sign what can be played.

        Raises:
            VideoNotFound: no such video of this owner.
            Conflict: `not_playable`: nothing can be played yet, or ever.
        """
        async with self.database.read() as work:
            published = (await work.videos.get(video_id)).require_owner(owner).require_playable()
        poster_url = None
        if published.poster_key is not None:
            poster_url = self.objects.presign_get(
                published.poster_key, content_type=POSTER_CONTENT_TYPE, expires_in_s=self.expires_in_s
            )
        return Playback(
            url=self.objects.presign_get(
                published.key, content_type=published.content_type, expires_in_s=self.expires_in_s
            ),
            content_type=published.content_type,
            size_bytes=published.size_bytes,
            is_original=published.is_original,
            poster_url=poster_url,
            expires_in_s=self.expires_in_s,
        )

    async def poster(self, owner: UserId, video_id: VideoId) -> str:
        """The poster's URL alone.

        Raises:
            VideoNotFound: no such video of this owner.
            Conflict: `not_playable`: the video is not ready.
            NotFound: `poster_not_found`: no picture could be made.
        """
        playback = await self(owner, video_id)
        if playback.poster_url is None:
            raise NotFound("This video has no poster.", code="poster_not_found")
        return playback.poster_url
