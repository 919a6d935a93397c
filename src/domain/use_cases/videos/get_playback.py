"""Sign URLs that play a video and show its poster, its storyboard and its captions."""

from dataclasses import dataclass
from datetime import datetime

from domain.model.errors import NotFound
from domain.model.ids import UserId, VideoId
from domain.model.media.content_types import IMAGE_CONTENT_TYPE
from domain.model.object_key import ObjectKey, fence_of
from domain.model.transcripts.transcript import CaptionTrack
from domain.model.videos.guards import require_owner, require_playable
from domain.model.videos.playback_lifetime import PlaybackLifetime, SignedWindow
from domain.model.videos.source import Publication, PublicationKind
from domain.model.videos.track_urls import SignedTrack, TrackKey, TrackName
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.ports.playback_signer import PlaybackSigner


@dataclass(frozen=True, slots=True)
class SignedCaptions:
    """The captions in one language, and their signed address."""

    track: CaptionTrack
    address: SignedTrack


@dataclass(frozen=True, slots=True)
class Playback:
    """Signed URLs and track addresses of a video; they are valid for at least `expires_in_s`, until `expires_at`."""

    video_id: VideoId
    title: str
    url: str
    content_type: str
    size_bytes: int
    kind: PublicationKind
    poster_url: str | None
    storyboard: SignedTrack | None
    storyboard_image_url: str | None
    captions: tuple[SignedCaptions, ...]
    expires_in_s: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class GetPlayback:
    """Get signed URLs for playback: the video, its poster, its storyboard and its captions.

    - `<video>`, `<img>` and `<track>` accept the URLs, because they need no token. Those of the video and of images
      point directly to the bucket, or to the CDN in front of it, and support range requests.
    - The URLs are valid for at least `expires_in` seconds, until `expires_at`. They stay the same for half of that
      time, so that browsers and a CDN can cache what they serve.
    - When there is no rendition, `url` plays the original.
    """

    database: Database
    signer: PlaybackSigner
    tracks: TrackKey
    clock: Clock
    lifetime: PlaybackLifetime

    async def __call__(self, owner: UserId, video_id: VideoId) -> Playback:
        """Sign the URLs of the published video, its images and its tracks.

        Raises:
            VideoNotFound: the owner has no video with this id.
            Conflict: `not_playable`: nothing can be played yet, or ever.
        """
        async with self.database.read() as work:
            video = require_owner(await work.videos.get(video_id), owner)
            published = require_playable(video)
            captions = await work.transcripts.track(video_id)
        window, played = self._window, published.main
        return Playback(
            video_id=video_id,
            title=video.title,
            url=self._signed(played.key, window, played.content_type),
            content_type=played.content_type,
            size_bytes=played.size_bytes,
            kind=played.kind,
            poster_url=None if published.poster_key is None else self._signed(published.poster_key, window),
            storyboard=self._storyboard(video_id, published, window),
            storyboard_image_url=(
                None if published.storyboard_key is None else self._signed(published.storyboard_key, window)
            ),
            captions=() if captions is None else (self._captions(video_id, captions, window),),
            expires_in_s=self.lifetime.guaranteed_s,
            expires_at=window.expires_at,
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
        return self._signed(published.poster_key, self._window)

    async def storyboard(self, owner: UserId, video_id: VideoId) -> str:
        """WebVTT that maps each time range to its thumbnail: a rectangle of one image, with the image's signed URL.

        Raises:
            VideoNotFound: the owner has no video with this id.
            Conflict: `not_playable`: nothing can be played yet, or ever.
            NotFound: `storyboard_not_found`: no storyboard could be generated.
        """
        return self.storyboard_of(await self._published(owner, video_id))

    def storyboard_of(self, published: Publication) -> str:
        """The storyboard of a publication, as `storyboard` returns it.

        Raises:
            NotFound: `storyboard_not_found`: no storyboard could be generated.
        """
        if published.storyboard_key is None or published.storyboard is None:
            raise NotFound("This video has no storyboard.", code="storyboard_not_found")
        return published.storyboard.to_vtt(self._signed(published.storyboard_key, self._window))

    async def _published(self, owner: UserId, video_id: VideoId) -> Publication:
        async with self.database.read() as work:
            return require_playable(require_owner(await work.videos.get(video_id), owner))

    @property
    def _window(self) -> SignedWindow:
        return self.lifetime.window(self.clock.now())

    def _signed(self, key: ObjectKey, window: SignedWindow, content_type: str = IMAGE_CONTENT_TYPE) -> str:
        return self.signer.presign_get(
            key, content_type=content_type, expires_in_s=window.expires_in_s, signed_at=window.signed_at
        )

    def _captions(self, video_id: VideoId, track: CaptionTrack, window: SignedWindow) -> SignedCaptions:
        address = self.tracks.sign(video_id, TrackName.CAPTIONS, version=track.version, expires_at=window.expires_at)
        return SignedCaptions(track, address)

    def _storyboard(self, video_id: VideoId, published: Publication, window: SignedWindow) -> SignedTrack | None:
        """The address of the storyboard; a new image has a new key, so the key is its version."""
        if published.storyboard_key is None or published.storyboard is None:
            return None
        version = str(fence_of(published.storyboard_key))
        return self.tracks.sign(video_id, TrackName.STORYBOARD, version=version, expires_at=window.expires_at)
