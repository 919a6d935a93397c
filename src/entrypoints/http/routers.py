"""The routers of the API: every one authenticates, checks the scope, and refuses unknown parameters."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from litestar import Router
from litestar.connection import ASGIConnection
from litestar.di import Provide
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler

from entrypoints.http.access.routes import get_me
from entrypoints.http.auth import SECURITY, current_user, require_user
from entrypoints.http.events import routes as event_routes
from entrypoints.http.events.access import require_viewer
from entrypoints.http.imports import routes as import_routes
from entrypoints.http.middleware.rate_limits import RateLimitHeaders
from entrypoints.http.operations import operator as operator_routes
from entrypoints.http.operations.options import get_options
from entrypoints.http.parameters import refuse_unknown_parameters
from entrypoints.http.search import routes as search_routes
from entrypoints.http.transcripts import captions
from entrypoints.http.transcripts import routes as transcript_routes
from entrypoints.http.uploads import proxied, s3_dialect
from entrypoints.http.uploads import routes as upload_routes
from entrypoints.http.uploads.s3_dialect_errors import S3_EXCEPTION_HANDLERS
from entrypoints.http.videos import lists, playback, playback_tokens, posters
from entrypoints.http.videos import routes as video_routes
from entrypoints.http.webhooks import routes as webhook_routes

Authenticate = Callable[[ASGIConnection[Any, Any, Any, Any], BaseRouteHandler], Awaitable[None]]

VIDEO_ROUTES: Sequence[HTTPRouteHandler] = [
    *upload_routes.ROUTES,
    proxied.upload_video,
    import_routes.import_youtube_video,
    lists.list_videos,
    *video_routes.ROUTES,
    posters.choose_poster,
    playback.get_playback,
    *playback_tokens.ROUTES,
    *transcript_routes.ROUTES,
    *captions.ROUTES,
]


def api_routers() -> list[Router]:
    """The routers of all features."""
    return [
        _router("/api/videos", "videos", VIDEO_ROUTES),
        _router("/api", "events", event_routes.ROUTES, authenticate=require_viewer),
        _router("/api/search", "search", [search_routes.search_transcripts]),
        _router("/api/webhooks", "webhooks", webhook_routes.ROUTES),
        _router("/api", "account", [get_me, get_options]),
        _router("/api/operator", "operator", operator_routes.ROUTES),
        _s3_router(),
    ]


def _s3_router() -> Router:
    """The steps of uploads in the dialect of S3, which are no part of the API's contract.

    They accept any parameters, each once, because clients of S3 may add their own.
    """
    return Router(
        s3_dialect.PATH,
        route_handlers=s3_dialect.ROUTES,
        guards=[s3_dialect.require_upload_ticket],
        middleware=[RateLimitHeaders()],
        exception_handlers=S3_EXCEPTION_HANDLERS,
        include_in_schema=False,
    )


def _router(
    path: str, tag: str, handlers: Sequence[HTTPRouteHandler], *, authenticate: Authenticate = require_user
) -> Router:
    """One router; the caller is authenticated first, so that nothing else is revealed without a token."""
    return Router(
        path,
        route_handlers=handlers,
        guards=[authenticate, refuse_unknown_parameters],
        middleware=[RateLimitHeaders()],
        security=SECURITY,
        dependencies={"user": Provide(current_user, sync_to_thread=False)},
        tags=[tag],
    )
