"""Playback tokens in SQL."""

from datetime import datetime

from sqlalchemy import RowMapping, delete, desc, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.tables import playback_tokens
from domain.model.access.playback_token import PlaybackToken, playback_token_not_found
from domain.model.errors import VideoNotFound
from domain.model.ids import VideoId
from domain.ports.playback_token_repository import PlaybackTokenRepository

_COLUMNS = playback_tokens.c


class SqlPlaybackTokenRepository(PlaybackTokenRepository):
    """One row per token."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, token: PlaybackToken) -> None:
        row = {
            "id": token.id,
            "video_id": token.video_id,
            "owner": token.owner,
            "digest": token.digest,
            "created_at": token.created_at,
            "expires_at": token.expires_at,
        }
        try:
            await self._connection.execute(insert(playback_tokens).values(row))
        except IntegrityError as error:
            raise VideoNotFound from error

    async def get(self, token_id: str) -> PlaybackToken:
        query = select(playback_tokens).where(_COLUMNS.id == token_id)
        row = (await self._connection.execute(query)).mappings().one_or_none()
        if row is None:
            raise playback_token_not_found()
        return _token(row)

    async def of_video(self, video_id: VideoId, *, valid_at: datetime) -> list[PlaybackToken]:
        query = (
            select(playback_tokens)
            .where(_COLUMNS.video_id == video_id, _COLUMNS.expires_at > valid_at)
            .order_by(desc(_COLUMNS.created_at), desc(_COLUMNS.id))
        )
        return [_token(row) for row in (await self._connection.execute(query)).mappings()]

    async def delete(self, token_id: str) -> None:
        await self._connection.execute(delete(playback_tokens).where(_COLUMNS.id == token_id))

    async def delete_expired(self, video_id: VideoId, *, valid_at: datetime) -> None:
        expired = (_COLUMNS.video_id == video_id, _COLUMNS.expires_at <= valid_at)
        await self._connection.execute(delete(playback_tokens).where(*expired))


def _token(row: RowMapping) -> PlaybackToken:
    return PlaybackToken(
        id=row["id"],
        video_id=row["video_id"],
        owner=row["owner"],
        digest=row["digest"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
    )
