"""What every authority asks of a token before it looks at the claims: size, signature, audience, issuer."""

from typing import Any

import jwt
import msgspec

from adapters.jwt.claims import invalid_token

MAX_TOKEN_LENGTH = 8 * 1024
LEEWAY_S = 10.0
REMEMBERED_TOKENS = 1024


def check_length(token: str) -> None:
    """Pass when the token is short enough to be looked at.

    Raises:
        Unauthenticated: `invalid_token`, it is too long, or holds what no token holds.
    """
    if len(token) > MAX_TOKEN_LENGTH or not token.isascii():
        raise invalid_token(f"A token has at most {MAX_TOKEN_LENGTH} characters, all of them ASCII.")


class Header(msgspec.Struct):
    """What a token says of its key, proven by nothing (RFC 7515, 4.1)."""

    alg: str
    kid: str | None = None


def header_of(token: str) -> Header:
    """What the token says of its key.

    Raises:
        Unauthenticated: `invalid_token`, it is no token.
    """
    try:
        return msgspec.convert(jwt.get_unverified_header(token), Header)
    except (jwt.InvalidTokenError, msgspec.ValidationError, RecursionError) as error:
        raise invalid_token("The token is not one of ours.") from error


class Codec:
    """Signs and reads tokens; `aud` and `iss` are written and checked where they are set.

    Time is the clock's, so the library's own checks of time are off.
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

    def signed(self, payload: dict[str, Any], secret: bytes, algorithm: str) -> str:
        """A token with this payload."""
        named = {"aud": self._audience, "iss": self._issuer}
        payload = payload | {name: value for name, value in named.items() if value is not None}
        return self._jwt.encode(payload, secret, algorithm=algorithm)

    def payload_of(self, token: str, key: bytes | jwt.PyJWK, algorithm: str) -> dict[str, Any]:
        """What the token says, if it was signed with this key by this algorithm, whatever its header says.

        Raises:
            Unauthenticated: `invalid_token`.
        """
        try:
            return self._jwt.decode(token, key, algorithms=[algorithm], audience=self._audience, issuer=self._issuer)
        # The header is parsed before the signature is checked: anyone can send deeply nested JSON.
        except (jwt.InvalidTokenError, RecursionError) as error:
            raise invalid_token("The token is not one of ours.") from error
