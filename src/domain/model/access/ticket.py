"""Tickets: credentials in a URL, for clients that cannot send a header."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from domain.model.errors import Unauthenticated
from domain.model.ids import UserId, VideoId

TICKET_PREFIX = "tkt_"
"""Begins every ticket, so that logs can recognise and redact one."""

MAX_TICKET_LENGTH = 100


class UploadAction(StrEnum):
    """A step of a multipart upload in the dialect of S3, which a ticket can permit."""

    CREATE = "create"
    LIST = "list"
    COMPLETE = "complete"
    ABORT = "abort"


@dataclass(frozen=True, slots=True)
class UploadPermission:
    """The one action on the upload of one video that a ticket permits."""

    video_id: VideoId
    action: UploadAction


@dataclass(frozen=True, slots=True)
class Ticket:
    """One ticket as stored: only its digest, so that a copy of the database opens no stream.

    `token_expires_at` is the end of the token that the ticket was issued for, if that is known. A stream that the
    ticket opens ends then. A ticket with an `upload` permits that and opens no stream.
    """

    digest: str
    owner: UserId
    expires_at: datetime
    token_expires_at: datetime | None = None
    upload: UploadPermission | None = None


def ticket_secret(*random: str) -> str:
    """The secret of a new ticket, made of random ids."""
    return f"{TICKET_PREFIX}{''.join(random)}".replace("-", "")


def ticket_digest(secret: str) -> str:
    """The digest under which a ticket is stored; any text has one."""
    return sha256(secret.encode(errors="surrogatepass")).hexdigest()


def invalid_ticket() -> Unauthenticated:
    """The error for a ticket that is unknown, was used, or has expired; these give the same answer."""
    return Unauthenticated("The ticket is unknown, was used, or has expired.", code="invalid_ticket")
