"""The event log in SQL."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    RowMapping,
    Select,
    Update,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.event_column import StoredState
from adapters.sql.tables import event_positions, events
from domain.model.ids import UserId, VideoId
from domain.model.videos.events import Event, EventType, LoggedEvent
from domain.ports.event_log import EventLog

# Built once: SQLAlchemy takes longer to build a statement than the database takes to run it.
_LIMIT = bindparam("limit", type_=Integer)
_APPEND = insert(events).inline()
_IS_UNSETTLED = events.c.position.is_(None)
_HAS_UNSETTLED = select(exists().where(_IS_UNSETTLED))
_HAS_UNSETTLED_OF_VIDEO = select(exists().where(_IS_UNSETTLED, events.c.video_id == bindparam("of_video")))
_LOCK = select(event_positions.c.last).with_for_update()
_ADVANCE = update(event_positions).values(last=bindparam("new_last"))
_DELETED = (
    update(event_positions)
    .values(deleted_through=bindparam("through"))
    .where(event_positions.c.deleted_through < bindparam("through"))
)
# A process of an older version skips events of types that only newer versions know.
_IS_KNOWN = events.c.type.in_([known.value for known in EventType])
_AFTER = (
    select(events)
    .where(events.c.position > bindparam("after_position"), _IS_KNOWN)
    .order_by(events.c.position)
    .limit(_LIMIT)
)
_AFTER_OF_OWNER = _AFTER.where(events.c.owner == bindparam("of_owner"))
_OF_VIDEO = (
    select(events)
    .where(
        events.c.video_id == bindparam("of_video"),
        events.c.seq > bindparam("after_seq"),
        events.c.position.is_not(None),
        _IS_KNOWN,
    )
    .order_by(events.c.seq)
    .limit(_LIMIT)
)
_WRITTEN = select(events.c.seq, events.c.type, events.c.occurred_at).where(
    events.c.video_id == bindparam("of_video"), events.c.seq >= bindparam("first_seq")
)


class SqlEventLog(EventLog):
    """One row per event, and one row with the last position, which `settle` locks.

    Ids are given at the insert, so a transaction may commit an id after another one has committed a higher id. A
    position is given to a committed row only, and by one transaction at a time: positions are committed in their order.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.has_appended = False

    async def append(self, *new: Event) -> None:
        if new:
            await self._connection.execute(_APPEND, [_row(event) for event in new])
            self.has_appended = True

    async def written(self, video_id: VideoId, *, first_seq: int) -> dict[int, tuple[str, datetime]]:
        """Type and time of the video's events from this number on, also of those without a position, by their `seq`."""
        rows = await self._connection.execute(_WRITTEN, {"of_video": video_id, "first_seq": first_seq})
        return {row.seq: (row.type, row.occurred_at) for row in rows}

    async def settle(self, *, limit: int = 1000) -> int:
        if not await self.has_unsettled():
            return 0
        # Locked by a statement of its own: only the next statement sees what has committed until the lock was got.
        last: int = (await self._connection.execute(_LOCK)).scalar_one()
        settled = (await self._connection.execute(_settle(), {"last": last, "limit": limit})).rowcount
        await self._connection.execute(_ADVANCE, {"new_last": last + settled})
        return settled

    async def has_unsettled(self, *, video_id: VideoId | None = None) -> bool:
        query = _HAS_UNSETTLED if video_id is None else _HAS_UNSETTLED_OF_VIDEO
        parameters = {} if video_id is None else {"of_video": video_id}
        return bool((await self._connection.execute(query, parameters)).scalar_one())

    async def last_position(self) -> int:
        return int((await self._connection.execute(select(event_positions.c.last))).scalar_one())

    async def deleted_through(self) -> int:
        return int((await self._connection.execute(select(event_positions.c.deleted_through))).scalar_one())

    async def after(self, position: int, *, limit: int, owner: UserId | None = None) -> list[LoggedEvent]:
        if owner is None:
            return await self._read(_AFTER, {"after_position": position, "limit": limit})
        return await self._read(_AFTER_OF_OWNER, {"after_position": position, "limit": limit, "of_owner": owner})

    async def of_video(self, video_id: VideoId, *, after_seq: int, limit: int) -> list[LoggedEvent]:
        return await self._read(_OF_VIDEO, {"of_video": video_id, "after_seq": after_seq, "limit": limit})

    async def count_older(self, before: datetime, *, through: int | None = None) -> int:
        counted = select(func.count()).where(events.c.occurred_at < before, _is_through(through))
        return int((await self._connection.execute(counted)).scalar_one())

    async def delete_older(self, before: datetime, *, limit: int, through: int | None = None) -> int:
        # Locked first, so that concurrent deletions do not deadlock over the rows of events.
        await self._connection.execute(_LOCK)
        is_old = (events.c.occurred_at < before, events.c.position.is_not(None), _is_through(through))
        oldest = select(events.c.id).where(*is_old)
        chosen = oldest.order_by(events.c.position).limit(limit)
        deleted = delete(events).where(events.c.id.in_(chosen)).returning(events.c.position)
        positions = (await self._connection.execute(deleted)).scalars().all()
        if positions:
            await self._connection.execute(_DELETED, {"through": max(positions)})
        return len(positions)

    async def _read(self, query: Select[Any], parameters: dict[str, Any]) -> list[LoggedEvent]:
        return [_logged(row) for row in (await self._connection.execute(query, parameters)).mappings()]


def _is_through(position: int | None) -> ColumnElement[bool]:
    return true() if position is None else events.c.position <= position


@cache
def _settle() -> Update:
    """Number the rows in the order of their insertion, which for the events of one video is that of `seq`."""
    rank = func.row_number().over(order_by=events.c.id).label("rank")
    chosen = select(events.c.id, rank).where(_IS_UNSETTLED).order_by(events.c.id).limit(_LIMIT).subquery("chosen")
    position = bindparam("last", type_=events.c.position.type) + chosen.c.rank
    return update(events).values(position=position).where(events.c.id == chosen.c.id)


def _row(event: Event) -> dict[str, Any]:
    return {
        "video_id": event.video_id,
        "owner": event.owner,
        "seq": event.seq,
        "type": event.type.value,
        "occurred_at": event.occurred_at,
        "data": StoredState.of(event),
    }


def _logged(row: RowMapping) -> LoggedEvent:
    state: StoredState = row["data"]
    event = Event(
        type=EventType(row["type"]),
        owner=row["owner"],
        occurred_at=row["occurred_at"],
        video_id=row["video_id"],
        seq=row["seq"],
        status=state.status,
        playable=state.playable,
        failure=state.failure,
        title=state.title,
        external_id=state.external_id,
        details=state.details,
    )
    return LoggedEvent(row["position"], event)
