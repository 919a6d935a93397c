"""Hand out URLs that play a video."""

from dataclasses import dataclass

from domain.model.errors import NotFound
from domain.model.identity import UserId, VideoId
from domain.model.object_key import ObjectKey
from domain.model.source import Publication, PublicationKind
from domain.ports.database import Database
from domain.ports.object_store import ObjectStore

PICTURE_CONTENT_TYPE = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Playback:
    """Where to play a video and see its poster, and for how long; whether there is a storyboard to it."""

    video_id: VideoId
    url: str
    content_type: str
    size_bytes: int
    kind: PublicationKind
    poster_url: str | None
    has_storyboard: bool
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
        """The poster's URL alone.

        Raises:
            VideoNotFound: no such video of this owner.
            Conflict: `not_playable`: the video is not ready.
            NotFound: `poster_not_found`: no picture could be made.
        """
        published = await self._published(owner, video_id)
        if published.poster_key is None:
            raise NotFound("This video has no poster.", code="poster_not_found")
        return self._signed(published.poster_key)

    async def storyboard(self, owner: UserId, video_id: VideoId) -> str:
        """WebVTT that leads from each moment to its small picture: a rectangle of one sheet, under its signed URL.

        Raises:
            VideoNotFound: no such video of this owner.
            Conflict: `not_playable`: the video is not ready.
            NotFound: `storyboard_not_found`: there are no pictures.
        """
        published = await self._published(owner, video_id)
        if published.storyboard_key is None or published.storyboard is None:
            raise NotFound("This video has no storyboard.", code="storyboard_not_found")
        return published.storyboard.to_vtt(self._signed(published.storyboard_key))

    async def _published(self, owner: UserId, video_id: VideoId) -> Publication:
        async with self.database.read() as work:
            return (await work.videos.get(video_id)).require_owner(owner).require_playable()

    def _signed(self, key: ObjectKey, content_type: str = PICTURE_CONTENT_TYPE) -> str:
        return self.objects.presign_get(key, content_type=content_type, expires_in_s=self.expires_in_s)
