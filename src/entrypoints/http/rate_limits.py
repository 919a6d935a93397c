"""Rate limits by user and by address, and their response headers."""

from dataclasses import dataclass
from math import ceil
from typing import Any, cast

from litestar.connection import ASGIConnection
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from domain.model.errors import TooManyRequests
from domain.model.identity import UserId
from domain.model.rate_limit import RateLimit, RateLimitState
from domain.ports.rate_limiter import RateLimiter
from entrypoints.http.client_address import Networks, client_network

_STATE_KEY = "telecine_rate_limit"

Connection = ASGIConnection[Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class RateLimits:
    """The rate limits of an installation. Requests are not counted where a limit is None."""

    limiter: RateLimiter
    per_user: RateLimit | None = None
    per_address: RateLimit | None = None
    trusted_proxies: Networks = ()

    async def count_user(self, connection: Connection, user: UserId) -> None:
        """Count a request of an authenticated user.

        Raises:
            TooManyRequests: the user exceeds the limit.
        """
        if self.per_user is not None:
            await self._count(connection, self.per_user, f"user {user}")

    async def count_stranger(self, connection: Connection) -> None:
        """Count an unauthenticated request by its client address.

        Raises:
            TooManyRequests: such requests from this address exceed the limit.
        """
        if self.per_address is not None:
            peer = connection.client.host if connection.client else ""
            forwarded_for = connection.headers.getall("x-forwarded-for", [])
            network = client_network(peer, forwarded_for, self.trusted_proxies)
            await self._count(connection, self.per_address, f"address {network}")

    async def _count(self, connection: Connection, limit: RateLimit, key: str) -> None:
        state = await self.limiter.hit(limit, key)
        connection.state[_STATE_KEY] = state
        if state.is_exceeded:
            raise TooManyRequests(
                f"At most {limit.count} requests are allowed in {limit.per_s} seconds; try again later.",
                retry_after_s=state.reset_after_s,
            )


class RateLimitHeaders(ASGIMiddleware):
    """Adds the limit and what remains of it to every response to a counted request."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Serve the request, with the rate limit in the response headers."""

        async def send_with_limit(message: Message) -> None:
            if message["type"] == "http.response.start":
                state = scope["state"].get(_STATE_KEY)
                if state is not None:
                    _set_headers(MutableScopeHeaders.from_message(message), cast("RateLimitState", state))
            await send(message)

        await next_app(scope, receive, send_with_limit)


def _set_headers(headers: MutableScopeHeaders, state: RateLimitState) -> None:
    """Set the rate limit headers; seconds are rounded up, so that a client does not retry too early."""
    headers["RateLimit-Limit"] = str(state.limit)
    headers["RateLimit-Remaining"] = str(state.remaining)
    headers["RateLimit-Reset"] = str(ceil(state.reset_after_s))
