"""Storage of tickets."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol

from domain.model.access.ticket import Ticket


class TicketRepository(Protocol):
    """Tickets that were not taken yet, by digest."""

    @abstractmethod
    async def add(self, ticket: Ticket) -> None:
        """Store a new ticket."""

    @abstractmethod
    async def take(self, digest: str) -> Ticket | None:
        """Delete the ticket with this digest and return it; None if there is none.

        Of several concurrent callers, in any process, exactly one gets the ticket.
        """

    @abstractmethod
    async def find(self, digest: str) -> Ticket | None:
        """The ticket with this digest, which stays valid; None if there is none."""

    @abstractmethod
    async def delete_expired(self, before: datetime, *, limit: int) -> int:
        """Delete up to `limit` tickets that expired before this time; return how many."""
