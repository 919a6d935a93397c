"""YouTube imports: finding the video's id in a URL, and the limits of a download."""

import re
from dataclasses import dataclass
from typing import NewType
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from domain.model.errors import Rejected
from domain.model.uploads.labels import Metadata
from domain.model.uploads.policy import MAX_FILENAME_LENGTH, is_forbidden

YouTubeId = NewType("YouTubeId", str)

MAX_URL_LENGTH = 2048
IMPORT_EXTENSION = ".mp4"
IMPORT_CONTENT_TYPE = "video/mp4"

# On `youtu.be` the path is the id.
_SHORT_HOSTS = frozenset({"youtu.be", "www.youtu.be"})
_WRAPPING_HOSTS = frozenset({"consent.youtube.com"})
_HOSTS = (
    _SHORT_HOSTS
    | _WRAPPING_HOSTS
    | {f"{site}.com" for site in ("youtube", "youtube-nocookie", "youtubekids")}
    | {f"www.{site}.com" for site in ("youtube", "youtube-nocookie", "youtubekids")}
    | {f"{part}.youtube.com" for part in ("m", "music", "gaming")}
    | {"youtube.googleapis.com"}
)
_PORTS = frozenset({None, 80, 443})
_SCHEMES = frozenset({"http", "https"})
# No other page name is allowed on `youtu.be`: `watch_popup`, for example, has the form of an id.
_SHORT_PAGES = frozenset({"", "watch"})
_WATCH_PAGES = frozenset({"", "watch", "watch_popup", "movie"})
_ID_FOLDERS = frozenset({"shorts", "embed", "v", "vi", "live", "e", "watch"})
# Pages with the URL of another page in their query, and the name of that parameter.
_WRAPPERS = {"attribution_link": "u", "oembed": "url", "m": "continue"}
# Players of playlists and channels have these names where others have an id; the names are as long as an id.
_RESERVED_NAMES = frozenset({"videoseries", "live_stream"})
_MAX_WRAPPINGS = 3

_ID = re.compile(r"[A-Za-z0-9_-]{11}(?![A-Za-z0-9_-])")
# URL parsers disagree on the meaning of these characters, or drop them silently.
_AMBIGUOUS_CHARACTERS = re.compile(r"[\x00-\x20\x7f\\]")


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """A client's request for an import; none of it is trusted yet."""

    url: str
    language: str | None = None
    keywords: tuple[str, ...] = ()
    original: str | None = None
    keep_days: int | None = None
    title: str | None = None
    external_id: str | None = None
    metadata: Metadata | None = None


@dataclass(frozen=True, slots=True)
class ImportLimits:
    """The maximum duration and size of an imported video."""

    max_duration_s: float
    max_size_bytes: int


def parse_youtube_url(text: str) -> YouTubeId:
    """The id of the one video that a URL of any common form names; an id alone is accepted too.

    Characters that follow an id and can't belong to it, such as a closing bracket, are ignored.

    Raises:
        Rejected: `invalid_youtube_url`: it does not name exactly one video, or is not a YouTube URL.
    """
    trimmed = text.strip() if len(text) <= MAX_URL_LENGTH else ""
    is_id = _ID.fullmatch(trimmed) is not None
    found = _id(trimmed) if is_id else _id_in_url(trimmed, _MAX_WRAPPINGS)
    if found is None:
        raise Rejected("This is not the URL of a single YouTube video.", code="invalid_youtube_url")
    return found


def imported_filename(title: str | None, youtube_id: str) -> str:
    """A filename made from the title, or from the id if the title has no usable characters."""
    clean = " ".join("".join(" " if is_forbidden(character) else character for character in title or "").split())
    stem = clean.strip(".")[: MAX_FILENAME_LENGTH - len(IMPORT_EXTENSION)].strip()
    return f"{stem or f'youtube-{youtube_id}'}{IMPORT_EXTENSION}"


def _id(text: str) -> YouTubeId | None:
    """The id that the text begins with."""
    found = _ID.match(text)
    return None if found is None or found[0] in _RESERVED_NAMES else YouTubeId(found[0])


def _id_in_url(text: str, wrappings_left: int) -> YouTubeId | None:
    parts = _parts(text)
    if parts is None or not wrappings_left:
        return None
    segments = [unquote(segment) for segment in parts.path.split("/") if segment]
    first, second = (*segments, "", "")[:2]
    if first in _WRAPPERS:
        return _id_in_wrapper(_values(parts.query, _WRAPPERS[first]), wrappings_left)
    if _host(parts) in _SHORT_HOSTS and first not in _SHORT_PAGES:
        return _id(first)
    if first in _ID_FOLDERS and second:
        return _id(second)
    return _id_in_query(parts, wrappings_left) if first in _WATCH_PAGES else None


def _parts(text: str) -> SplitResult | None:
    """The URL's components, if it is a YouTube URL that all parsers read the same way."""
    url = text if "://" in text else f"https://{text.removeprefix('//')}"
    try:
        parts = urlsplit(url)
        parsed = parts.scheme in _SCHEMES and parts.port in _PORTS and _host(parts) in _HOSTS
    except ValueError:
        return None
    return parts if parsed and "@" not in parts.netloc and not _AMBIGUOUS_CHARACTERS.search(text) else None


def _host(parts: SplitResult) -> str:
    """The host in lower case, without the trailing dot of a fully qualified name."""
    return (parts.hostname or "").removesuffix(".")


def _id_in_wrapper(wrapped: set[str], wrappings_left: int) -> YouTubeId | None:
    if len(wrapped) != 1:
        return None
    (url,) = wrapped
    is_path = url.startswith("/") and not url.startswith("//")
    return _id_in_url(f"https://www.youtube.com{url}" if is_path else url, wrappings_left - 1)


def _id_in_query(parts: SplitResult, wrappings_left: int) -> YouTubeId | None:
    """The id in the parameter `v`, or in the fragment: old URLs have the parameter or a whole path there."""
    if parts.fragment.startswith("/") and not parts.query:
        return _id_in_url(f"https://www.youtube.com{parts.fragment}", wrappings_left - 1)
    values = _values(parts.query, "v") or _values(parts.fragment.removeprefix("!"), "v")
    ids = {_id(value) for value in values}
    # Two different ids do not name one video.
    return ids.pop() if len(ids) == 1 else None


def _values(query: str, name: str) -> set[str]:
    """The values of this parameter; `&amp;`, as copied from a web page's source, counts as `&`."""
    return {value for key, value in parse_qsl(query.replace("&amp;", "&").replace(";", "&")) if key == name}
