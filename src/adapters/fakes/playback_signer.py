"""URLs of a CDN that exists only in memory."""

from datetime import datetime, timedelta
from hashlib import sha256

from domain.model.object_key import ObjectKey
from domain.ports.playback_signer import PlaybackSigner


class FakePlaybackSigner(PlaybackSigner):
    """Remembers what it has signed; a URL is accepted exactly as it was returned, until it expires."""

    def __init__(self, *, base_url: str = "https://cdn.test") -> None:
        self._base_url = base_url
        self._signed: dict[str, tuple[ObjectKey, datetime]] = {}

    def presign_get(self, key: ObjectKey, *, content_type: str, expires_in_s: int, signed_at: datetime) -> str:
        expires_at = signed_at + timedelta(seconds=expires_in_s)
        signature = sha256(f"{key} {expires_at}".encode()).hexdigest()
        url = f"{self._base_url}/{key}?signature={signature}"
        self._signed[url] = key, expires_at
        return url

    def key_of(self, url: str, now: datetime) -> ObjectKey | None:
        """The object that the URL serves; None if it was not signed or has expired."""
        key, expires_at = self._signed.get(url, (None, now))
        return key if now < expires_at else None
