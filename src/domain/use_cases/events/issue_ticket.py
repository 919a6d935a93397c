"""Issue a ticket that opens one event stream."""

from dataclasses import dataclass
from datetime import timedelta

from domain.model.access.principal import Principal
from domain.model.access.ticket import Ticket, ticket_digest, ticket_prefix, ticket_secret
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.ports.id_generator import IdGenerator

DELETED_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class IssuedTicket:
    """A ticket, which is stored nowhere, and its lifetime."""

    secret: str
    expires_in_s: int


@dataclass(frozen=True, slots=True)
class IssueTicket:
    """Get a ticket that opens one event stream.

    - A browser can set a header neither on an `EventSource` nor on a WebSocket: it sends `?ticket=` instead of the
      token.
    - A ticket can be used once, within `expires_in` seconds, on any server of the installation.
    - The stream ends when the token of this request expires, as if it had been opened with the token.
    - A ticket can only read events. If the token of this request has only the scope `videos:upload`, the ticket opens
      the stream of one video, and not that of all.
    """

    database: Database
    ids: IdGenerator
    clock: Clock
    lifetime_s: int

    async def __call__(self, principal: Principal) -> IssuedTicket:
        """A new ticket of this user; expired ones are deleted."""
        secret = ticket_secret(ticket_prefix(principal), self.ids.new_id(), self.ids.new_id())
        now = self.clock.now()
        ticket = Ticket(
            digest=ticket_digest(secret),
            owner=principal.user_id,
            expires_at=now + timedelta(seconds=self.lifetime_s),
            token_expires_at=principal.expires_at,
        )
        async with self.database.write() as work:
            await work.tickets.delete_expired(now, limit=DELETED_AT_ONCE)
            await work.tickets.add(ticket)
        return IssuedTicket(secret, self.lifetime_s)
