"""A bucket that stores only the size, the first bytes and the parts of its objects."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from xml.etree import ElementTree as ET

KEPT_BYTES = 64 * 1024
"""Number of bytes kept of every object; requests for more are rejected."""
_MAX_PARTS_IN_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Received:
    """What is kept of an object or a part."""

    size_bytes: int
    first_bytes: bytes
    etag: str


class SinkBucket:
    """Objects and unfinished uploads. Every change is a single dictionary operation, so threads need no lock."""

    def __init__(self) -> None:
        self.objects: dict[str, Received] = {}
        self._uploads: dict[str, dict[int, Received]] = {}
        self._numbers = count(1)

    def put(self, key: str, size_bytes: int, first_bytes: bytes) -> Received:
        """Store an object; its ETag is unique, but not a hash of the content."""
        self.objects[key] = self._received(size_bytes, first_bytes)
        return self.objects[key]

    def begin(self) -> str:
        """Create a multipart upload, and return its id."""
        upload_id = f"upload-{next(self._numbers)}"
        self._uploads[upload_id] = {}
        return upload_id

    def put_part(self, upload_id: str, number: int, size_bytes: int, first_bytes: bytes) -> Received:
        """Store one part."""
        self._uploads[upload_id][number] = self._received(size_bytes, first_bytes)
        return self._uploads[upload_id][number]

    def parts_after(self, upload_id: str, marker: int) -> tuple[dict[int, Received], bool]:
        """One page of parts in order, and whether there are more."""
        parts = self._uploads[upload_id]
        numbers = sorted(number for number in parts if number > marker)
        return {number: parts[number] for number in numbers[:_MAX_PARTS_IN_PAGE]}, len(numbers) > _MAX_PARTS_IN_PAGE

    def complete(self, key: str, upload_id: str) -> Received:
        """Create the object from all stored parts."""
        parts = self._uploads.pop(upload_id)
        size_bytes = sum(part.size_bytes for part in parts.values())
        etag = f'"{next(self._numbers):032x}-{len(parts)}"'
        self.objects[key] = Received(size_bytes, parts[1].first_bytes, etag)
        return self.objects[key]

    def abort(self, upload_id: str) -> None:
        """Discard an upload."""
        self._uploads.pop(upload_id, None)

    def _received(self, size_bytes: int, first_bytes: bytes) -> Received:
        return Received(size_bytes, first_bytes, f'"{next(self._numbers):032x}"')


@dataclass(frozen=True, slots=True)
class Answer:
    """A response; `length` is the `Content-Length` of a response without a body."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    length: int | None = None


def listed(parts: Mapping[int, Received], *, is_truncated: bool) -> Answer:
    """The response to ListParts."""
    root = _root(
        "ListPartsResult", IsTruncated=str(is_truncated).lower(), NextPartNumberMarker=str(max(parts, default=0))
    )
    for number, part in parts.items():
        _fill(ET.SubElement(root, "Part"), PartNumber=str(number), ETag=part.etag, Size=str(part.size_bytes))
    return _xml(root)


def begun(upload_id: str) -> Answer:
    """The response to CreateMultipartUpload."""
    return _xml(_root("InitiateMultipartUploadResult", UploadId=upload_id))


def joined(received: Received) -> Answer:
    """The response to CompleteMultipartUpload."""
    return _xml(_root("CompleteMultipartUploadResult", ETag=received.etag))


def refused(status: int, code: str) -> Answer:
    """An error response."""
    return _xml(_root("Error", Code=code, Message="The sink rejected the request."), status)


def _root(tag: str, **fields: str) -> ET.Element:
    root = ET.Element(tag)
    _fill(root, **fields)
    return root


def _fill(element: ET.Element, **fields: str) -> None:
    for name, value in fields.items():
        ET.SubElement(element, name).text = value


def _xml(root: ET.Element, status: int = 200) -> Answer:
    return Answer(status, ET.tostring(root, xml_declaration=True), {"Content-Type": "application/xml"})
