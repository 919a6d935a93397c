"""Get a WebVTT track of a video by its signed URL."""

from dataclasses import dataclass

from domain.model.captions.writers import to_vtt
from domain.model.videos.guards import require_playable
from domain.model.videos.track_urls import SignedTrack, TrackKey, TrackName
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.use_cases.videos.get_playback import GetPlayback


@dataclass(frozen=True, slots=True)
class Track:
    """The content of a track, and for how long caches may serve it."""

    content: str
    max_age_s: int


@dataclass(frozen=True, slots=True)
class GetTrack:
    """Get captions or a storyboard by a signed URL; the signature is the only authorization.

    - The content is the current one, even if the URL was signed for an older version.
    """

    database: Database
    key: TrackKey
    clock: Clock
    playback: GetPlayback

    async def __call__(self, track: SignedTrack) -> Track:
        """The content at this address.

        Raises:
            Rejected: `invalid_signature` or `url_expired`.
            VideoNotFound: the video was deleted.
            Conflict: `not_playable`.
            TranscriptNotFound: its captions were deleted.
            NotFound: `storyboard_not_found`.
        """
        now = self.clock.now()
        self.key.check(track, now)
        max_age_s = track.address.expires_s - int(now.timestamp())
        return Track(await self._content(track), max_age_s)

    async def _content(self, track: SignedTrack) -> str:
        video_id = track.address.video_id
        async with self.database.read() as work:
            published = require_playable(await work.videos.get(video_id))
            if track.address.name is TrackName.CAPTIONS:
                return to_vtt((await work.transcripts.get(video_id)).cues)
        return self.playback.storyboard_of(published)
