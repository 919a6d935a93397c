"""Authentication by bearer token."""

from collections.abc import Awaitable, Callable
from typing import Any, cast

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import HTTPScope

from domain.model.access.playback_token import PREFIX, PlaybackToken
from domain.model.access.principal import Principal, Scope
from domain.model.errors import Unauthenticated, VideoNotFound
from domain.model.ids import UserId
from entrypoints.application import Application
from entrypoints.http.dependencies import UseCases
from entrypoints.http.middleware.rate_limits import count_unauthenticated, count_user
from entrypoints.http.scopes import required_scopes

SCHEME = "bearer"
TICKET_SCHEME = "ticket"
SECURITY = [{SCHEME: list[str]()}]
COMPONENTS = Components(
    security_schemes={
        SCHEME: SecurityScheme(
            type="http",
            scheme="bearer",
            bearer_format="JWT",
            description="A JSON Web Token; its `sub` is the id of the user who owns the videos. Its claims `scope` and "
            "`scp` name what it permits, and each operation names the scopes of which one is sufficient. "
            f"`{Scope.READ}` reads, `{Scope.WRITE}` creates, changes and deletes, `{Scope.UPLOAD}` sends files and "
            f"follows single videos, `{Scope.ADMIN}` operates the installation and implies no other. A token without "
            f"either claim has all but `{Scope.ADMIN}`. A playback token, which is not a JSON Web Token, plays one "
            "video only.",
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

PLAYBACK_TOKEN = {"playback_token": True}
"""The option of a route that a playback token of its video may be used for."""

_STATE_KEY = "telecine_principal"


async def require_user(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Reject a request without a valid token; runs before the body is read.

    A route that declares no scope requires that of its method, so that none can omit the check. A playback token has no
    scope, so it is rejected by every route that does not have the option `PLAYBACK_TOKEN`.

    Raises:
        Unauthenticated: `missing_token`, or the reason why the token is invalid.
        Forbidden: the token is valid, but has none of the route's scopes.
        VideoNotFound: it is a playback token of another video.
        Unavailable: the token cannot be verified at the moment.
        TooManyRequests: the user, or an address without a valid token, exceeds its rate limit.
    """
    if _sent_token(connection).startswith(PREFIX):
        principal = await _authenticate_viewer(connection, handler)
    else:
        scopes = required_scopes(handler, method_of(connection))
        principal = await authenticate(connection, lambda app: app.tokens.verify(bearer_token(connection)), scopes)
    connection.state[_STATE_KEY] = principal


async def authenticate(
    connection: ASGIConnection[Any, Any, Any, Any],
    verify: Callable[[Application], Awaitable[Principal]],
    scopes: tuple[Scope, ...],
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
    principal.require(*scopes)
    return principal


def bearer_token(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The token in the `Authorization` header.

    Raises:
        Unauthenticated: `missing_token`.
    """
    if not (token := _sent_token(connection)):
        raise Unauthenticated("Send `Authorization: Bearer <token>`.", code="missing_token")
    return token


async def _authenticate_viewer(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> Principal:
    """Return the caller with a playback token, which is valid for its own video and on some routes only.

    Raises what `require_user` raises.
    """
    application = cast("Application", connection.app.state["application"])
    try:
        viewed = await application.playback_tokens.verify(bearer_token(connection))
    except Unauthenticated:
        await count_unauthenticated(application.rate_limits, connection)
        raise
    # Each playback token is counted by itself: viewers must not use up the limit of the owner.
    await count_user(application.rate_limits, connection, UserId(viewed.id))
    principal = _viewer(viewed)
    if handler.opt.get("playback_token"):
        _require_video(connection, viewed)
    else:
        principal.require(*required_scopes(handler, method_of(connection)))
    return principal


def _viewer(token: PlaybackToken) -> Principal:
    """The caller with a playback token: the use cases run for the owner of the video, without any scope."""
    return Principal(token.owner, frozenset())


def _require_video(connection: ASGIConnection[Any, Any, Any, Any], token: PlaybackToken) -> None:
    """Check that the request is about the token's video.

    Raises:
        VideoNotFound: it is about another one; the error does not reveal whether that exists.
    """
    if connection.path_params.get("video_id") != token.video_id:
        raise VideoNotFound


def _sent_token(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The token in the `Authorization` header; empty if there is none."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def method_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """The method of an HTTP request."""
    return cast("HTTPScope", connection.scope)["method"]


def caller(request: Request[Any, Any, Any]) -> Principal:
    """The owner of the request's token, stored by `require_user`."""
    return cast("Principal", request.state[_STATE_KEY])


def current_user(request: Request[Any, Any, Any], application: UseCases) -> UserId:
    """The user of the request's token.

    It depends on `application` only for speed: Litestar resolves independent dependencies in a task each.
    """
    del application
    return caller(request).user_id
