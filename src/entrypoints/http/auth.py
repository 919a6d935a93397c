"""Who asks: the bearer token of a request."""

from typing import Any, cast

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.openapi.spec import Components, SecurityScheme

from domain.model.errors import Unauthenticated
from domain.model.identity import UserId
from entrypoints.application import Application
from entrypoints.http.parameters import UseCases

SCHEME = "bearer"
SECURITY = [{SCHEME: list[str]()}]
COMPONENTS = Components(
    security_schemes={
        SCHEME: SecurityScheme(
            type="http",
            scheme="bearer",
            bearer_format="JWT",
            description="A JSON Web Token; its `sub` is the user id that owns the videos.",
        )
    }
)

_STATE_KEY = "telecine_user_id"


async def require_user(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Let nobody through without a good token; runs before the body is read.

    Async although it waits for nothing: Litestar would run it in a thread.


    Raises:
        Unauthenticated: `missing_token`, or why the token is not good.
    """
    application = cast("Application", connection.app.state["application"])
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("Send `Authorization: Bearer <token>`.", code="missing_token")
    connection.state[_STATE_KEY] = application.tokens.verify(token.strip())


def current_user(request: Request[Any, Any, Any], application: UseCases) -> UserId:
    """Who the request's token speaks for; `require_user` has put it there.

    It comes after the use cases: for what could be had at once Litestar begins a task each.
    """
    del application
    return cast("UserId", request.state[_STATE_KEY])


def application_of(request: Request[Any, Any, Any]) -> Application:
    """The use cases that serve this request."""
    return cast("Application", request.app.state["application"])
