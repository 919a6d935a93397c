"""Tokens of an identity provider, checked with the keys that it publishes."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import lru_cache

import httpx

from adapters.jwt.claims import Claims, check_times, claims_of, principal_of
from adapters.jwt.codec import REMEMBERED_TOKENS, Codec, check_length, header_of
from adapters.jwt.key_ring import KeyRing
from adapters.jwt.key_set import KeySet, UnknownKey
from adapters.jwt.key_source import JwksConfig, KeySource
from domain.model.errors import Rejected
from domain.model.identity import Principal, Scope, UserId
from domain.ports.clock import Clock
from domain.ports.token_authority import TokenAuthority


@asynccontextmanager
async def open_jwks_authority(config: JwksConfig, clock: Clock) -> AsyncGenerator["JwksTokenAuthority"]:
    """An authority with a connection of its own to the provider, bound to the running event loop."""
    async with httpx.AsyncClient(timeout=config.timeout_s, follow_redirects=False, trust_env=True) as client:
        ring = KeyRing(KeySource(client, config).fetch, clock, max_age_s=config.max_age_s)
        try:
            yield JwksTokenAuthority(ring, config, clock)
        finally:
            await ring.close()


class JwksTokenAuthority(TokenAuthority):
    """RS256, ES256 and EdDSA, each with a key that is made for it; a shared secret is none."""

    def __init__(self, ring: KeyRing, config: JwksConfig, clock: Clock) -> None:
        self._ring = ring
        self._clock = clock
        self._leeway_s = config.leeway_s
        self._codec = Codec(audience=config.audience, issuer=config.issuer)
        # What a key set has proven holds as long as that set does; whether the token still lives is asked every time.
        self._claims = lru_cache(maxsize=REMEMBERED_TOKENS)(self._read)

    async def verify(self, token: str) -> Principal:
        check_length(token)
        claims = await self._proven(token)
        check_times(claims, now=self._clock.now(), leeway_s=self._leeway_s)
        return principal_of(claims)

    def issue(self, user_id: UserId, *, lifetime_s: int, scopes: frozenset[Scope] | None = None) -> str:
        raise issued_elsewhere()

    async def _proven(self, token: str) -> Claims:
        try:
            return self._claims(self._ring.keys(), token)
        except UnknownKey:
            return self._claims(await self._ring.newer_keys(), token)

    def _read(self, keys: KeySet, token: str) -> Claims:
        key = keys.key_of(header_of(token))
        return claims_of(self._codec.payload_of(token, key.jwk, key.algorithm))


def issued_elsewhere() -> Rejected:
    """There is no secret here to sign with."""
    return Rejected(
        "Tokens are issued by the identity provider whose keys are set; here they are only checked.",
        code="tokens_issued_elsewhere",
    )
