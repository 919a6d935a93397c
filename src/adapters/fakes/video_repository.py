"""Videos in memory."""

from dataclasses import replace
from datetime import datetime

from adapters.fakes.event_log import InMemoryEventLog
from adapters.fakes.tables import Tables
from domain.model.access.quota import Footprint, Usage, footprint_after_delete, footprint_of
from domain.model.errors import AlreadyExists, VideoNotFound
from domain.model.ids import UserId, VideoId
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.pagination import Cursor
from domain.model.videos.video import Video
from domain.ports.clock import Clock
from domain.ports.video_repository import VideoRepository


class InMemoryVideoRepository(VideoRepository):
    """Videos in a dictionary."""

    def __init__(self, tables: Tables, clock: Clock, events: InMemoryEventLog) -> None:
        self._tables = tables
        self._events = events
        self._clock = clock

    async def add(self, *videos: Video) -> None:
        for video in videos:
            if video.id in self._tables.videos:
                raise AlreadyExists("A video with this id already exists.")
            self._store(video, written_seq=0)
            self._count(video.owner, footprint_of(video))

    async def get(self, video_id: VideoId) -> Video:
        try:
            return self._tables.videos[video_id]
        except KeyError:
            raise VideoNotFound from None

    async def get_many(self, *video_ids: VideoId) -> list[Video]:
        return [self._tables.videos[video_id] for video_id in set(video_ids) & self._tables.videos.keys()]

    async def stale_uploads(
        self, *, updated_before: datetime, expired_before: datetime, limit: int, after: VideoId | None = None
    ) -> list[Video]:
        silent = [
            video
            for video in self._tables.videos.values()
            if video.status is VideoStatus.UPLOADING
            and video.updated_at < updated_before
            and video.upload_expires_at < expired_before
            and (after is None or video.id > after)
        ]
        return sorted(silent, key=lambda video: video.id)[:limit]

    async def expired_originals(self, *, limit: int, after: VideoId | None = None) -> list[Video]:
        now = self._clock.now()
        expired = [
            video
            for video in self._tables.videos.values()
            if (after is None or video.id > after) and _is_original_expired(video, now)
        ]
        return sorted(expired, key=lambda video: video.id)[:limit]

    async def save(self, video: Video) -> None:
        before = await self.get(video.id)
        video.require_none_lost(before.event_seq, self._events.written(video.id))
        self._store(video, written_seq=before.event_seq)
        self._count(video.owner, footprint_of(video).minus(footprint_of(before)))

    async def delete(self, video_id: VideoId, *, now: datetime) -> None:
        self._tables.transcripts.pop(video_id, None)
        for token in [token for token in self._tables.playback_tokens.values() if token.video_id == video_id]:
            del self._tables.playback_tokens[token.id]
        self._tables.slots.pop(video_id, None)
        video = self._tables.videos.pop(video_id, None)
        if video is not None:
            self._events.write(*video.deleted(now=now).pending_events)
            self._count(video.owner, footprint_after_delete(video).minus(footprint_of(video)))

    async def page(
        self, owner: UserId, *, limit: int, after: Cursor | None = None, status: VideoStatus | None = None
    ) -> list[Video]:
        shown = [
            video
            for video in self._tables.videos.values()
            if video.owner == owner
            and (status is None or video.status is status)
            and (after is None or _position(Cursor.after(video)) < _position(after))
        ]
        return sorted(shown, key=lambda video: _position(Cursor.after(video)), reverse=True)[:limit]

    def _store(self, video: Video, *, written_seq: int) -> None:
        self._events.write(*video.events_after(written_seq))
        event_seq = max(video.event_seq, written_seq)
        self._tables.videos[video.id] = replace(video, event_seq=event_seq, pending_events=())

    def _count(self, owner: UserId, change: Footprint) -> None:
        if not change.is_zero:
            self._tables.usage[owner] = self._tables.usage.get(owner, Usage()).plus(change)


def _is_original_expired(video: Video, now: datetime) -> bool:
    original = None if video.publication is None else video.publication.original
    return original is not None and original.keep_until is not None and original.keep_until <= now


def _position(cursor: Cursor) -> tuple[object, str]:
    return (cursor.created_at, cursor.video_id)
