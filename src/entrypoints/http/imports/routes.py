"""The route that imports a video from YouTube."""

from inspect import getdoc
from typing import Annotated

from litestar import Response, post
from litestar.params import Body

from domain.model.errors import Rejected
from domain.model.imports.youtube import ImportRequest
from domain.use_cases.imports.request_import import RequestImport
from entrypoints.http.dependencies import Caller, UseCases
from entrypoints.http.idempotency import REPLAYED, IdempotencyKeyHeader
from entrypoints.http.imports import examples
from entrypoints.http.imports.schemas import WATCH_URL, YouTubeImportRequest, YouTubeImportResponse
from entrypoints.http.openapi.document import HINTS, JSON_BODY, ORIGINAL, REPEATABLE, example, json_response, problems
from entrypoints.http.openapi.patterns import NO_EXTRA_FIELDS
from entrypoints.http.videos.labels import LABELS

ImportBody = Annotated[
    YouTubeImportRequest,
    Body(examples=[example("A video", YouTubeImportRequest(WATCH_URL))], schema_extra=NO_EXTRA_FIELDS),
]


@post(
    "/youtube",
    summary="Import a video from YouTube",
    description=getdoc(RequestImport),
    responses={
        **json_response(201, begun=examples.IMPORTED),
        **problems(
            *JSON_BODY, *REPEATABLE, *HINTS, *ORIGINAL, *LABELS, "youtube_import_disabled", "invalid_youtube_url"
        ),
    },
)
async def import_youtube_video(
    data: ImportBody, application: UseCases, user: Caller, idempotency_key: IdempotencyKeyHeader = None
) -> Response[YouTubeImportResponse]:
    """Enqueue the import of one video."""
    if not application.options.youtube_import:
        raise Rejected("YouTube imports are disabled on this server.", code="youtube_import_disabled")
    requested = await application.request_import(
        user,
        ImportRequest(
            data.url,
            data.language,
            data.keywords,
            data.original,
            data.keep_days,
            data.title,
            data.external_id,
            data.metadata,
        ),
        key=idempotency_key,
    )
    return Response(YouTubeImportResponse.of(requested.video), headers=REPLAYED if requested.is_replay else None)
