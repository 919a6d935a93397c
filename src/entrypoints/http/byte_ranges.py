"""Which bytes of an object a request asks for (RFC 9110, section 14), and whether it has them already."""

import re
from dataclasses import dataclass

from domain.model.errors import Rejected

# Nothing has 10^18 bytes; longer numbers would only make the parser work.
_SINGLE_RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*", re.IGNORECASE)
_ENTITY_TAG = re.compile(r'(?:W/)?("[^"]*")')


@dataclass(frozen=True, slots=True)
class ByteRange:
    """The bytes from the first to the last one, both counted from 0 and both within the object."""

    first: int
    last: int

    @property
    def size_bytes(self) -> int:
        """How many they are."""
        return self.last - self.first + 1


def parse_range(header: str | None, size_bytes: int) -> ByteRange | None:
    """The single range that a `Range` header asks for; None means the whole object.

    What can't be understood, and several ranges at once, may be answered with the whole (section 14.2).

    Raises:
        Rejected: `range_not_satisfiable`: it begins behind the object's end, or asks for the last 0 bytes.
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
    # No Content-Range can speak of the last bytes of an empty object, so its whole is the answer.
    if not length or (size_bytes == 0 and int(length)):
        return None
    if int(length) == 0:
        raise _not_satisfiable()
    return ByteRange(max(0, size_bytes - int(length)), size_bytes - 1)


def _not_satisfiable() -> Rejected:
    return Rejected("The object has no such bytes.", code="range_not_satisfiable")


def is_cached(if_none_match: str | None, etag: str) -> bool:
    """Whether `If-None-Match` names this ETag; weak comparison, or `*` (section 13.1.2)."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or etag in _ENTITY_TAG.findall(if_none_match)


def may_continue(if_range: str | None, etag: str) -> bool:
    """Whether a range may be served: `If-Range` is absent or names exactly this ETag (section 13.1.5).

    A date never fits, because objects are served without one.
    """
    return if_range is None or if_range.strip() == etag
