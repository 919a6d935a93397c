"""Token authorities under test, each with a clock that the test may advance and an issuer of tokens."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any, Protocol

from adapters.fakes.token_authority import FakeTokenAuthority
from adapters.jwt.hs256_token_authority import HS256TokenAuthority
from adapters.jwt.jwks_client import JwksConfig
from adapters.jwt.jwks_token_authority import open_jwks_authority
from domain.model.access.principal import Scope
from domain.model.ids import UserId
from domain.ports.clock import Clock
from domain.ports.token_authority import TokenAuthority
from tests.services.identity_provider import SigningKey, running_identity_provider

SECRET = b"0123456789abcdef0123456789abcdef"


class Issue(Protocol):
    """Issues tokens like the port, here or at an identity provider."""

    def __call__(self, user_id: UserId, *, lifetime_s: int, scopes: frozenset[Scope] | None = None) -> str:
        """Issue a token, like `TokenAuthority.issue`."""
        ...


MAKERS: dict[str, Callable[[Clock], TokenAuthority]] = {
    "fake": FakeTokenAuthority,
    "hs256": lambda clock: HS256TokenAuthority(SECRET, clock),
    "hs256-audience-issuer": lambda clock: HS256TokenAuthority(SECRET, clock, audience="telecine", issuer="idp"),
}
SIGNING_KEYS = {
    "jwks-rs256": SigningKey("RS256", "current"),
    "jwks-es256": SigningKey("ES256"),
    "jwks-eddsa": SigningKey("EdDSA", "current"),
}
NAMES = (*MAKERS, *SIGNING_KEYS)


@asynccontextmanager
async def opened_authority(name: str, clock: Clock) -> AsyncGenerator[tuple[TokenAuthority, Issue]]:
    """An authority, and the issuer of the tokens that it accepts."""
    if name in MAKERS:
        authority = MAKERS[name](clock)
        yield authority, authority.issue
        return
    key = SIGNING_KEYS[name]
    with running_identity_provider(key) as provider:
        config = JwksConfig(provider.url, audience="telecine", issuer="idp")
        async with open_jwks_authority(config, clock) as authority:
            yield authority, _issuing_with(key, clock)
        assert "jwks" not in {task.get_name() for task in asyncio.all_tasks()}


def _issuing_with(key: SigningKey, clock: Clock) -> Issue:
    def issue(user_id: UserId, *, lifetime_s: int, scopes: frozenset[Scope] | None = None) -> str:
        now_s = int(clock.now().timestamp())
        claims: dict[str, Any] = {"sub": user_id, "iat": now_s, "exp": now_s + lifetime_s}
        named = {} if scopes is None else {"scp": sorted(scopes)}
        return key.token({**claims, **named, "aud": "telecine", "iss": "idp"})

    return issue
