"""Idempotency keys: a request that is repeated under its key makes nothing a second time."""

import hashlib
import json
import re
from dataclasses import astuple, dataclass
from datetime import datetime

from domain.model.errors import Conflict, Rejected
from domain.model.identity import UserId, VideoId
from domain.model.speech_hints import SpeechHints
from domain.model.upload_policy import UploadDeclaration
from domain.model.video import Video
from domain.model.youtube import ImportRequest

MAX_KEY_LENGTH = 255
KEY_LIFETIME_S = 24 * 3600.0

_PRINTABLE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")


@dataclass(frozen=True, slots=True)
class IdempotentRequest:
    """A client's key and what it asked for under it, as a digest."""

    key: str
    fingerprint: str

    def made(self, video: Video) -> "IdempotencyKey":
        """What is to be remembered of it."""
        return self.asked(video, now=video.created_at)

    def asked(self, video: Video, *, now: datetime) -> "IdempotencyKey":
        """What is to be remembered of work that was asked for on a video that is there."""
        return IdempotencyKey(video.owner, self.key, self.fingerprint, video.id, now)


@dataclass(frozen=True, slots=True)
class WorkRequest:
    """Work that a client asks for on a video that is there, with hints where it takes any."""

    video_id: VideoId
    hints: SpeechHints | None = None


_Declared = UploadDeclaration | ImportRequest | WorkRequest


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """What is remembered of a request: the video that it made or was about. The answer is made anew from that.

    No answer is kept: it holds signatures, which belong into no database.
    """

    owner: UserId
    key: str
    fingerprint: str
    video_id: VideoId
    created_at: datetime

    def require_same(self, request: IdempotentRequest) -> VideoId:
        """The video, for the very same request alone.

        Raises:
            Rejected: `idempotency_key_reused`: the key stands for another request.
        """
        if self.fingerprint != request.fingerprint:
            raise Rejected("This idempotency key was used for another request.", code="idempotency_key_reused")
        return self.video_id


def idempotent_request(key: str, operation: str, declared: _Declared) -> IdempotentRequest:
    """A request under its key.

    Raises:
        Rejected: `invalid_idempotency_key`: it is not 1 to 255 printable ASCII characters.
    """
    if len(key) > MAX_KEY_LENGTH or not _PRINTABLE.fullmatch(key):
        raise Rejected(
            f"An idempotency key is 1 to {MAX_KEY_LENGTH} printable ASCII characters.", code="invalid_idempotency_key"
        )
    covered = json.dumps([operation, *_told(declared)])
    return IdempotentRequest(key, hashlib.sha256(covered.encode()).hexdigest())


def _told(declared: _Declared) -> list[object]:
    """What a client has said, without what it left out at the end: a new field changes no request that has none."""
    values: list[object] = list(astuple(declared))
    while values[-1] in (None, ()):
        values.pop()
    return values


def in_use() -> Conflict:
    """The first request under the key has not come to its end."""
    return Conflict(
        "The first request with this idempotency key is still running; try again.", code="idempotency_key_in_use"
    )


def spent() -> Conflict:
    """What the first request made is gone."""
    return Conflict("The video that this idempotency key stands for was deleted.", code="idempotency_key_spent")
