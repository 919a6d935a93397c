"""The checks that every authority makes before it reads the claims: size, signature, audience and issuer."""

from typing import Any

import jwt
import msgspec

from adapters.jwt.claims import invalid_token

MAX_TOKEN_LENGTH = 8 * 1024
LEEWAY_S = 10.0
CACHED_TOKENS = 1024


def check_length(token: str) -> None:
    """Check the size and the characters of a token before anything parses it.

    Raises:
        Unauthenticated: `invalid_token`, it is too long, or not ASCII.
    """
    if len(token) > MAX_TOKEN_LENGTH or not token.isascii():
        raise invalid_token(f"A token has at most {MAX_TOKEN_LENGTH} characters, all ASCII.")


class Header(msgspec.Struct):
    """The members of a token's header that select its key; they are not verified yet (RFC 7515, 4.1)."""

    alg: str
    kid: str | None = None


def header_of(token: str) -> Header:
    """The header of a token, not verified.

    Raises:
        Unauthenticated: `invalid_token`, it is not a token.
    """
    try:
        return msgspec.convert(jwt.get_unverified_header(token), Header)
    except (jwt.InvalidTokenError, msgspec.ValidationError, RecursionError) as error:
        raise invalid_token("The token is malformed.") from error


class Codec:
    """Signs and verifies tokens; `aud` and `iss` are written and checked if they are configured.

    PyJWT's own checks of the times are off, because they read the system's clock and not the Clock port.
    """

    def __init__(self, *, audience: str | None, issuer: str | None) -> None:
        self._audience = audience
        self._issuer = issuer
        self._jwt = jwt.PyJWT(
            options={
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
                "verify_sub": False,
                "verify_jti": False,
                "verify_aud": audience is not None,
            }
        )

    def sign(self, payload: dict[str, Any], secret: bytes, algorithm: str) -> str:
        """A token with this payload, and with the configured audience and issuer."""
        configured = {"aud": self._audience, "iss": self._issuer}
        payload = payload | {name: value for name, value in configured.items() if value is not None}
        return self._jwt.encode(payload, secret, algorithm=algorithm)

    def verify(self, token: str, key: bytes | jwt.PyJWK, algorithm: str) -> dict[str, Any]:
        """The payload of a token that was signed with this key by this algorithm; its header does not choose either.

        Raises:
            Unauthenticated: `invalid_token`, its signature, audience or issuer is wrong, or it is malformed.
        """
        try:
            return self._jwt.decode(token, key, algorithms=[algorithm], audience=self._audience, issuer=self._issuer)
        # The header is parsed before the signature is verified, so any client can send deeply nested JSON.
        except (jwt.InvalidTokenError, RecursionError) as error:
            raise invalid_token(
                "The token's signature, audience or issuer is wrong, or the token is malformed."
            ) from error
