"""Sign URLs that play a video and show its poster and storyboard."""

from dataclasses import dataclass

from domain.model.errors import NotFound
from domain.model.ids import UserId, VideoId
from domain.model.media.content_types import IMAGE_CONTENT_TYPE
from domain.model.object_key import ObjectKey
from domain.model.videos.guards import require_owner, require_playable
from domain.model.videos.source import Publication, PublicationKind
from domain.ports.database import Database
from domain.ports.object_store import ObjectStore


@dataclass(frozen=True, slots=True)
class Playback:
    """Signed URLs of a video and its poster, their lifetime, and whether the video has a storyboard."""

    video_id: VideoId
    url: str
    content_type: str
    size_bytes: int
    kind: PublicationKind
    poster_url: str | None
    has_storyboard: bool
    expires_in_s: int


@dataclass(frozen=True, slots=True)
class GetPlayback:
    """Get signed URLs for playback.

    - The URLs point directly to the bucket, support range requests and expire after `expires_in` seconds.
    - When there is no rendition, `url` plays the original.
    """

    database: Database
    objects: ObjectStore
    expires_in_s: int

    async def __call__(self, owner: UserId, video_id: VideoId) -> Playback:
        """Sign the URLs of the published video and its poster.

        Raises:
            VideoNotFound: the owner has no video with this id.
            Conflict: `not_playable`: nothing can be played yet, or ever.
        """
        published = await self._published(owner, video_id)
        played = published.main
        return Playback(
            video_id=video_id,
            url=self._signed(played.key, played.content_type),
            content_type=played.content_type,
            size_bytes=played.size_bytes,
            kind=played.kind,
            poster_url=self._signed(published.poster_key) if published.poster_key is not None else None,
            has_storyboard=published.storyboard is not None,
            expires_in_s=self.expires_in_s,
        )

    async def poster(self, owner: UserId, video_id: VideoId) -> str:
        """The signed URL of the poster.

        Raises:
            VideoNotFound: the owner has no video with this id.
            Conflict: `not_playable`: nothing can be played yet, or ever.
            NotFound: `poster_not_found`: no poster could be generated.
        """
        published = await self._published(owner, video_id)
        if published.poster_key is None:
            raise NotFound("This video has no poster.", code="poster_not_found")
        return self._signed(published.poster_key)

    async def storyboard(self, owner: UserId, video_id: VideoId) -> str:
        """WebVTT that maps each time range to its thumbnail: a rectangle of one image, with the image's signed URL.

        Raises:
            VideoNotFound: the owner has no video with this id.
            Conflict: `not_playable`: nothing can be played yet, or ever.
            NotFound: `storyboard_not_found`: no storyboard could be generated.
        """
        published = await self._published(owner, video_id)
        if published.storyboard_key is None or published.storyboard is None:
            raise NotFound("This video has no storyboard.", code="storyboard_not_found")
        return published.storyboard.to_vtt(self._signed(published.storyboard_key))

    async def _published(self, owner: UserId, video_id: VideoId) -> Publication:
        async with self.database.read() as work:
            return require_playable(require_owner(await work.videos.get(video_id), owner))

    def _signed(self, key: ObjectKey, content_type: str = IMAGE_CONTENT_TYPE) -> str:
        return self.objects.presign_get(key, content_type=content_type, expires_in_s=self.expires_in_s)
