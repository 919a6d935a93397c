"""Tokens that anybody can read and nobody can forge: only those that were issued here are good."""

from domain.model.errors import Unauthenticated
from domain.model.identity import UserId, user_id
from domain.ports.clock import Clock
from domain.ports.token_authority import TokenAuthority


class FakeTokenAuthority(TokenAuthority):
    """Issues `fake:<user>:<expiry in seconds since 1970>`, and remembers what it issued."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._issued: set[str] = set()

    def verify(self, token: str) -> UserId:
        if token not in self._issued:
            raise Unauthenticated("The token is not one of ours.", code="invalid_token")
        subject, expires_at_s = token.removeprefix("fake:").rsplit(":", 1)
        if int(expires_at_s) <= self._clock.now().timestamp():
            raise Unauthenticated("The token has expired.", code="token_expired")
        return user_id(subject)

    def issue(self, user_id: UserId, *, lifetime_s: int) -> str:
        token = f"fake:{user_id}:{int(self._clock.now().timestamp()) + lifetime_s}"
        self._issued.add(token)
        return token
