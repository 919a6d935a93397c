"""Sign the URLs that show a video in a list: its poster, and the file that is played."""

from dataclasses import dataclass

from domain.model.media.content_types import IMAGE_CONTENT_TYPE
from domain.model.object_key import ObjectKey
from domain.model.videos.playback_lifetime import PlaybackLifetime
from domain.model.videos.video import Video
from domain.ports.clock import Clock
from domain.ports.playback_signer import PlaybackSigner


@dataclass(frozen=True, slots=True)
class VideoUrls:
    """Signed URLs; None for what is not published."""

    poster: str | None = None
    playback: str | None = None


NO_URLS = VideoUrls()


@dataclass(frozen=True, slots=True)
class SignVideo:
    """Signs the URLs of a video that was read, without any call to the database or the bucket.

    They are those of `GetPlayback`, so a page of videos and the player share what a browser has cached.
    """

    signer: PlaybackSigner
    clock: Clock
    lifetime: PlaybackLifetime

    def __call__(self, video: Video) -> VideoUrls:
        """The URLs of the video's publication."""
        published = video.publication
        if published is None:
            return VideoUrls()
        played = published.main
        return VideoUrls(
            poster=None if published.poster_key is None else self.signed(published.poster_key, IMAGE_CONTENT_TYPE),
            playback=self.signed(played.key, played.content_type),
        )

    def signed(self, key: ObjectKey, content_type: str) -> str:
        """The signed URL of an object, the same for all answers of a slot of time."""
        window = self.lifetime.window(self.clock.now())
        return self.signer.presign_get(
            key, content_type=content_type, expires_in_s=window.expires_in_s, signed_at=window.signed_at
        )
