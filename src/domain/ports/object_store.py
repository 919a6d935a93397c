"""The bucket: where originals, renditions, posters and speech tracks are kept."""

from abc import abstractmethod
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from domain.model.object_key import ObjectKey

OnProgress = Callable[[float], None]
"""Told how far a transfer or an encode has come, 0 to 100, any number of times; it never blocks."""


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """What the bucket says of an object; `etag` is opaque and changes when the bytes are replaced."""

    key: ObjectKey
    size_bytes: int
    etag: str


@dataclass(frozen=True, slots=True)
class Peek:
    """An object, and the bytes that it begins with: both of one and the same object."""

    info: ObjectInfo
    first_bytes: bytes


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object as a listing shows it; `modified_at` is aware, in UTC, and may be older than its being there."""

    key: ObjectKey
    size_bytes: int
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class PresignedUpload:
    """A URL that takes one PUT of one declared file, and the headers the client must send with it."""

    url: str
    headers: dict[str, str]


class ObjectStore(Protocol):
    """Any S3, or something that behaves like it."""

    @abstractmethod
    def presign_put(
        self, key: ObjectKey, *, content_type: str, size_bytes: int, expires_in_s: int, signed_at: datetime
    ) -> PresignedUpload:
        """A URL that takes exactly this many bytes of exactly this type until it expires, counted from `signed_at`.

        Signing asks nobody, not even a clock: no I/O happens here, and the same call gives the same URL. `headers`
        holds `Content-Type`; `Content-Length` is signed too, but every HTTP client sends it by itself.
        """

    @abstractmethod
    def presign_get(self, key: ObjectKey, *, content_type: str, expires_in_s: int) -> str:
        """A URL that serves the object with this type, in ranges too (RFC 9110), until it expires."""

    @abstractmethod
    async def head(self, key: ObjectKey) -> ObjectInfo:
        """What is stored under the key now; a finished upload is seen at once (strong consistency).

        Raises:
            ObjectNotFound: nothing is.
            Unavailable: the bucket did not answer.
        """

    @abstractmethod
    async def peek(self, key: ObjectKey, *, length: int) -> Peek:
        """What is stored under the key now, and its first bytes (`length` ≥ 1): fewer where it has no more.

        Nearly always one request, and about as cheap as `head`.

        Raises:
            ObjectNotFound: nothing is.
            Unavailable: the bucket did not answer.
        """

    @abstractmethod
    async def download(self, key: ObjectKey, target: Path, *, etag: str, on_progress: OnProgress) -> None:
        """Write the object to a new local path, if it is still the recorded one (If-Match).

        Raises:
            ObjectNotFound: nothing is under the key.
            ObjectChanged: its ETag is another.
            Unavailable: the bucket or the local disk failed.
        """

    @abstractmethod
    async def upload(self, source: Path, key: ObjectKey, *, content_type: str, on_progress: OnProgress) -> ObjectInfo:
        """Store a local file; it appears under the key whole or not at all.

        Raises:
            Unavailable: the bucket did not take it.
        """

    @abstractmethod
    async def delete(self, key: ObjectKey) -> None:
        """Remove the object; an absent one is fine.

        Raises:
            Unavailable: the bucket did not answer.
        """

    @abstractmethod
    def scan(self, prefix: str) -> AsyncGenerator[StoredObject]:
        """Every object whose key begins with the prefix, in no order, however many there are: memory stays bounded.

        What is stored or deleted meanwhile may be among them or not.

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
        """Pass when the bucket can be used now.

        Raises:
            Unavailable: it can't, and why.
        """
