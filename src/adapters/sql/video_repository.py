"""Videos in SQL."""

from typing import Any

from sqlalchemy import RowMapping, bindparam, delete, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.tables import videos
from domain.model.errors import AlreadyExists, VideoNotFound
from domain.model.identity import UserId, VideoId
from domain.model.lifecycle import VideoStatus
from domain.model.pagination import Cursor
from domain.model.video import Source, Video
from domain.ports.video_repository import VideoRepository

# Made once: SQLAlchemy spends more on making a statement than the database on running it.
_ADD = insert(videos)
_GET = select(videos).where(videos.c.id == bindparam("video_id"))
_GET_LOCKED = _GET.with_for_update()
_SAVE = update(videos).where(videos.c.id == bindparam("video_id"))


class SqlVideoRepository(VideoRepository):
    """Videos, one row each. In a writing transaction a row that was read is locked."""

    def __init__(self, connection: AsyncConnection, *, locking: bool) -> None:
        self._connection = connection
        self._locking = locking

    async def add(self, *new: Video) -> None:
        try:
            await self._connection.execute(_ADD, [_row(video) for video in new])
        except IntegrityError as error:
            raise AlreadyExists("A video with this id is there already.") from error

    async def get(self, video_id: VideoId) -> Video:
        query = _GET_LOCKED if self._locking else _GET
        row = (await self._connection.execute(query, {"video_id": video_id})).mappings().one_or_none()
        if row is None:
            raise VideoNotFound
        return _video(row)

    async def save(self, video: Video) -> None:
        saved = await self._connection.execute(_SAVE, {"video_id": video.id, **_row(video)})
        if saved.rowcount == 0:
            raise VideoNotFound

    async def delete(self, video_id: VideoId) -> None:
        await self._connection.execute(delete(videos).where(videos.c.id == video_id))

    async def page(
        self, owner: UserId, *, limit: int, after: Cursor | None = None, status: VideoStatus | None = None
    ) -> list[Video]:
        query = select(videos).where(videos.c.owner == owner)
        if status is not None:
            query = query.where(videos.c.status == status)
        if after is not None:
            position = tuple_(videos.c.created_at, videos.c.id)
            query = query.where(position < tuple_(after.created_at, after.video_id))
        query = query.order_by(videos.c.created_at.desc(), videos.c.id.desc()).limit(limit)
        return [_video(row) for row in (await self._connection.execute(query)).mappings()]


def _row(video: Video) -> dict[str, Any]:
    return {
        "id": video.id,
        "owner": video.owner,
        "status": video.status.value,
        "source_key": video.source.key,
        "filename": video.source.filename,
        "content_type": video.source.content_type,
        "size_bytes": video.source.size_bytes,
        "etag": video.source.etag,
        "stages": video.stages,
        "media": video.media,
        "publication": video.publication,
        "failure": video.failure,
        "warnings": video.warnings,
        "created_at": video.created_at,
        "updated_at": video.updated_at,
        "upload_expires_at": video.upload_expires_at,
    }


def _video(row: RowMapping) -> Video:
    return Video(
        id=row["id"],
        owner=row["owner"],
        source=Source(
            key=row["source_key"],
            filename=row["filename"],
            content_type=row["content_type"],
            size_bytes=row["size_bytes"],
            etag=row["etag"],
        ),
        status=VideoStatus(row["status"]),
        stages=row["stages"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        upload_expires_at=row["upload_expires_at"],
        media=row["media"],
        publication=row["publication"],
        failure=row["failure"],
        warnings=row["warnings"],
    )
