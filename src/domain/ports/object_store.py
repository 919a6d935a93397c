"""The bucket: where originals, renditions, posters and speech tracks are kept."""

from abc import abstractmethod
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from domain.model.object_key import ObjectKey
from domain.ports.playback_signer import PlaybackSigner
from domain.ports.progress import OnProgress


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """An object's metadata; `etag` is opaque and changes when the bytes are replaced."""

    key: ObjectKey
    size_bytes: int
    etag: str


@dataclass(frozen=True, slots=True)
class Peek:
    """An object's metadata and its first bytes, both of the same version of the object."""

    info: ObjectInfo
    first_bytes: bytes


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object in a listing; `modified_at` is aware, in UTC, and may be before the object became visible."""

    key: ObjectKey
    size_bytes: int
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class PresignedUpload:
    """A URL that accepts one PUT of one declared file, and the headers that the client must send with it."""

    url: str
    headers: dict[str, str]


class ObjectStore(PlaybackSigner, Protocol):
    """A bucket of S3, R2, or any store that behaves like it."""

    @abstractmethod
    def presign_put(
        self, key: ObjectKey, *, content_type: str, size_bytes: int, expires_in_s: int, signed_at: datetime
    ) -> PresignedUpload:
        """A URL that accepts exactly this many bytes of exactly this type, until `expires_in_s` after `signed_at`.

        Presigning does no I/O and reads no clock, so the same arguments give the same URL. `headers` holds
        `Content-Type`; `Content-Length` is signed too, but every HTTP client sends it by itself.
        """

    @abstractmethod
    def presign_get(
        self,
        key: ObjectKey,
        *,
        content_type: str,
        expires_in_s: int,
        signed_at: datetime,
        disposition: str | None = None,
    ) -> str:
        """A URL that serves the object with this type, in ranges too (RFC 9110), for `expires_in_s` from `signed_at`.

        Presigning does no I/O and reads no clock, so the same arguments give the same URL. A client may cache the
        response for `expires_in_s` (`Cache-Control`), but no cache that several clients share may. With a
        `disposition`, the response has it as its `Content-Disposition`.
        """

    @abstractmethod
    async def head(self, key: ObjectKey) -> ObjectInfo:
        """The metadata of the object under the key; a finished upload is visible at once (strong consistency).

        Raises:
            ObjectNotFound: there is no object under the key.
            Unavailable: the bucket did not answer.
        """

    @abstractmethod
    async def peek(self, key: ObjectKey, *, length: int) -> Peek:
        """The metadata of the object under the key, and its first `length` ≥ 1 bytes, or all of a shorter object.

        It nearly always takes one request, and costs about as much as `head`.

        Raises:
            ObjectNotFound: there is no object under the key.
            Unavailable: the bucket did not answer.
        """

    @abstractmethod
    async def download(self, key: ObjectKey, target: Path, *, etag: str, on_progress: OnProgress) -> None:
        """Download the object to a new local path, if its ETag is still the recorded one (If-Match).

        Raises:
            ObjectNotFound: there is no object under the key.
            ObjectChanged: its ETag has changed.
            Unavailable: the bucket or the local disk failed.
        """

    @abstractmethod
    async def upload(self, source: Path, key: ObjectKey, *, content_type: str, on_progress: OnProgress) -> ObjectInfo:
        """Store a local file under the key; the object appears atomically.

        Raises:
            Unavailable: the bucket did not accept it.
        """

    @abstractmethod
    async def delete(self, key: ObjectKey) -> None:
        """Delete the object; an absent one is no error.

        Raises:
            Unavailable: the bucket did not answer.
        """

    @abstractmethod
    def scan(self, prefix: str) -> AsyncGenerator[StoredObject]:
        """Every object whose key begins with the prefix, in no particular order; memory stays bounded.

        An object that is stored or deleted during the scan may be included or not.

        Raises:
            Unavailable: the bucket did not answer.
        """

    @abstractmethod
    async def list_keys(self, prefix: str) -> list[ObjectKey]:
        """Every key that begins with the prefix, sorted.

        Raises:
            Unavailable: the bucket did not answer.
        """

    @abstractmethod
    async def check(self) -> None:
        """Check that the bucket can be used now.

        Raises:
            Unavailable: it can't; the detail says why.
        """
