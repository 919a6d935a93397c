"""Signatures of the WebVTT tracks that the API serves without a token: captions and storyboards.

A `<track>` sends no `Authorization` header, so its URL itself must grant access.
"""

import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from domain.model.errors import Rejected
from domain.model.ids import VideoId


class TrackName(StrEnum):
    """The tracks of a video, as the last segment of their URLs."""

    CAPTIONS = "captions.vtt"
    STORYBOARD = "storyboard.vtt"


@dataclass(frozen=True, slots=True)
class TrackAddress:
    """What the URL of a track names; `version` changes with the content, so that caches never serve an older one."""

    video_id: VideoId
    name: TrackName
    version: str
    expires_s: int
    """When the URL expires, in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class SignedTrack:
    """An address of a track with its signature."""

    address: TrackAddress
    signature: str


@dataclass(frozen=True, slots=True)
class TrackKey:
    """Signs addresses, and checks signatures, by HMAC-SHA256 with a secret that all API processes share."""

    secret: bytes = field(repr=False)

    def sign(self, video_id: VideoId, name: TrackName, *, version: str, expires_at: datetime) -> SignedTrack:
        """The signed address of a track; the same arguments give the same signature."""
        address = TrackAddress(video_id, name, version, int(expires_at.timestamp()))
        return SignedTrack(address, self._signature(address))

    def check(self, track: SignedTrack, now: datetime) -> None:
        """Check that the address was signed and has not expired.

        Raises:
            Rejected: `invalid_signature` or `url_expired`.
        """
        expected = self._signature(track.address)
        if not hmac.compare_digest(track.signature.encode(errors="replace"), expected.encode()):
            raise Rejected("The URL was not signed for this track.", code="invalid_signature")
        if now.timestamp() >= track.address.expires_s:
            raise Rejected("The URL has expired; request a new one.", code="url_expired")

    def _signature(self, address: TrackAddress) -> str:
        # JSON separates the fields: no text in one can be read as the beginning of the next.
        covered = json.dumps([address.video_id, address.name, address.version, address.expires_s])
        return hmac.digest(self.secret, covered.encode(), sha256).hex()


def track_key(secret: bytes) -> TrackKey:
    """The key that belongs to the bucket's secret, derived so that neither signature is valid for the other purpose."""
    return TrackKey(hmac.digest(secret, b"telecine track urls", sha256))
