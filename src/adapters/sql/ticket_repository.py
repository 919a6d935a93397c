"""Tickets in SQL."""

from datetime import datetime

from sqlalchemy import RowMapping, bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.tables import tickets
from domain.model.access.ticket import Ticket, UploadAction, UploadPermission
from domain.model.ids import VideoId
from domain.ports.ticket_repository import TicketRepository

# Deleting and returning is one statement, so that two processes cannot both get the row.
_TAKE = delete(tickets).where(tickets.c.digest == bindparam("taken")).returning(*tickets.c)
_FIND = select(tickets).where(tickets.c.digest == bindparam("wanted"))


class SqlTicketRepository(TicketRepository):
    """Tickets, one row each."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, ticket: Ticket) -> None:
        row = {
            "digest": ticket.digest,
            "owner": ticket.owner,
            "expires_at": ticket.expires_at,
            "token_expires_at": ticket.token_expires_at,
            "video_id": None if ticket.upload is None else ticket.upload.video_id,
            "action": None if ticket.upload is None else ticket.upload.action.value,
        }
        await self._connection.execute(insert(tickets), row)

    async def take(self, digest: str) -> Ticket | None:
        row = (await self._connection.execute(_TAKE, {"taken": digest})).mappings().one_or_none()
        return None if row is None else _ticket(row)

    async def find(self, digest: str) -> Ticket | None:
        row = (await self._connection.execute(_FIND, {"wanted": digest})).mappings().one_or_none()
        return None if row is None else _ticket(row)

    async def delete_expired(self, before: datetime, *, limit: int) -> int:
        expired = select(tickets.c.digest).where(tickets.c.expires_at < before).limit(limit)
        return (await self._connection.execute(delete(tickets).where(tickets.c.digest.in_(expired)))).rowcount


def _ticket(row: RowMapping) -> Ticket:
    action = row["action"]
    return Ticket(
        digest=row["digest"],
        owner=row["owner"],
        expires_at=row["expires_at"],
        token_expires_at=row["token_expires_at"],
        upload=None if action is None else UploadPermission(VideoId(row["video_id"]), UploadAction(action)),
    )
