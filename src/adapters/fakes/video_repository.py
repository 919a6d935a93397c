"""Videos in memory."""

from dataclasses import replace
from datetime import datetime

from adapters.fakes.event_log import InMemoryEventLog
from adapters.fakes.tables import Tables
from domain.model.access.quota import Footprint, Usage, footprint_after_delete, footprint_of
from domain.model.errors import AlreadyExists, VideoNotFound
from domain.model.ids import UserId, VideoId
from domain.model.transcripts.transcript import TranscriptOrigin
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.listing import NEWEST_FIRST, ListedVideo, ListPosition, VideoListing
from domain.model.videos.video import CaptionState, Video
from domain.ports.clock import Clock
from domain.ports.video_repository import VideoRepository

_CAPTIONS = {
    None: CaptionState.NONE,
    TranscriptOrigin.GENERATED: CaptionState.GENERATED,
    TranscriptOrigin.UPLOADED: CaptionState.OWN,
}


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
            return self._with_captions(self._tables.videos[video_id])
        except KeyError:
            raise VideoNotFound from None

    async def get_many(self, *video_ids: VideoId) -> list[Video]:
        found = set(video_ids) & self._tables.videos.keys()
        return [self._with_captions(self._tables.videos[video_id]) for video_id in found]

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
        self, owner: UserId, *, limit: int, listing: VideoListing = NEWEST_FIRST, after: ListPosition | None = None
    ) -> list[ListedVideo]:
        shown = [
            video
            for video in map(self._with_captions, self._tables.videos.values())
            if video.owner == owner
            and listing.filter.matches(video)
            and (after is None or _follows(listing, video, after))
        ]
        ordered = sorted(shown, key=lambda video: _place(listing, video), reverse=listing.sort.is_descending)
        return [ListedVideo(video, listing.position_after(video)) for video in ordered[:limit]]

    async def fill_title_keys(self, *, limit: int) -> int:
        del limit
        return 0

    def _with_captions(self, video: Video) -> Video:
        transcript = self._tables.transcripts.get(video.id)
        track = None if transcript is None else transcript.track
        return replace(video, captions=_CAPTIONS[None if track is None else track.origin])

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


def _place(listing: VideoListing, video: Video) -> tuple[str, str]:
    """The video's place in the list; times of one form in UTC are ordered as texts."""
    return _comparable(listing.position_after(video))


def _follows(listing: VideoListing, video: Video, after: ListPosition) -> bool:
    place, previous = _place(listing, video), _comparable(after)
    return place < previous if listing.sort.is_descending else place > previous


def _comparable(position: ListPosition) -> tuple[str, str]:
    key = position.key if isinstance(position.key, str) else position.key.isoformat(timespec="microseconds")
    return key, position.video_id
