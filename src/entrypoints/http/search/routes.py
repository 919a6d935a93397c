"""The route that searches in all transcripts of a user."""

from inspect import getdoc
from typing import Annotated

from litestar import get
from litestar.params import QueryParameter

from domain.model.videos.pagination import DEFAULT_PAGE_LIMIT, MAX_PAGE_LIMIT
from domain.use_cases.search.search_transcripts import SearchTranscripts
from entrypoints.http.dependencies import Caller, UseCases
from entrypoints.http.openapi.document import json_response, problems
from entrypoints.http.search import examples
from entrypoints.http.search.schemas import SearchResponse
from entrypoints.http.transcripts.routes import QUERY_SCHEMA
from entrypoints.http.videos.lists import CursorText

QueryText = Annotated[str, QueryParameter(name="q", description="The words to search for.", schema_extra=QUERY_SCHEMA)]
Limit = Annotated[
    int,
    QueryParameter(
        name="limit",
        description=f"The maximum number of cues on the page: 1 to {MAX_PAGE_LIMIT}.",
        schema_extra={"minimum": 1, "maximum": MAX_PAGE_LIMIT},
    ),
]


@get(
    "/",
    summary="Search in transcripts",
    description=getdoc(SearchTranscripts),
    responses={
        **json_response(200, one_cue=examples.RESULTS),
        **problems("empty_query", "query_too_long", "invalid_limit", "invalid_cursor"),
    },
)
async def search_transcripts(
    application: UseCases,
    user: Caller,
    q: QueryText,
    limit: Limit = DEFAULT_PAGE_LIMIT,
    cursor: CursorText = None,
) -> SearchResponse:
    """Return a page of the cues that match."""
    return SearchResponse.of(await application.search.transcripts(user, q, limit=limit, cursor=cursor))
