"""Range and conditional request headers (RFC 9110, sections 13 and 14)."""

import re
from dataclasses import dataclass

from domain.model.errors import Rejected

# No object has 10^18 bytes; longer numbers would only cost time to parse.
_SINGLE_RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*", re.IGNORECASE)
_ENTITY_TAG = re.compile(r'(?:W/)?("[^"]*")')


@dataclass(frozen=True, slots=True)
class ByteRange:
    """The bytes from `first` to `last`, inclusive, counted from 0; both are within the object."""

    first: int
    last: int

    @property
    def size_bytes(self) -> int:
        """The number of bytes."""
        return self.last - self.first + 1


def parse_range(header: str | None, size_bytes: int) -> ByteRange | None:
    """The single range that a `Range` header requests; None means the whole object.

    RFC 9110 allows the whole object as the response to a malformed header or to several ranges (section 14.2).

    Raises:
        Rejected: `range_not_satisfiable`: the range begins after the object's end, or requests the last 0 bytes.
    """
    match = _SINGLE_RANGE.fullmatch(header or "")
    if match is None:
        return None
    first, last = match.groups()
    if not first:
        return _suffix(last, size_bytes)
    if last and int(last) < int(first):
        return None
    if int(first) >= size_bytes:
        raise _not_satisfiable()
    return ByteRange(int(first), min(int(last), size_bytes - 1) if last else size_bytes - 1)


def _suffix(length: str, size_bytes: int) -> ByteRange | None:
    # Content-Range cannot express the last bytes of an empty object, so the response is the whole object.
    if not length or (size_bytes == 0 and int(length)):
        return None
    if int(length) == 0:
        raise _not_satisfiable()
    return ByteRange(max(0, size_bytes - int(length)), size_bytes - 1)


def _not_satisfiable() -> Rejected:
    return Rejected("The object has no such bytes.", code="range_not_satisfiable")


def is_cached(if_none_match: str | None, etag: str) -> bool:
    """Whether `If-None-Match` contains this ETag, by weak comparison, or is `*` (section 13.1.2)."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or etag in _ENTITY_TAG.findall(if_none_match)


def may_continue(if_range: str | None, etag: str) -> bool:
    """Whether a range may be served: `If-Range` is absent or equals this ETag (section 13.1.5).

    A date never matches, because objects are served without `Last-Modified`.
    """
    return if_range is None or if_range.strip() == etag
