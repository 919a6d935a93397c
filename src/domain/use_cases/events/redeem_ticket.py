"""Open a stream with a ticket."""

from dataclasses import dataclass

from domain.model.access.principal import Principal
from domain.model.access.ticket import MAX_TICKET_LENGTH, invalid_ticket, ticket_digest, ticket_scopes
from domain.ports.clock import Clock
from domain.ports.database import Database


@dataclass(frozen=True, slots=True)
class RedeemTicket:
    """Exchanges a ticket for the user who requested it; the ticket cannot be used again."""

    database: Database
    clock: Clock

    async def __call__(self, secret: str) -> Principal:
        """The user of the ticket, with its scope.

        Raises:
            Unauthenticated: `invalid_ticket`: the ticket is unknown, was used, has expired, or is one of an upload.
        """
        scopes = ticket_scopes(secret)
        if not scopes or len(secret) > MAX_TICKET_LENGTH:
            raise invalid_ticket()
        async with self.database.write() as work:
            ticket = await work.tickets.take(ticket_digest(secret))
        if ticket is None or ticket.upload is not None or ticket.expires_at <= self.clock.now():
            raise invalid_ticket()
        return Principal(ticket.owner, scopes, ticket.token_expires_at)
