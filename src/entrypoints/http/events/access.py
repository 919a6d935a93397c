"""Authentication of event streams, by bearer token or by ticket."""

from typing import Any, cast

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from domain.model.access.principal import Principal, Scope
from domain.model.errors import Unauthenticated
from entrypoints.application import Application
from entrypoints.http.auth import TICKET_SCHEME, authenticate, bearer_token, method_of
from entrypoints.http.scopes import required_scopes

TICKET_PARAMETER = "ticket"
ACCEPTS_TICKET = "accepts_ticket"
"""The option of a route that a ticket opens."""
TICKET_SECURITY = [{TICKET_SCHEME: list[str]()}]
"""Added to the security of the router, the bearer token: a client needs one of the two."""

_STATE_KEY = "telecine_principal"

Connection = ASGIConnection[Any, Any, Any, Any]


def takes_ticket(handler: BaseRouteHandler) -> bool:
    """Whether a ticket opens this route."""
    return bool(handler.opt.get(ACCEPTS_TICKET))


async def require_viewer(connection: Connection, handler: BaseRouteHandler) -> None:
    """Reject a request that has neither a token with a scope of the route, nor, if it opens a stream, a ticket.

    Raises what `viewer_of` raises.
    """
    scopes = required_scopes(handler, method_of(connection))
    connection.state[_STATE_KEY] = await viewer_of(connection, scopes, accepts_ticket=takes_ticket(handler))


async def viewer_of(connection: Connection, scopes: tuple[Scope, ...], *, accepts_ticket: bool) -> Principal:
    """The caller; a ticket counts only without an `Authorization` header, and cannot be used again.

    Raises:
        Unauthenticated: `missing_token`, `invalid_ticket`, or the reason why the token is invalid.
        Forbidden: the token or the ticket has none of the scopes.
        Unavailable: the token or the ticket cannot be verified at the moment.
        TooManyRequests: the user, or an address without a valid token, exceeds its rate limit.
    """
    ticket: str | None = connection.query_params.get(TICKET_PARAMETER) if accepts_ticket else None

    async def verify(application: Application) -> Principal:
        if ticket is not None and "authorization" not in connection.headers:
            return await application.events.redeem_ticket(ticket)
        return await application.tokens.verify(_token(connection, accepts_ticket=accepts_ticket))

    return await authenticate(connection, verify, scopes)


def _token(connection: Connection, *, accepts_ticket: bool) -> str:
    if accepts_ticket and "authorization" not in connection.headers:
        raise Unauthenticated("Send `Authorization: Bearer <token>`, or `?ticket=`.", code="missing_token")
    return bearer_token(connection)


def viewer(connection: Connection) -> Principal:
    """The caller, stored by `require_viewer`."""
    return cast("Principal", connection.state[_STATE_KEY])
