"""Authentication by bearer token."""

from typing import Any, cast

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import HTTPScope

from domain.model.access.principal import Scope
from domain.model.errors import Unauthenticated
from domain.model.ids import UserId
from entrypoints.application import Application
from entrypoints.http.dependencies import UseCases
from entrypoints.http.middleware.rate_limits import count_unauthenticated, count_user

SCHEME = "bearer"
SECURITY = [{SCHEME: list[str]()}]
COMPONENTS = Components(
    security_schemes={
        SCHEME: SecurityScheme(
            type="http",
            scheme="bearer",
            bearer_format="JWT",
            description=f"A JSON Web Token; its `sub` is the id of the user who owns the videos. A token with a claim "
            f"`scope` or `scp` needs `{Scope.READ}` for GET and HEAD, and `{Scope.WRITE}` for any other method.",
        )
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
    application = cast("Application", connection.app.state["application"])
    try:
        principal = await application.tokens.verify(_bearer_token(connection))
    except Unauthenticated:
        await count_unauthenticated(application.rate_limits, connection)
        raise
    await count_user(application.rate_limits, connection, principal.user_id)
    is_reading = cast("HTTPScope", connection.scope)["method"] in _READING
    principal.require(Scope.READ if is_reading else Scope.WRITE)
    connection.state[_STATE_KEY] = principal.user_id


def _bearer_token(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
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
