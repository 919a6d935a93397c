"""How often users and addresses may ask, and how they are told."""

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
    """The limits of an installation; without a limit nothing is counted."""

    limiter: RateLimiter
    per_user: RateLimit | None = None
    per_address: RateLimit | None = None
    trusted_proxies: Networks = ()

    async def count_user(self, connection: Connection, user: UserId) -> None:
        """Count a request that a user was found to make.

        Raises:
            TooManyRequests: the user has made too many.
        """
        if self.per_user is not None:
            await self._count(connection, self.per_user, f"user {user}")

    async def count_stranger(self, connection: Connection) -> None:
        """Count a request that no user was found to make, by the address that it came from.

        Raises:
            TooManyRequests: too many such requests have come from there.
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
                f"No more than {limit.count} requests in {limit.per_s} seconds; try again later.",
                retry_after_s=state.reset_after_s,
            )


class RateLimitHeaders(ASGIMiddleware):
    """Tells how much is left of the limit, in every answer to a request that was counted."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Serve the request with its limit in the headers."""

        async def send_with_limit(message: Message) -> None:
            if message["type"] == "http.response.start":
                state = scope["state"].get(_STATE_KEY)
                if state is not None:
                    _tell(MutableScopeHeaders.from_message(message), cast("RateLimitState", state))
            await send(message)

        await next_app(scope, receive, send_with_limit)


def _tell(headers: MutableScopeHeaders, state: RateLimitState) -> None:
    """Put the limit into headers, in whole seconds, which are never too few."""
    headers["RateLimit-Limit"] = str(state.limit)
    headers["RateLimit-Remaining"] = str(state.remaining)
    headers["RateLimit-Reset"] = str(ceil(state.reset_after_s))
