"""Tokens of an identity provider, verified with the keys that it publishes."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import lru_cache

import httpx

from adapters.jwt.claims import Claims, check_times, claims_of, principal_of
from adapters.jwt.codec import CACHED_TOKENS, Codec, check_length, header_of
from adapters.jwt.jwks import KeySet, UnknownKey
from adapters.jwt.jwks_cache import JwksCache
from adapters.jwt.jwks_client import JwksClient, JwksConfig
from domain.model.access.principal import Principal, Scope
from domain.model.errors import Rejected
from domain.model.ids import UserId
from domain.ports.clock import Clock
from domain.ports.token_authority import TokenAuthority


@asynccontextmanager
async def open_jwks_authority(config: JwksConfig, clock: Clock) -> AsyncGenerator["JwksTokenAuthority"]:
    """An authority with its own HTTP client for the provider, bound to the running event loop."""
    async with httpx.AsyncClient(timeout=config.timeout_s, follow_redirects=False, trust_env=True) as client:
        cache = JwksCache(JwksClient(client, config).fetch, clock, max_age_s=config.max_age_s)
        try:
            yield JwksTokenAuthority(cache, config, clock)
        finally:
            await cache.close()


class JwksTokenAuthority(TokenAuthority):
    """Accepts RS256, ES256 and EdDSA, each only with a public key of its type; never a shared secret."""

    def __init__(self, cache: JwksCache, config: JwksConfig, clock: Clock) -> None:
        self._cache = cache
        self._clock = clock
        self._leeway_s = config.leeway_s
        self._codec = Codec(audience=config.audience, issuer=config.issuer)
        # The key set is part of the cache's key: a result lasts as long as its set. Times are checked on every call.
        self._claims = lru_cache(maxsize=CACHED_TOKENS)(self._read)

    async def verify(self, token: str) -> Principal:
        check_length(token)
        claims = await self._verified(token)
        check_times(claims, now=self._clock.now(), leeway_s=self._leeway_s)
        return principal_of(claims, leeway_s=self._leeway_s)

    def issue(self, user_id: UserId, *, lifetime_s: int, scopes: frozenset[Scope] | None = None) -> str:
        raise tokens_issued_elsewhere()

    async def _verified(self, token: str) -> Claims:
        try:
            return self._claims(self._cache.keys(), token)
        except UnknownKey:
            return self._claims(await self._cache.refreshed_keys(), token)

    def _read(self, keys: KeySet, token: str) -> Claims:
        key = keys.select(header_of(token))
        return claims_of(self._codec.verify(token, key.jwk, key.algorithm))


def tokens_issued_elsewhere() -> Rejected:
    """The error for issuing a token while an identity provider issues them: there is no secret to sign with."""
    return Rejected(
        "Tokens are issued by the configured identity provider; Telecine only verifies them.",
        code="tokens_issued_elsewhere",
    )
