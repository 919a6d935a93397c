"""The route that lists videos, and the parameters of lists."""

from collections.abc import Iterable
from datetime import UTC, datetime
from inspect import getdoc
from typing import Annotated

from litestar import get
from litestar.di import NamedDependency, Provide
from litestar.exceptions import ClientException
from litestar.params import QueryParameter

from domain.model.uploads.labels import MAX_EXTERNAL_ID_LENGTH
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.listing import VideoFilter, VideoListing, VideoSort
from domain.model.videos.pagination import DEFAULT_PAGE_LIMIT, MAX_PAGE_LIMIT
from domain.model.videos.titles import MAX_QUERY_LENGTH, title_words
from domain.use_cases.videos.list_videos import ListVideos
from entrypoints.http.dependencies import Caller, UseCases
from entrypoints.http.openapi.document import json_response, problems
from entrypoints.http.videos import examples
from entrypoints.http.videos.schemas import VideoPage

MISSING = "missing"


def _text_schema(**keywords: object) -> dict[str, object]:
    """The schema of an optional text, without the null that no query can contain."""
    return {"one_of": None, "type": "string", **keywords}


Limit = Annotated[
    int,
    QueryParameter(
        name="limit",
        description=f"The maximum number of entries on the page: 1 to {MAX_PAGE_LIMIT}.",
        schema_extra={"minimum": 1, "maximum": MAX_PAGE_LIMIT},
    ),
]
CursorText = Annotated[
    str | None,
    QueryParameter(
        name="cursor",
        description="`next_cursor` of the previous page; without it, the first page.",
        schema_extra=_text_schema(format="cursor"),
    ),
]
StatusFilter = Annotated[
    list[str] | None,
    QueryParameter(
        name="status",
        description="Only videos with one of these statuses. The parameter may be repeated, or have several values "
        "with commas between them.",
        schema_extra={"one_of": None, "type": "array", "items": {"type": "string", "enum": list(VideoStatus)}},
    ),
]
TitleQuery = Annotated[
    str | None,
    QueryParameter(
        name="q",
        description="Only videos whose title contains all of these words, also within a word; case, accents and width "
        "make no difference. Without a word it has no effect.",
        schema_extra=_text_schema(maxLength=MAX_QUERY_LENGTH),
    ),
]
ExternalId = Annotated[
    str | None,
    QueryParameter(
        name="external_id",
        description="Only videos with exactly this id of another system.",
        schema_extra=_text_schema(minLength=1, maxLength=MAX_EXTERNAL_ID_LENGTH),
    ),
]
CreatedAfter = Annotated[
    str | None,
    QueryParameter(
        name="created_after",
        description="Only videos that were created at this time or later: an RFC 3339 time with a time zone.",
        schema_extra=_text_schema(format="date-time"),
    ),
]
CreatedBefore = Annotated[
    str | None,
    QueryParameter(
        name="created_before",
        description="Only videos that were created before this time.",
        schema_extra=_text_schema(format="date-time"),
    ),
]
Sort = Annotated[
    str,
    QueryParameter(
        name="sort",
        description="The order: by the time of creation or by the title, with a minus sign descending.",
        schema_extra={"enum": list(VideoSort)},
    ),
]
Captions = Annotated[
    str | None,
    QueryParameter(
        name="captions",
        description="With `missing`, only videos that can be played and have no cues.",
        schema_extra=_text_schema(enum=[MISSING]),
    ),
]


def video_filter(
    status: StatusFilter = None,
    q: TitleQuery = None,
    external_id: ExternalId = None,
    created_after: CreatedAfter = None,
    created_before: CreatedBefore = None,
    captions: Captions = None,
) -> VideoFilter:
    """The conditions in the query.

    Raises:
        ClientException: a value is malformed.
        Rejected: `query_too_long`.
    """
    return VideoFilter(
        frozenset(_statuses(status or ())),
        title_words(q or ""),
        external_id,
        _time("created_after", created_after),
        _time("created_before", created_before),
        is_without_captions=captions is not None and _one_of("captions", captions, [MISSING]) == MISSING,
    )


@get(
    "/",
    summary="List videos",
    description=getdoc(ListVideos),
    responses={
        **json_response(200, a_page=examples.PAGE),
        **problems("invalid_limit", "invalid_cursor", "query_too_long"),
    },
    dependencies={"chosen": Provide(video_filter, sync_to_thread=False)},
)
async def list_videos(
    application: UseCases,
    user: Caller,
    chosen: NamedDependency[VideoFilter],
    limit: Limit = DEFAULT_PAGE_LIMIT,
    cursor: CursorText = None,
    sort: Sort = VideoSort.NEWEST.value,
) -> VideoPage:
    """Return a page of the user's videos."""
    listing = VideoListing(VideoSort(_one_of("sort", sort, list(VideoSort))), chosen)
    page = await application.list_videos(user, limit=limit, cursor=cursor, listing=listing)
    return VideoPage.of(page, application.sign_video)


def _statuses(values: Iterable[str]) -> list[VideoStatus]:
    names = [name for value in values for name in value.split(",")]
    return [VideoStatus(_one_of("status", name, list(VideoStatus))) for name in names]


def _one_of(name: str, value: str, known: list[str]) -> str:
    """The value itself; Litestar would read the text `null` as none, if the parameter had an enumeration as its type.

    Raises:
        ClientException: it is none of the known values.
    """
    if value not in known:
        raise ClientException(f"{name}: must be one of {', '.join(known)}.")
    return value


def _time(name: str, value: str | None) -> datetime | None:
    """The time in UTC.

    Raises:
        ClientException: it is not an RFC 3339 time with a time zone.
    """
    if value is None:
        return None
    try:
        time = datetime.fromisoformat(value)
        if time.tzinfo is None or "T" not in value.upper():
            raise _no_time(name)
        return time.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _no_time(name) from error


def _no_time(name: str) -> ClientException:
    return ClientException(f"{name}: must be an RFC 3339 time with a time zone, such as 2026-01-31T12:00:00Z.")
