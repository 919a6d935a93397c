"""Revoke a playback token."""

from dataclasses import dataclass

from domain.model.access.playback_token import playback_token_not_found
from domain.model.ids import UserId, VideoId
from domain.model.videos.guards import require_owner
from domain.ports.database import Database


@dataclass(frozen=True, slots=True)
class RevokePlaybackToken:
    """Revoke a playback token: the API rejects it from the next request on.

    - Playback URLs that the viewer already has stay valid until they expire (`expires_at`).
    """

    database: Database

    async def __call__(self, owner: UserId, video_id: VideoId, token_id: str) -> None:
        """Delete the token.

        Raises:
            VideoNotFound: the owner has no video with this id.
            NotFound: `playback_token_not_found`: the video has no such token.
        """
        async with self.database.write() as work:
            require_owner(await work.videos.get(video_id), owner)
            if (await work.playback_tokens.get(token_id)).video_id != video_id:
                raise playback_token_not_found()
            await work.playback_tokens.delete(token_id)
