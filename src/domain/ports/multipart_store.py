"""Uploads of many parts: they can be paused, resumed from anywhere, and go on where they were."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.model.object_key import ObjectKey
from domain.ports.object_store import ObjectInfo, PresignedUpload


@dataclass(frozen=True, slots=True)
class UploadedPart:
    """A part that the bucket has; its number begins at 1, its `etag` is opaque."""

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
    """The multipart side of a bucket; R2 takes only parts of one size, the last aside, which may be smaller."""

    @abstractmethod
    async def create(self, key: ObjectKey, *, content_type: str, part_bytes: int) -> str:
        """Begin an upload; its id is the bucket's. Nothing is under the key until it is completed.

        Every part but the last shall have `part_bytes`.

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
        """A URL that takes exactly this many bytes as this part until it expires, counted from `signed_at`.

        Signing asks nobody, and the same call gives the same URL. A part that is sent again replaces itself; one
        that comes when the upload is gone is not found, and changes nothing. `Content-Length` is signed, and every
        HTTP client sends it by itself.
        """

    @abstractmethod
    async def upload_part(self, key: ObjectKey, upload_id: str, number: int, data: bytes | memoryview) -> UploadedPart:
        """Send one part ourselves; `data` is not copied as a whole, and one that is sent again replaces itself.

        Raises:
            NotFound: `upload_not_found`: it was completed, aborted, or never begun.
            Rejected: `invalid_parts`: no part has this number (1 to 10,000) or this size.
            Unavailable: the bucket did not take it.
        """

    @abstractmethod
    async def list_parts(self, key: ObjectKey, upload_id: str) -> list[UploadedPart]:
        """Every part that the bucket has, by number.

        Raises:
            NotFound: `upload_not_found`: it was completed, aborted, or never begun.
            Unavailable: the bucket did not answer.
        """

    @abstractmethod
    async def complete(self, key: ObjectKey, upload_id: str, parts: Sequence[UploadedPart]) -> ObjectInfo:
        """Join the parts under the key, whole or not at all.

        May be repeated: when the upload is gone and an object of this size and this many parts is under the key,
        an earlier answer was lost, and the object is the result.

        Raises:
            NotFound: `upload_not_found`, and no such object is there.
            Rejected: `invalid_parts`: one of them is not, or no longer, in the bucket, or of a size it can't have;
                where they are not parts 1 to n, a bucket may say the same.
            Unavailable: the bucket did not answer.
        """

    @abstractmethod
    async def abort(self, key: ObjectKey, upload_id: str) -> None:
        """Drop the upload and its parts; one that is not there is fine.

        Raises:
            Unavailable: the bucket did not answer.
        """

    @abstractmethod
    async def list_uploads(self, prefix: str) -> list[UnfinishedUpload]:
        """Every unfinished upload whose key begins with the prefix, by key.

        Raises:
            Unavailable: the bucket did not answer.
        """
