"""The app playing the bucket: taking and serving objects over presigned URLs of its own."""

from abc import abstractmethod
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from domain.ports.multipart_store import UploadedPart
from domain.ports.object_store import ObjectInfo


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request on a presigned URL: `key` is the decoded rest of the path, `query` the decoded parameters."""

    method: str
    key: str
    query: Mapping[str, str]
    content_type: str | None = None
    content_length: int | None = None


@dataclass(frozen=True, slots=True)
class ServedObject:
    """An object that the caller reads from a local path and serves with this type."""

    path: Path
    info: ObjectInfo
    content_type: str


class BucketGateway(Protocol):
    """What a folder needs so that clients can use it as they would a real bucket."""

    @abstractmethod
    async def receive(self, request: SignedRequest, body: AsyncIterator[bytes]) -> ObjectInfo | UploadedPart:
        """Take the PUT of an object or of a part in bounded memory: synced, and there whole or not at all.

        A signature for the one never passes for the other.

        Raises:
            Rejected: `invalid_signature` (another key, method, type or length than was signed; a part may have
                any type), `url_expired`, `incomplete_body` (shorter or longer than its length says), or
                `invalid_parts` (no part has this number or this size).
            NotFound: `upload_not_found`: the part's upload was completed, aborted, or never begun.
            Unavailable: `storage_full` or another fault of the disk.
        """

    @abstractmethod
    async def open(self, request: SignedRequest) -> ServedObject:
        """Where to read what a GET or HEAD asks for; both are covered by a signature for GET.

        Raises:
            Rejected: `invalid_signature` or `url_expired`.
            ObjectNotFound: nothing is under the key.
        """
