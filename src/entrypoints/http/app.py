"""The Litestar application."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from litestar import Litestar, Router
from litestar.di import Provide

from entrypoints.application import Application
from entrypoints.http.auth import SECURITY, current_user, require_user
from entrypoints.http.body.json_body import JsonRequest
from entrypoints.http.dependencies import application_of
from entrypoints.http.errors.problems import EXCEPTION_HANDLERS
from entrypoints.http.events import routes as event_routes
from entrypoints.http.events.access import require_viewer
from entrypoints.http.events.feeding import feeding
from entrypoints.http.events.websockets import user_socket, video_socket
from entrypoints.http.imports import routes as import_routes
from entrypoints.http.local_bucket.routes import bucket
from entrypoints.http.middleware.access_log import AccessLog
from entrypoints.http.middleware.cors import Cors
from entrypoints.http.middleware.head_requests import HeadRequests
from entrypoints.http.middleware.rate_limits import RateLimitHeaders
from entrypoints.http.middleware.shutdown import ShutdownResponse
from entrypoints.http.openapi.document import openapi_config
from entrypoints.http.operations import health
from entrypoints.http.operations.metrics import Metrics, metrics
from entrypoints.http.search import routes as search_routes
from entrypoints.http.transcripts import captions
from entrypoints.http.transcripts import routes as transcript_routes
from entrypoints.http.uploads import proxied, routes, s3_dialect
from entrypoints.http.uploads.s3_dialect_errors import S3_EXCEPTION_HANDLERS
from entrypoints.http.videos import playback, playback_tokens, tracks
from entrypoints.http.videos import routes as video_routes
from entrypoints.http.webhooks import routes as webhook_routes
from entrypoints.http.webhooks.payloads import describe_events

MAX_JSON_BYTES = 64 * 1024

OpenApplication = Callable[[], AbstractAsyncContextManager[Application]]
"""Opens the application on the event loop that will call its use cases."""


def create_app(open_application: OpenApplication) -> Litestar:
    """Build the API; `open_application` runs when the server starts."""

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncGenerator[None]:
        async with open_application() as application:
            app.state["application"] = application
            async with feeding(application.events.feed):
                yield
            await application.uploads.receive.wait_closed()

    api = Router(
        "/api/videos",
        route_handlers=[
            *routes.ROUTES,
            proxied.upload_video,
            import_routes.import_youtube_video,
            *video_routes.ROUTES,
            playback.get_playback,
            *playback_tokens.ROUTES,
            *transcript_routes.ROUTES,
            *captions.ROUTES,
        ],
        guards=[require_user],
        middleware=[RateLimitHeaders()],
        security=SECURITY,
        dependencies={"user": Provide(current_user, sync_to_thread=False)},
        tags=["videos"],
    )
    hooks = Router(
        "/api/webhooks",
        route_handlers=webhook_routes.ROUTES,
        guards=[require_user],
        middleware=[RateLimitHeaders()],
        security=SECURITY,
        dependencies={"user": Provide(current_user, sync_to_thread=False)},
        tags=["webhooks"],
    )
    streams = Router(
        "/api",
        route_handlers=event_routes.ROUTES,
        guards=[require_viewer],
        middleware=[RateLimitHeaders()],
        security=SECURITY,
        tags=["events"],
    )
    search = Router(
        "/api/search",
        route_handlers=[search_routes.search_transcripts],
        guards=[require_user],
        middleware=[RateLimitHeaders()],
        security=SECURITY,
        dependencies={"user": Provide(current_user, sync_to_thread=False)},
        tags=["search"],
    )
    s3_uploads = Router(
        s3_dialect.PATH,
        route_handlers=s3_dialect.ROUTES,
        guards=[s3_dialect.require_upload_ticket],
        middleware=[RateLimitHeaders()],
        exception_handlers=S3_EXCEPTION_HANDLERS,
        include_in_schema=False,
    )
    app = Litestar(
        route_handlers=[
            api,
            streams,
            search,
            hooks,
            s3_uploads,
            video_socket,
            user_socket,
            health.check_liveness,
            health.check_readiness,
            metrics,
            bucket,
            tracks.get_track,
        ],
        dependencies={"application": Provide(application_of, sync_to_thread=False)},
        exception_handlers=EXCEPTION_HANDLERS,
        request_class=JsonRequest,
        lifespan=[lifespan],
        openapi_config=openapi_config(describe_events),
        request_max_body_size=MAX_JSON_BYTES,
        logging_config=None,
    )
    app.state["metrics"] = Metrics()
    # These wrap the router, so that a response to an unknown path also has a request id, a log line and CORS headers.
    app.asgi_handler = AccessLog()(Cors()(ShutdownResponse()(HeadRequests()(app.asgi_handler))))
    return app
