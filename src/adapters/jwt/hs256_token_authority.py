"""Tokens that are signed and verified with one shared secret."""

from functools import lru_cache
from typing import Any

from adapters.jwt.claims import Claims, check_times, claims_of, principal_of
from adapters.jwt.codec import CACHED_TOKENS, LEEWAY_S, Codec, check_length
from domain.model.access.principal import Principal, Scope
from domain.model.ids import UserId
from domain.ports.clock import Clock
from domain.ports.token_authority import TokenAuthority

MIN_SECRET_BYTES = 32

_ALGORITHM = "HS256"


class HS256TokenAuthority(TokenAuthority):
    """HMAC with SHA-256 only; the algorithm in a token's header does not choose another.

    Raises:
        ValueError: the secret is shorter than the 32 bytes that RFC 7518 (3.2) requires.
    """

    def __init__(
        self,
        secret: bytes,
        clock: Clock,
        *,
        audience: str | None = None,
        issuer: str | None = None,
        leeway_s: float = LEEWAY_S,
    ) -> None:
        if len(secret) < MIN_SECRET_BYTES:
            raise ValueError(f"The token secret must have at least {MIN_SECRET_BYTES} bytes.")
        self._secret = secret
        self._clock = clock
        self._leeway_s = leeway_s
        self._codec = Codec(audience=audience, issuer=issuer)
        # A valid signature stays valid, so the claims are cached. The times are checked on every call.
        self._claims = lru_cache(maxsize=CACHED_TOKENS)(self._read)

    async def verify(self, token: str) -> Principal:
        check_length(token)
        claims = self._claims(token)
        check_times(claims, now=self._clock.now(), leeway_s=self._leeway_s)
        return principal_of(claims, leeway_s=self._leeway_s)

    def issue(self, user_id: UserId, *, lifetime_s: int, scopes: frozenset[Scope] | None = None) -> str:
        issued_at_s = int(self._clock.now().timestamp())
        payload: dict[str, Any] = {"sub": user_id, "iat": issued_at_s, "exp": issued_at_s + lifetime_s}
        if scopes is not None:
            payload["scope"] = " ".join(sorted(scopes))
        return self._codec.sign(payload, self._secret, _ALGORITHM)

    def _read(self, token: str) -> Claims:
        return claims_of(self._codec.verify(token, self._secret, _ALGORITHM))
