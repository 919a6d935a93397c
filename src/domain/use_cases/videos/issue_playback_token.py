"""Issue a playback token for one video."""

from dataclasses import dataclass

from domain.model.access.playback_token import NewPlaybackToken, checked_lifetime_s, new_playback_token
from domain.model.errors import Conflict
from domain.model.ids import UserId, VideoId
from domain.model.videos.guards import require_owner
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.ports.id_generator import IdGenerator


@dataclass(frozen=True, slots=True)
class IssuePlaybackToken:
    """Issue a token with which a viewer without an account plays this one video.

    - The token permits the playback URLs, the poster, the storyboard, and the transcript with its captions; nothing
      else, and neither the original nor any change.
    - It expires after `expires_in` seconds, and can be revoked earlier. It can be issued before the video is playable.
    - Its text is returned only once, because only a digest is stored.
    - The number of valid tokens per video is limited.
    """

    database: Database
    clock: Clock
    ids: IdGenerator
    max_per_video: int

    async def __call__(self, owner: UserId, video_id: VideoId, *, expires_in: int) -> NewPlaybackToken:
        """Store a new token.

        Raises:
            Rejected: `invalid_expires_in`.
            VideoNotFound: the owner has no video with this id.
            Conflict: `too_many_playback_tokens`.
        """
        now = self.clock.now()
        new = new_playback_token(
            video_id,
            owner,
            token_id=self.ids.new_id(),
            secret=self.ids.new_id(),
            now=now,
            lifetime_s=checked_lifetime_s(expires_in),
        )
        async with self.database.write() as work:
            # The lock of the video makes concurrent requests count each other's tokens.
            require_owner(await work.videos.get(video_id), owner)
            await work.playback_tokens.delete_expired(video_id, valid_at=now)
            if len(await work.playback_tokens.of_video(video_id, valid_at=now)) >= self.max_per_video:
                raise Conflict(
                    f"A video has at most {self.max_per_video} valid playback tokens; revoke one of them.",
                    code="too_many_playback_tokens",
                )
            await work.playback_tokens.add(new.token)
        return new
