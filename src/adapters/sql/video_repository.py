"""Videos in SQL."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Integer,
    RowMapping,
    bindparam,
    delete,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.columns import db_now
from adapters.sql.event_log import SqlEventLog
from adapters.sql.tables import videos
from adapters.sql.usage_changes import UsageChanges
from adapters.sql.video_pages import listed_of, page_query
from adapters.sql.video_rows import row_of, video_of
from domain.model.errors import AlreadyExists, VideoNotFound
from domain.model.ids import UserId, VideoId
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.listing import NEWEST_FIRST, ListedVideo, ListPosition, VideoListing
from domain.model.videos.titles import title_key
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
_NO_KEY: ColumnElement[str] = literal_column("''")
_WITHOUT_TITLE_KEY = (
    select(videos.c.id, videos.c.title, videos.c.filename)
    .where(videos.c.title_key == _NO_KEY)
    .order_by(videos.c.id)
    .limit(bindparam("limit", type_=Integer))
    .with_for_update()
)
_FILL_TITLE_KEY = update(videos).where(videos.c.id == bindparam("video_id")).values(title_key=bindparam("title_key"))
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
            await self._connection.execute(_ADD, [row_of(video) for video in new])
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
        return [video_of(row) for row in (await self._connection.execute(_SILENT, chosen)).mappings()]

    async def expired_originals(self, *, limit: int, after: VideoId | None = None) -> list[Video]:
        chosen = {"limit": limit, "after": after or ""}
        return [video_of(row) for row in (await self._connection.execute(_EXPIRED_ORIGINALS, chosen)).mappings()]

    async def save(self, video: Video) -> None:
        if not self._changes.is_tracked(video.id):
            await self.get(video.id)
        written = self._changes.event_seq(video.id)
        unwritten = video.events_after(written)
        if unwritten != video.pending_events:
            first_seq = video.pending_events[0].seq
            video.require_none_lost(written, await self._events.written(video.id, first_seq=first_seq))
        stored = replace(video, event_seq=max(video.event_seq, written))
        await self._connection.execute(_SAVE, {"video_id": video.id, **row_of(stored)})
        await self._events.append(*unwritten)
        self._changes.replace(stored)

    async def delete(self, video_id: VideoId, *, now: datetime) -> None:
        row = (await self._connection.execute(_DELETE, {"video_id": video_id})).mappings().one_or_none()
        if row is not None:
            video = video_of(row)
            await self._events.append(*video.deleted(now=now).pending_events)
            self._changes.delete(video)

    async def page(
        self, owner: UserId, *, limit: int, listing: VideoListing = NEWEST_FIRST, after: ListPosition | None = None
    ) -> list[ListedVideo]:
        query = page_query(owner, listing, limit=limit, after=after)
        return [listed_of(row, listing.sort) for row in (await self._connection.execute(query)).mappings()]

    async def fill_title_keys(self, *, limit: int) -> int:
        rows = (await self._connection.execute(_WITHOUT_TITLE_KEY, {"limit": limit})).mappings().all()
        for row in rows:
            key = {"video_id": row["id"], "title_key": title_key(row["title"] or row["filename"])}
            await self._connection.execute(_FILL_TITLE_KEY, key)
        return len(rows)

    def _tracked(self, row: RowMapping) -> Video:
        video = video_of(row)
        self._changes.track(video)
        return video
