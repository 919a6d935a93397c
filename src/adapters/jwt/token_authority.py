"""Tokens signed and checked with one shared secret."""

from functools import lru_cache
from typing import Any, Protocol

import jwt

from adapters.jwt.claims import Claims, check_times, claims_of, invalid_token, subject_of
from domain.model.identity import UserId
from domain.ports.clock import Clock
from domain.ports.token_authority import TokenAuthority

MIN_SECRET_BYTES = 32
MAX_TOKEN_LENGTH = 8 * 1024
LEEWAY_S = 10.0
REMEMBERED_TOKENS = 1024

_ALGORITHM = "HS256"


class _Codec(Protocol):
    """What we use of PyJWT; its own types are partly unknown while `cryptography` is not installed."""

    def encode(self, payload: dict[str, Any], key: bytes, algorithm: str) -> str: ...

    def decode(
        self, jwt: str, key: bytes, *, algorithms: list[str], audience: str | None, issuer: str | None
    ) -> dict[str, Any]: ...


class HS256TokenAuthority(TokenAuthority):
    """HMAC with SHA-256 and no other algorithm, whatever a token's header says.

    `aud` and `iss` are written and checked where they are set. Time comes from the clock,
    so the library's own checks of time are off.

    Raises:
        ValueError: the secret is shorter than the 32 bytes that RFC 7518 (3.2) asks for.
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
        self._audience = audience
        self._issuer = issuer
        self._leeway_s = leeway_s
        # A signature that was good stays good; whether the token still lives is asked every time.
        self._claims = lru_cache(maxsize=REMEMBERED_TOKENS)(self._read)
        self._codec: _Codec = jwt.PyJWT(
            options={
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
                "verify_sub": False,
                "verify_jti": False,
                "verify_aud": audience is not None,
            }
        )

    def verify(self, token: str) -> UserId:
        if len(token) > MAX_TOKEN_LENGTH or not token.isascii():
            raise invalid_token(f"A token has at most {MAX_TOKEN_LENGTH} characters, all of them ASCII.")
        claims = self._claims(token)
        check_times(claims, now=self._clock.now(), leeway_s=self._leeway_s)
        return subject_of(claims)

    def issue(self, user_id: UserId, *, lifetime_s: int) -> str:
        issued_at_s = int(self._clock.now().timestamp())
        payload: dict[str, Any] = {"sub": user_id, "iat": issued_at_s, "exp": issued_at_s + lifetime_s}
        if self._audience is not None:
            payload["aud"] = self._audience
        if self._issuer is not None:
            payload["iss"] = self._issuer
        return self._codec.encode(payload, self._secret, algorithm=_ALGORITHM)

    def _read(self, token: str) -> Claims:
        return claims_of(self._payload(token))

    def _payload(self, token: str) -> dict[str, Any]:
        try:
            return self._codec.decode(
                token, self._secret, algorithms=[_ALGORITHM], audience=self._audience, issuer=self._issuer
            )
        # The header is parsed before the signature is checked: anyone can send deeply nested JSON.
        except (jwt.InvalidTokenError, RecursionError) as error:
            raise invalid_token("The token is not one of ours.") from error
