"""The local bucket: the app itself receives and serves objects over presigned URLs."""

from abc import abstractmethod
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from domain.ports.multipart_store import UploadedPart
from domain.ports.object_store import ObjectInfo


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request to a presigned URL: `key` is the decoded rest of the path, `query` the decoded parameters."""

    method: str
    key: str
    query: Mapping[str, str]
    content_type: str | None = None
    content_length: int | None = None


@dataclass(frozen=True, slots=True)
class ServedObject:
    """An object that the caller reads from a local path and serves with this type and these headers."""

    path: Path
    info: ObjectInfo
    content_type: str
    disposition: str | None = None
    cache_control: str = "private"


class BucketGateway(Protocol):
    """Serves a local folder to clients as if it were a bucket."""

    @abstractmethod
    async def receive(self, request: SignedRequest, body: AsyncIterator[bytes]) -> ObjectInfo | UploadedPart:
        """Receive the PUT of an object or a part in bounded memory; it is synced to disk and appears atomically.

        A signature for an object is never valid for a part, nor the reverse.

        Raises:
            Rejected: `invalid_signature` (the key, method, type or length differs from what was signed; a part may have
                any type), `url_expired`, `incomplete_body` (shorter or longer than its `Content-Length`), or
                `invalid_parts` (no part can have this number or this size).
            NotFound: `upload_not_found`: the part's upload was completed, aborted, or never created.
            Unavailable: `storage_full` or another disk error.
        """

    @abstractmethod
    async def open(self, request: SignedRequest) -> ServedObject:
        """The local path and metadata for a GET or HEAD; a signature for GET covers both.

        Raises:
            Rejected: `invalid_signature` or `url_expired`.
            ObjectNotFound: there is no object under the key.
        """
