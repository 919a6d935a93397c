"""The Litestar application."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from litestar import Litestar
from litestar.di import Provide

from entrypoints.application import Application
from entrypoints.http.body.json_body import JsonRequest
from entrypoints.http.dependencies import application_of
from entrypoints.http.errors.problems import EXCEPTION_HANDLERS
from entrypoints.http.events.feeding import feeding
from entrypoints.http.events.websockets import user_socket, video_socket
from entrypoints.http.local_bucket.routes import bucket
from entrypoints.http.middleware.access_log import AccessLog
from entrypoints.http.middleware.cors import Cors
from entrypoints.http.middleware.head_requests import HeadRequests
from entrypoints.http.middleware.shutdown import ShutdownResponse
from entrypoints.http.openapi.document import openapi_config
from entrypoints.http.openapi.security import with_scopes
from entrypoints.http.openapi.shapes import with_shapes_described
from entrypoints.http.operations import health
from entrypoints.http.operations.metrics import Metrics, metrics
from entrypoints.http.routers import api_routers
from entrypoints.http.videos import tracks
from entrypoints.http.web import routes as web_routes
from entrypoints.http.web.local_session import sign_in_locally
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

    app = Litestar(
        route_handlers=[
            *api_routers(),
            video_socket,
            user_socket,
            health.check_liveness,
            health.check_readiness,
            metrics,
            bucket,
            tracks.get_track,
            *web_routes.ROUTES,
            sign_in_locally,
        ],
        dependencies={"application": Provide(application_of, sync_to_thread=False)},
        exception_handlers=EXCEPTION_HANDLERS,
        request_class=JsonRequest,
        lifespan=[lifespan],
        openapi_config=openapi_config(
            lambda document: describe_events(with_shapes_described(with_scopes(document, app), app))
        ),
        request_max_body_size=MAX_JSON_BYTES,
        logging_config=None,
    )
    app.state["metrics"] = Metrics()
    # These wrap the router, so that a response to an unknown path also has a request id, a log line and CORS headers.
    app.asgi_handler = AccessLog()(Cors()(ShutdownResponse()(HeadRequests()(app.asgi_handler))))
    return app
