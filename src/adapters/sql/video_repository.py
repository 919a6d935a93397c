"""Videos in SQL."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    RowMapping,
    bindparam,
    delete,
    insert,
    literal_column,
    select,
    tuple_,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.columns import db_now
from adapters.sql.event_log import SqlEventLog
from adapters.sql.publication_column import with_original
from adapters.sql.tables import videos
from adapters.sql.usage_changes import UsageChanges
from domain.model.errors import AlreadyExists, VideoNotFound
from domain.model.ids import UserId, VideoId
from domain.model.transcripts.hints import NO_HINTS
from domain.model.uploads.multipart import MultipartUpload
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.pagination import Cursor
from domain.model.videos.source import Source
from domain.model.videos.video import Video
from domain.ports.video_repository import VideoRepository

# A literal, not a parameter: with a parameter, the database cannot know that the partial index applies.
_UPLOADING: ColumnElement[str] = literal_column(f"'{VideoStatus.UPLOADING}'")

# Built once: SQLAlchemy takes longer to build a statement than the database takes to run it.
_ADD = insert(videos)
_GET = select(videos).where(videos.c.id == bindparam("video_id"))
_GET_LOCKED = _GET.with_for_update()
# Always in the same order, so that two transactions that lock the same videos do not deadlock.
_GET_MANY = select(videos).where(videos.c.id.in_(bindparam("video_ids", expanding=True))).order_by(videos.c.id)
_GET_MANY_LOCKED = _GET_MANY.with_for_update()
_SILENT = (
    select(videos)
    .where(
        videos.c.status == _UPLOADING,
        videos.c.id > bindparam("after"),
        videos.c.updated_at < bindparam("updated_before"),
        videos.c.upload_expires_at < bindparam("expired_before"),
    )
    .order_by(videos.c.id)
    .limit(bindparam("limit", type_=Integer))
)
_EXPIRED_ORIGINALS = (
    select(videos)
    .where(videos.c.original_kept_until <= db_now(), videos.c.id > bindparam("after"))
    .order_by(videos.c.id)
    .limit(bindparam("limit", type_=Integer))
)
_SAVE = update(videos).where(videos.c.id == bindparam("video_id"))
_DELETE = delete(videos).where(videos.c.id == bindparam("video_id")).returning(*videos.c)


class SqlVideoRepository(VideoRepository):
    """Videos, one row each. A write transaction locks the rows that it reads and counts their changes.

    The lock of a video's row also orders its events.
    """

    def __init__(
        self, connection: AsyncConnection, changes: UsageChanges, events: SqlEventLog, *, locking: bool
    ) -> None:
        self._connection = connection
        self._changes = changes
        self._events = events
        self._locking = locking

    async def add(self, *new: Video) -> None:
        try:
            await self._connection.execute(_ADD, [_row(video) for video in new])
        except IntegrityError as error:
            raise AlreadyExists("A video with this id already exists.") from error
        self._changes.add(*new)
        await self._events.append(*(event for video in new for event in video.pending_events))

    async def get(self, video_id: VideoId) -> Video:
        query = _GET_LOCKED if self._locking else _GET
        row = (await self._connection.execute(query, {"video_id": video_id})).mappings().one_or_none()
        if row is None:
            raise VideoNotFound
        return self._tracked(row)

    async def get_many(self, *video_ids: VideoId) -> list[Video]:
        query = _GET_MANY_LOCKED if self._locking else _GET_MANY
        rows = await self._connection.execute(query, {"video_ids": video_ids})
        return [self._tracked(row) for row in rows.mappings()]

    async def stale_uploads(
        self, *, updated_before: datetime, expired_before: datetime, limit: int, after: VideoId | None = None
    ) -> list[Video]:
        chosen = {
            "updated_before": updated_before,
            "expired_before": expired_before,
            "limit": limit,
            "after": after or "",
        }
        return [_video(row) for row in (await self._connection.execute(_SILENT, chosen)).mappings()]

    async def expired_originals(self, *, limit: int, after: VideoId | None = None) -> list[Video]:
        chosen = {"limit": limit, "after": after or ""}
        return [_video(row) for row in (await self._connection.execute(_EXPIRED_ORIGINALS, chosen)).mappings()]

    async def save(self, video: Video) -> None:
        if not self._changes.is_tracked(video.id):
            await self.get(video.id)
        written = self._changes.event_seq(video.id)
        unwritten = video.events_after(written)
        if unwritten != video.pending_events:
            first_seq = video.pending_events[0].seq
            video.require_none_lost(written, await self._events.written(video.id, first_seq=first_seq))
        stored = replace(video, event_seq=max(video.event_seq, written))
        await self._connection.execute(_SAVE, {"video_id": video.id, **_row(stored)})
        await self._events.append(*unwritten)
        self._changes.replace(stored)

    async def delete(self, video_id: VideoId, *, now: datetime) -> None:
        row = (await self._connection.execute(_DELETE, {"video_id": video_id})).mappings().one_or_none()
        if row is not None:
            video = _video(row)
            await self._events.append(*video.deleted(now=now).pending_events)
            self._changes.delete(video)

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

    def _tracked(self, row: RowMapping) -> Video:
        video = _video(row)
        self._changes.track(video)
        return video


def _row(video: Video) -> dict[str, Any]:
    multipart = video.source.multipart
    original = None if video.publication is None else video.publication.original
    return {
        "id": video.id,
        "owner": video.owner,
        "status": video.status.value,
        "source_key": video.source.key,
        "filename": video.source.filename,
        "content_type": video.source.content_type,
        "size_bytes": video.source.size_bytes,
        "etag": video.source.etag,
        "upload_id": None if multipart is None else multipart.upload_id,
        "part_bytes": None if multipart is None else multipart.part_bytes,
        "youtube_id": video.source.youtube_id,
        "is_growing": video.source.is_growing,
        "speech_hints": None if video.speech_hints == NO_HINTS else video.speech_hints,
        "stages": video.stages,
        "media": video.media,
        "publication": video.publication,
        "original_choice": video.original_choice,
        "kept_original": original,
        "original_kept_until": None if original is None else original.keep_until,
        "failure": video.failure,
        "warnings": video.warnings,
        "created_at": video.created_at,
        "updated_at": video.updated_at,
        "upload_expires_at": video.upload_expires_at,
        "event_seq": video.event_seq,
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
            multipart=None if row["upload_id"] is None else MultipartUpload(row["upload_id"], row["part_bytes"]),
            youtube_id=row["youtube_id"],
            is_growing=row["is_growing"],
        ),
        status=VideoStatus(row["status"]),
        stages=row["stages"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        upload_expires_at=row["upload_expires_at"],
        media=row["media"],
        publication=with_original(row["publication"], row["kept_original"]),
        failure=row["failure"],
        warnings=row["warnings"],
        speech_hints=row["speech_hints"] or NO_HINTS,
        original_choice=row["original_choice"],
        event_seq=row["event_seq"],
    )
