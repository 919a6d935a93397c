"""Tickets: credentials in a URL, for clients that cannot send a header."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from domain.model.access.principal import Principal, Scope
from domain.model.errors import Unauthenticated
from domain.model.ids import UserId, VideoId

# Each prefix stands for the scope that the ticket has. The digest covers the prefix, so that it cannot be exchanged.
_PREFIXES = {Scope.READ: "tkt_", Scope.UPLOAD: "tku_"}

UPLOAD_TICKET_PREFIX = "tks_"
"""Begins every ticket for a step of an upload, which therefore opens no stream."""

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


def ticket_secret(prefix: str, *random: str) -> str:
    """The secret of a new ticket, made of random ids."""
    return f"{prefix}{''.join(random)}".replace("-", "")


def ticket_prefix(principal: Principal) -> str:
    """What a ticket for this caller begins with, by which logs recognise and redact it.

    A token that may only upload gets a ticket that may follow one video at a time, and not all of them.
    """
    return _PREFIXES[Scope.READ if Scope.READ in principal.scopes else Scope.UPLOAD]


def ticket_scopes(secret: str) -> frozenset[Scope]:
    """The scope of a ticket; none if the text cannot be a ticket."""
    return frozenset(scope for scope, prefix in _PREFIXES.items() if secret.startswith(prefix))


def ticket_digest(secret: str) -> str:
    """The digest under which a ticket is stored; any text has one."""
    return sha256(secret.encode(errors="surrogatepass")).hexdigest()


def invalid_ticket() -> Unauthenticated:
    """The error for a ticket that is unknown, was used, or has expired; these give the same answer."""
    return Unauthenticated("The ticket is unknown, was used, or has expired.", code="invalid_ticket")
