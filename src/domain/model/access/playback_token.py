"""Playback tokens: an app gives one to a viewer who has no account."""

import hmac
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from domain.model.errors import NotFound, Rejected
from domain.model.ids import UserId, VideoId

PREFIX = "play_"
DEFAULT_LIFETIME_S = 3600
MAX_LIFETIME_S = 366 * 86_400

_TOKEN = re.compile(rf"{PREFIX}(?P<id>[0-9a-f]{{32}})(?P<secret>[0-9a-f]{{32}})", re.ASCII)


@dataclass(frozen=True, slots=True)
class PlaybackToken:
    """A stored token: it plays one video of its owner until it expires. Only a digest of its secret is kept."""

    id: str
    video_id: VideoId
    owner: UserId
    digest: str = field(repr=False)
    created_at: datetime
    expires_at: datetime

    def is_valid(self, secret: str, now: datetime) -> bool:
        """Whether the secret is this token's, and the token has not expired."""
        return hmac.compare_digest(self.digest, _digest(secret)) and now < self.expires_at


@dataclass(frozen=True, slots=True)
class NewPlaybackToken:
    """A token with its text, which is returned once and cannot be read again."""

    token: PlaybackToken
    text: str = field(repr=False)


def new_playback_token(
    video_id: VideoId, owner: UserId, *, token_id: str, secret: str, now: datetime, lifetime_s: int
) -> NewPlaybackToken:
    """A token made of two random UUIDs: one is its id, the other its secret."""
    secret = _hexadecimal(secret)
    token = PlaybackToken(token_id, video_id, owner, _digest(secret), now, now + timedelta(seconds=lifetime_s))
    return NewPlaybackToken(token, f"{PREFIX}{_hexadecimal(token_id)}{secret}")


def parse_playback_token(text: str) -> tuple[str, str] | None:
    """The id and the secret in the text of a token; None if the text is not a playback token."""
    found = _TOKEN.fullmatch(text)
    if found is None:
        return None
    token_id = found["id"]
    parts = (token_id[:8], token_id[8:12], token_id[12:16], token_id[16:20], token_id[20:])
    return "-".join(parts), found["secret"]


def checked_lifetime_s(expires_in: int) -> int:
    """The lifetime, if it is allowed.

    Raises:
        Rejected: `invalid_expires_in`.
    """
    if not 1 <= expires_in <= MAX_LIFETIME_S:
        raise Rejected(f"`expires_in` must be 1 to {MAX_LIFETIME_S} seconds.", code="invalid_expires_in")
    return expires_in


def playback_token_not_found() -> NotFound:
    """The error for a token that this video does not have."""
    return NotFound("This video has no such playback token.", code="playback_token_not_found")


def _digest(secret: str) -> str:
    # A fast hash is enough: the secret is random, so it cannot be guessed from a list.
    return sha256(secret.encode()).hexdigest()


def _hexadecimal(uuid: str) -> str:
    return uuid.replace("-", "")
