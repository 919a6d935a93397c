"""Idempotency keys: a request that is repeated with its key has its effect only once."""

import hashlib
import json
import re
from dataclasses import astuple, dataclass
from datetime import datetime

from domain.model.errors import Conflict, Rejected
from domain.model.ids import UserId, VideoId, WebhookId
from domain.model.imports.youtube import ImportRequest
from domain.model.transcripts.hints import SpeechHints
from domain.model.uploads.policy import UploadDeclaration
from domain.model.videos.video import Video
from domain.model.webhooks.endpoint import EndpointDeclaration

MAX_KEY_LENGTH = 255
KEY_LIFETIME_S = 24 * 3600.0

_PRINTABLE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")


@dataclass(frozen=True, slots=True)
class IdempotentRequest:
    """A client's key, with a digest of the request that it was sent with."""

    key: str
    fingerprint: str

    def creating(self, video: Video) -> "IdempotencyKey":
        """The record to store for a request that creates this video."""
        return self.concerning(video, now=video.created_at)

    def concerning(self, video: Video, *, now: datetime) -> "IdempotencyKey":
        """The record to store for a request that queues work on this existing video."""
        return IdempotencyKey(video.owner, self.key, self.fingerprint, video.id, now)


@dataclass(frozen=True, slots=True)
class WorkRequest:
    """A request for work on an existing video, with hints if the operation takes any."""

    video_id: VideoId
    hints: SpeechHints | None = None


@dataclass(frozen=True, slots=True)
class TestEventRequest:
    """A request to send a test event to a webhook."""

    webhook_id: WebhookId


_Declared = UploadDeclaration | ImportRequest | WorkRequest | EndpointDeclaration | TestEventRequest


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """The stored record of a request: the video that it created or concerned, or the webhook or delivery made.

    `video_id` is the id of any of them. The response to a repeated request is built from that. The first response is
    not stored, because it contains signatures, which must not be in a database.
    """

    owner: UserId
    key: str
    fingerprint: str
    video_id: VideoId
    created_at: datetime

    def require_same(self, request: IdempotentRequest) -> VideoId:
        """The video's id, if the request is the same as the first one.

        Raises:
            Rejected: `idempotency_key_reused`: the key was used for a different request.
        """
        if self.fingerprint != request.fingerprint:
            raise Rejected("This idempotency key was used for a different request.", code="idempotency_key_reused")
        return self.video_id


def idempotent_request(key: str, operation: str, declared: _Declared) -> IdempotentRequest:
    """A request with its key, which is checked, and its fingerprint.

    Raises:
        Rejected: `invalid_idempotency_key`: it is not 1 to 255 printable ASCII characters.
    """
    if len(key) > MAX_KEY_LENGTH or not _PRINTABLE.fullmatch(key):
        raise Rejected(
            f"An idempotency key must have 1 to {MAX_KEY_LENGTH} printable ASCII characters.",
            code="invalid_idempotency_key",
        )
    covered = json.dumps([operation, *_sent_values(declared)])
    return IdempotentRequest(key, hashlib.sha256(covered.encode()).hexdigest())


def _sent_values(declared: _Declared) -> list[object]:
    """The request's values without trailing empty ones, so that a new optional field changes no old fingerprint."""
    values: list[object] = list(astuple(declared))
    while values[-1] in (None, ()):
        values.pop()
    return values


def key_in_use() -> Conflict:
    """The error for a key whose first request is still running."""
    return Conflict(
        "The first request with this idempotency key is still running; try again.", code="idempotency_key_in_use"
    )


def key_spent() -> Conflict:
    """The error for a key whose video or webhook was deleted."""
    return Conflict("What this idempotency key refers to was deleted.", code="idempotency_key_spent")
