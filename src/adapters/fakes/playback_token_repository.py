"""Playback tokens in memory."""

from datetime import datetime

from adapters.fakes.tables import Tables
from domain.model.access.playback_token import PlaybackToken, playback_token_not_found
from domain.model.errors import VideoNotFound
from domain.model.ids import VideoId
from domain.ports.playback_token_repository import PlaybackTokenRepository


class InMemoryPlaybackTokenRepository(PlaybackTokenRepository):
    """A dictionary by id."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def add(self, token: PlaybackToken) -> None:
        if token.video_id not in self._tables.videos:
            raise VideoNotFound
        self._tables.playback_tokens[token.id] = token

    async def get(self, token_id: str) -> PlaybackToken:
        if token_id not in self._tables.playback_tokens:
            raise playback_token_not_found()
        return self._tables.playback_tokens[token_id]

    async def of_video(self, video_id: VideoId, *, valid_at: datetime) -> list[PlaybackToken]:
        of_video = (token for token in self._tables.playback_tokens.values() if token.video_id == video_id)
        valid = [token for token in of_video if token.expires_at > valid_at]
        return sorted(valid, key=lambda token: (token.created_at, token.id), reverse=True)

    async def delete(self, token_id: str) -> None:
        self._tables.playback_tokens.pop(token_id, None)

    async def delete_expired(self, video_id: VideoId, *, valid_at: datetime) -> None:
        for token in list(self._tables.playback_tokens.values()):
            if token.video_id == video_id and token.expires_at <= valid_at:
                del self._tables.playback_tokens[token.id]
