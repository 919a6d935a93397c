"""Counts requests against the rate limits, and reports the limits in response headers."""

from math import ceil
from typing import Any, cast

from litestar.connection import ASGIConnection
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from domain.model.access.rate_limit import RateLimit, RateLimitState
from domain.model.errors import TooManyRequests
from domain.model.ids import UserId
from domain.ports.rate_limiter import RateLimiter
from entrypoints.application import RateLimitPolicy
from entrypoints.http.middleware.client_address import client_network

_STATE_KEY = "telecine_rate_limit"

Connection = ASGIConnection[Any, Any, Any, Any]


async def count_user(policy: RateLimitPolicy, connection: Connection, user: UserId) -> None:
    """Count a request whose token is valid against its user's limit.

    Raises:
        TooManyRequests: the user has exceeded the limit.
    """
    if policy.per_user is not None:
        await _count(connection, policy.limiter, policy.per_user, f"user {user}")


async def count_unauthenticated(policy: RateLimitPolicy, connection: Connection) -> None:
    """Count a request without a valid token against the limit of the address that sent it.

    Raises:
        TooManyRequests: such requests from this address have exceeded the limit.
    """
    if policy.per_address is not None:
        peer = connection.client.host if connection.client else ""
        forwarded_for = connection.headers.getall("x-forwarded-for", [])
        network = client_network(peer, forwarded_for, policy.trusted_proxies)
        await _count(connection, policy.limiter, policy.per_address, f"address {network}")


async def _count(connection: Connection, limiter: RateLimiter, limit: RateLimit, key: str) -> None:
    state = await limiter.hit(limit, key)
    connection.state[_STATE_KEY] = state
    if state.is_exceeded:
        raise TooManyRequests(
            f"No more than {limit.count} requests in {limit.per_s} seconds; try again later.",
            retry_after_s=state.reset_after_s,
        )


class RateLimitHeaders(ASGIMiddleware):
    """Adds the state of the rate limit to every response to a request that was counted."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        async def send_with_limit(message: Message) -> None:
            if message["type"] == "http.response.start":
                state = scope["state"].get(_STATE_KEY)
                if state is not None:
                    _set_headers(MutableScopeHeaders.from_message(message), cast("RateLimitState", state))
            await send(message)

        await next_app(scope, receive, send_with_limit)


def _set_headers(headers: MutableScopeHeaders, state: RateLimitState) -> None:
    """Set the headers; seconds are rounded up, so that a client that waits this long is not rejected again."""
    headers["RateLimit-Limit"] = str(state.limit)
    headers["RateLimit-Remaining"] = str(state.remaining)
    headers["RateLimit-Reset"] = str(ceil(state.reset_after_s))
