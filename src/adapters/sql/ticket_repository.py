"""Tickets in SQL."""

from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.sql.tables import tickets
from domain.model.access.ticket import Ticket
from domain.ports.ticket_repository import TicketRepository

# Deleting and returning is one statement, so that two processes cannot both get the row.
_TAKE = delete(tickets).where(tickets.c.digest == bindparam("taken")).returning(*tickets.c)


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
        }
        await self._connection.execute(insert(tickets), row)

    async def take(self, digest: str) -> Ticket | None:
        row = (await self._connection.execute(_TAKE, {"taken": digest})).mappings().one_or_none()
        return None if row is None else Ticket(**row)

    async def delete_expired(self, before: datetime, *, limit: int) -> int:
        expired = select(tickets.c.digest).where(tickets.c.expires_at < before).limit(limit)
        return (await self._connection.execute(delete(tickets).where(tickets.c.digest.in_(expired)))).rowcount
