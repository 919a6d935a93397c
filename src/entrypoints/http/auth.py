"""Authentication by bearer token."""

from collections.abc import Awaitable, Callable
from typing import Any, cast

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import HTTPScope

from domain.model.access.principal import Principal, Scope
from domain.model.errors import Unauthenticated
from domain.model.ids import UserId
from entrypoints.application import Application
from entrypoints.http.dependencies import UseCases
from entrypoints.http.middleware.rate_limits import count_unauthenticated, count_user

SCHEME = "bearer"
TICKET_SCHEME = "ticket"
SECURITY = [{SCHEME: list[str]()}]
COMPONENTS = Components(
    security_schemes={
        SCHEME: SecurityScheme(
            type="http",
            scheme="bearer",
            bearer_format="JWT",
            description=f"A JSON Web Token; its `sub` is the id of the user who owns the videos. A token with a claim "
            f"`scope` or `scp` needs `{Scope.READ}` for GET and HEAD, and `{Scope.WRITE}` for any other method.",
        ),
        TICKET_SCHEME: SecurityScheme(
            type="apiKey",
            name="ticket",
            security_scheme_in="query",
            description="A ticket from `POST /api/events/ticket`, for a client that cannot set a header. It opens one "
            "event stream.",
        ),
    }
)

_STATE_KEY = "telecine_user_id"
_READING = frozenset({"GET", "HEAD"})


async def require_user(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Reject a request without a valid token; runs before the body is read.

    The HTTP method determines the required scope, so that no route can omit the check.

    Raises:
        Unauthenticated: `missing_token`, or the reason why the token is invalid.
        Forbidden: the token is valid, but lacks the scope for this method.
        Unavailable: the token cannot be verified at the moment.
        TooManyRequests: the user, or an address without a valid token, exceeds its rate limit.
    """
    is_reading = cast("HTTPScope", connection.scope)["method"] in _READING
    scope = Scope.READ if is_reading else Scope.WRITE
    principal = await authenticate(
        connection, lambda application: application.tokens.verify(bearer_token(connection)), scope
    )
    connection.state[_STATE_KEY] = principal.user_id


async def authenticate(
    connection: ASGIConnection[Any, Any, Any, Any],
    verify: Callable[[Application], Awaitable[Principal]],
    scope: Scope,
) -> Principal:
    """Return the caller that `verify` finds, and count the request against the rate limits.

    Raises what `require_user` raises.
    """
    application = cast("Application", connection.app.state["application"])
    try:
        principal = await verify(application)
    except Unauthenticated:
        await count_unauthenticated(application.rate_limits, connection)
        raise
    await count_user(application.rate_limits, connection, principal.user_id)
    principal.require(scope)
    return principal


def bearer_token(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The token in the `Authorization` header.

    Raises:
        Unauthenticated: `missing_token`.
    """
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("Send `Authorization: Bearer <token>`.", code="missing_token")
    return token.strip()


def current_user(request: Request[Any, Any, Any], application: UseCases) -> UserId:
    """The user of the request's token, stored by `require_user`.

    It depends on `application` only for speed: Litestar resolves independent dependencies in a task each.
    """
    del application
    return cast("UserId", request.state[_STATE_KEY])
