"""Signed URLs at which players get objects: of the bucket itself, or of a CDN in front of it."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol

from domain.model.object_key import ObjectKey


class PlaybackSigner(Protocol):
    """Signs URLs that `<video>`, `<img>` and `<track>` accept, because they need no request header."""

    @abstractmethod
    def presign_get(self, key: ObjectKey, *, content_type: str, expires_in_s: int, signed_at: datetime) -> str:
        """A URL that serves the object, in ranges too (RFC 9110), until `expires_in_s` after `signed_at`.

        Presigning does no I/O and reads no clock, so the same arguments give the same URL, which caches can then hold.
        A bucket serves the object with this type. A CDN serves the type that was stored with the object, and its own
        rule states the lifetime of a URL, which must be `expires_in_s`.
        """
