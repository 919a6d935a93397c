"""Check a ticket for one step of an upload."""

from dataclasses import dataclass

from domain.model.access.principal import Principal, Scope
from domain.model.access.ticket import (
    MAX_TICKET_LENGTH,
    UPLOAD_TICKET_PREFIX,
    UploadPermission,
    invalid_ticket,
    ticket_digest,
)
from domain.ports.clock import Clock
from domain.ports.database import Database


@dataclass(frozen=True, slots=True)
class RedeemUploadTicket:
    """Exchanges a ticket for the user who requested it; the ticket stays valid until it expires."""

    database: Database
    clock: Clock

    async def __call__(self, secret: str, wanted: UploadPermission) -> Principal:
        """The user of the ticket.

        Raises:
            Unauthenticated: `invalid_ticket`: the ticket is unknown, has expired, or permits something else.
        """
        if not secret.startswith(UPLOAD_TICKET_PREFIX) or len(secret) > MAX_TICKET_LENGTH:
            raise invalid_ticket()
        async with self.database.read() as work:
            ticket = await work.tickets.find(ticket_digest(secret))
        if ticket is None or ticket.upload != wanted or ticket.expires_at <= self.clock.now():
            raise invalid_ticket()
        return Principal(ticket.owner, frozenset({Scope.UPLOAD}), ticket.token_expires_at)
