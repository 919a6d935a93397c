"""Multipart uploads, which any client can pause and resume."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.model.object_key import ObjectKey
from domain.ports.object_store import ObjectInfo, PresignedUpload


@dataclass(frozen=True, slots=True)
class UploadedPart:
    """A part that the bucket has; numbers begin at 1, and `etag` is opaque."""

    number: int
    etag: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class UnfinishedUpload:
    """A multipart upload that was neither completed nor aborted."""

    key: ObjectKey
    upload_id: str
    initiated_at: datetime


class MultipartStore(Protocol):
    """The multipart uploads of a bucket. R2 requires parts of equal size; only the last may be smaller."""

    @abstractmethod
    async def create(self, key: ObjectKey, *, content_type: str, part_bytes: int) -> str:
        """Create a multipart upload and return the bucket's id for it. The key stays empty until it is completed.

        Every part except the last must have `part_bytes`.

        Raises:
            Unavailable: the bucket did not answer.
        """

    @abstractmethod
    def presign_part(
        self,
        key: ObjectKey,
        upload_id: str,
        part_number: int,
        *,
        size_bytes: int,
        expires_in_s: int,
        signed_at: datetime,
    ) -> PresignedUpload:
        """A URL that accepts exactly this many bytes as this part, until `expires_in_s` after `signed_at`.

        Presigning makes no network call, and the same arguments give the same URL. A part that is sent again replaces
        the earlier one. A part that arrives after the upload has ended is answered with 404 and changes nothing.
        `Content-Length` is signed, and every HTTP client sends it by itself.
        """

    @abstractmethod
    async def upload_part(self, key: ObjectKey, upload_id: str, number: int, data: bytes | memoryview) -> UploadedPart:
        """Upload one part from this process; `data` is not copied as a whole. A repeat replaces the earlier part.

        Raises:
            NotFound: `upload_not_found`: the upload was completed, aborted, or never created.
            Rejected: `invalid_parts`: the number is not in 1 to 10,000, or no part can have this size.
            Unavailable: the bucket did not accept it.
        """

    @abstractmethod
    async def list_parts(self, key: ObjectKey, upload_id: str) -> list[UploadedPart]:
        """Every part that the bucket has, by number.

        Raises:
            NotFound: `upload_not_found`: the upload was completed, aborted, or never created.
            Unavailable: the bucket did not answer.
        """

    @abstractmethod
    async def complete(self, key: ObjectKey, upload_id: str, parts: Sequence[UploadedPart]) -> ObjectInfo:
        """Join the parts to an object under the key, atomically.

        The call may be repeated: if the upload is gone and the key has an object of this size and this number of parts,
        an earlier response was lost, and that object is the result.

        Raises:
            NotFound: `upload_not_found`: the upload is gone, and there is no such object.
            Rejected: `invalid_parts`: a part is not, or no longer, in the bucket, or has an invalid size. A bucket may
                also reject parts that are not numbered 1 to n.
            Unavailable: the bucket did not answer.
        """

    @abstractmethod
    async def abort(self, key: ObjectKey, upload_id: str) -> None:
        """Discard the upload and its parts; an absent upload is no error.

        Raises:
            Unavailable: the bucket did not answer.
        """

    @abstractmethod
    async def list_uploads(self, prefix: str) -> list[UnfinishedUpload]:
        """Every unfinished upload whose key begins with the prefix, by key.

        Raises:
            Unavailable: the bucket did not answer.
        """
