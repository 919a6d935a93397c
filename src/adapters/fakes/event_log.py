"""The event log in memory."""

from dataclasses import replace
from datetime import datetime

from adapters.fakes.tables import Tables
from domain.model.ids import UserId, VideoId
from domain.model.videos.events import Event, LoggedEvent
from domain.ports.event_log import EventLog


class InMemoryEventLog(EventLog):
    """Events in lists: those that have a position, and those that have none yet."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self.has_appended = False

    async def append(self, *events: Event) -> None:
        self.write(*events)

    def write(self, *events: Event) -> None:
        """Add events, also those of videos."""
        self._tables.unsettled_events += events
        self.has_appended = self.has_appended or bool(events)

    def written(self, video_id: VideoId) -> dict[int, tuple[str, datetime]]:
        """Type and time of the video's events, also of those without a position, by their `seq`."""
        found = [*(each.event for each in self._tables.events), *self._tables.unsettled_events]
        return {event.seq: (event.type, event.occurred_at) for event in found if event.video_id == video_id}

    async def settle(self, *, limit: int = 1000) -> int:
        tables = self._tables
        settled, tables.unsettled_events = tables.unsettled_events[:limit], tables.unsettled_events[limit:]
        first = tables.log_state.last + 1
        tables.events += [LoggedEvent(position, event) for position, event in enumerate(settled, start=first)]
        tables.log_state = replace(tables.log_state, last=tables.log_state.last + len(settled))
        return len(settled)

    async def has_unsettled(self, *, video_id: VideoId | None = None) -> bool:
        return any(video_id in {None, event.video_id} for event in self._tables.unsettled_events)

    async def last_position(self) -> int:
        return self._tables.log_state.last

    async def deleted_through(self) -> int:
        return self._tables.log_state.deleted_through

    async def after(self, position: int, *, limit: int, owner: UserId | None = None) -> list[LoggedEvent]:
        later = [each for each in self._tables.events if each.position > position]
        return [each for each in later if owner is None or each.event.owner == owner][:limit]

    async def of_video(self, video_id: VideoId, *, after_seq: int, limit: int) -> list[LoggedEvent]:
        own = [each for each in self._tables.events if each.event.video_id == video_id]
        return [each for each in own if each.event.seq > after_seq][:limit]

    async def count_older(self, before: datetime, *, through: int | None = None) -> int:
        unsettled = self._tables.unsettled_events if through is None else []
        return len(self._older(before, through)) + sum(event.occurred_at < before for event in unsettled)

    async def delete_older(self, before: datetime, *, limit: int, through: int | None = None) -> int:
        tables = self._tables
        old = self._older(before, through)[:limit]
        if old:
            tables.events = [each for each in tables.events if each not in old]
            last = max(tables.log_state.deleted_through, old[-1].position)
            tables.log_state = replace(tables.log_state, deleted_through=last)
        return len(old)

    def _older(self, before: datetime, through: int | None) -> list[LoggedEvent]:
        old = [each for each in self._tables.events if each.event.occurred_at < before]
        return [each for each in old if through is None or each.position <= through]
