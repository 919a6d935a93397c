"""Tokens in plain text; only those that this authority has issued are valid."""

from dataclasses import replace
from datetime import UTC, datetime

from domain.model.access.principal import DEFAULT_SCOPES, Principal, Scope
from domain.model.errors import Unauthenticated
from domain.model.ids import UserId, user_id
from domain.ports.clock import Clock
from domain.ports.token_authority import TokenAuthority


class FakeTokenAuthority(TokenAuthority):
    """Issues `fake:<user>:<expiry in seconds since 1970>:<scopes>`, and keeps the tokens it has issued."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._issued: dict[str, tuple[Principal, int]] = {}

    async def verify(self, token: str) -> Principal:
        if token not in self._issued:
            raise Unauthenticated("The token is not one of ours.", code="invalid_token")
        principal, expires_at_s = self._issued[token]
        if expires_at_s <= self._clock.now().timestamp():
            raise Unauthenticated("The token has expired.", code="token_expired")
        user_id(principal.user_id)
        return replace(principal, expires_at=datetime.fromtimestamp(expires_at_s, UTC))

    def issue(self, user_id: UserId, *, lifetime_s: int, scopes: frozenset[Scope] | None = None) -> str:
        principal = Principal(user_id, DEFAULT_SCOPES if scopes is None else scopes)
        expires_at_s = int(self._clock.now().timestamp()) + lifetime_s
        token = f"fake:{user_id}:{expires_at_s}:{'+'.join(sorted(principal.scopes))}"
        self._issued[token] = principal, expires_at_s
        return token
