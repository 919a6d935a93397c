"""Storage of playback tokens."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol

from domain.model.access.playback_token import PlaybackToken
from domain.model.ids import VideoId


class PlaybackTokenRepository(Protocol):
    """Playback tokens by id, and by video. They are deleted with their video."""

    @abstractmethod
    async def add(self, token: PlaybackToken) -> None:
        """Store a new token.

        Raises:
            VideoNotFound: there is no such video; the unit of work can only be rolled back.
        """

    @abstractmethod
    async def get(self, token_id: str) -> PlaybackToken:
        """The token with this id, even if it has expired; any text is accepted as an id.

        Raises:
            NotFound: `playback_token_not_found`: there is none.
        """

    @abstractmethod
    async def of_video(self, video_id: VideoId, *, valid_at: datetime) -> list[PlaybackToken]:
        """The tokens of a video that expire after this time, newest first, ties by descending id."""

    @abstractmethod
    async def delete(self, token_id: str) -> None:
        """Delete the token; an absent one is no error."""

    @abstractmethod
    async def delete_expired(self, video_id: VideoId, *, valid_at: datetime) -> None:
        """Delete the tokens of a video that expire at this time or before."""
