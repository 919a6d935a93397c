"""Tickets: credentials in a URL, for clients that cannot send a header."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from domain.model.errors import Unauthenticated
from domain.model.ids import UserId

TICKET_PREFIX = "tkt_"
"""Begins every ticket, so that logs can recognise and redact one."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One ticket as stored: only its digest, so that a copy of the database opens no stream.

    `token_expires_at` is the end of the token that the ticket was issued for, if that is known. A stream that the
    ticket opens ends then.
    """

    digest: str
    owner: UserId
    expires_at: datetime
    token_expires_at: datetime | None = None


def ticket_digest(secret: str) -> str:
    """The digest under which a ticket is stored; any text has one."""
    return sha256(secret.encode(errors="surrogatepass")).hexdigest()


def invalid_ticket() -> Unauthenticated:
    """The error for a ticket that is unknown, was used, or has expired; these give the same answer."""
    return Unauthenticated("The ticket is unknown, was used, or has expired.", code="invalid_ticket")
