"""Tickets in memory."""

from datetime import datetime

from adapters.fakes.tables import Tables
from domain.model.access.ticket import Ticket
from domain.ports.ticket_repository import TicketRepository


class InMemoryTicketRepository(TicketRepository):
    """Tickets in a dictionary."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def add(self, ticket: Ticket) -> None:
        self._tables.tickets[ticket.digest] = ticket

    async def take(self, digest: str) -> Ticket | None:
        return self._tables.tickets.pop(digest, None)

    async def find(self, digest: str) -> Ticket | None:
        return self._tables.tickets.get(digest)

    async def delete_expired(self, before: datetime, *, limit: int) -> int:
        expired = [ticket.digest for ticket in self._tables.tickets.values() if ticket.expires_at < before][:limit]
        for digest in expired:
            del self._tables.tickets[digest]
        return len(expired)
