"""The keys that an identity provider publishes (RFC 7517): which of them are accepted, and for which algorithm.

PyJWT reads each key. Its `PyJWKSet` is not used: it refuses an empty set, which would keep keys valid that the provider
has withdrawn; it takes the algorithm from the member `alg`, accepts private keys, and does not look at `key_ops`.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import jwt
import msgspec

from adapters.jwt.claims import invalid_token
from adapters.jwt.codec import Header
from domain.model.errors import Unauthenticated, Unavailable

MAX_KEYS = 100

_ALGORITHMS: dict[tuple[str, str | None], str] = {
    ("RSA", None): "RS256",
    ("EC", "P-256"): "ES256",
    ("OKP", "Ed25519"): "EdDSA",
}


class UnknownKey(Unauthenticated):
    """The set has no key for this token; a newer set may have it."""

    def __init__(self) -> None:
        super().__init__(
            "The token was signed with a key that is not in the identity provider's key set.", code="invalid_token"
        )


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key, and the only algorithm that it may be used with."""

    kid: str | None
    algorithm: str
    jwk: jwt.PyJWK


@dataclass(frozen=True, slots=True, eq=False)
class KeySet:
    """The keys that were published at one moment; `skipped` is the number of keys that are not accepted."""

    keys: tuple[PublicKey, ...] = ()
    skipped: int = 0

    def select(self, header: Header) -> PublicKey:
        """The key with the header's algorithm and `kid`; a header without `kid` selects the only key of its algorithm.

        Raises:
            UnknownKey: there is no such key.
            Unauthenticated: `invalid_token`, the algorithm is not allowed, or several keys match.
        """
        if header.alg not in _ALGORITHMS.values():
            raise invalid_token("The token is signed by an algorithm that is not allowed.")
        matches = [key for key in self.keys if key.algorithm == header.alg and header.kid in {None, key.kid}]
        if not matches:
            raise UnknownKey
        if len(matches) > 1:
            raise invalid_token("The token does not say which of the keys it was signed with.")
        return matches[0]


class _PublishedSet(msgspec.Struct):
    """Each key is decoded separately, so that a malformed one does not make the others unusable."""

    keys: list[msgspec.Raw]


class _PublishedKey(msgspec.Struct):
    """The members that decide whether a key is accepted; `d` marks a private key."""

    kty: str
    kid: str | None = None
    use: str | None = None
    key_ops: list[str] | None = None
    alg: str | None = None
    crv: str | None = None
    d: Any = None

    @property
    def algorithm(self) -> str | None:
        """The algorithm of its type and curve: the key decides, not the token (RFC 8725, 3.1)."""
        return _ALGORITHMS.get((self.kty, self.crv))

    @property
    def is_accepted(self) -> bool:
        """Whether it is a public key that may verify signatures by an allowed algorithm."""
        verifies = self.use in {None, "sig"} and (self.key_ops is None or "verify" in self.key_ops)
        return verifies and self.algorithm is not None and self.alg in {None, self.algorithm} and self.d is None


def parse_key_set(document: bytes) -> KeySet:
    """The accepted keys of a published set; the others are counted.

    Raises:
        Unavailable: `jwks_unavailable`, the document is not a key set, or has too many keys.
    """
    try:
        published = msgspec.json.decode(document, type=_PublishedSet).keys
    except (msgspec.DecodeError, RecursionError) as error:
        raise keys_unavailable("The document at the key set's URL is not a key set.") from error
    if len(published) > MAX_KEYS:
        raise keys_unavailable(f"The key set has {len(published)} keys; at most {MAX_KEYS} are accepted.")
    keys = tuple(key for raw in published for key in _accepted(raw))
    return KeySet(keys, skipped=len(published) - len(keys))


def keys_unavailable(detail: str, *, retry_after_s: float | None = None) -> Unavailable:
    """The error for a key set that could not be fetched or parsed."""
    return Unavailable(detail, code="jwks_unavailable", retry_after_s=retry_after_s)


def _accepted(raw: msgspec.Raw) -> Iterator[PublicKey]:
    """The key, if it is accepted; a malformed one is not."""
    with suppress(msgspec.DecodeError, RecursionError, jwt.PyJWTError):
        # A null member is read as an absent one; PyJWT alone would read a public key with `"d": null` as a private key.
        members = {
            name: value for name, value in msgspec.json.decode(raw, type=dict[str, Any]).items() if value is not None
        }
        published = msgspec.convert(members, _PublishedKey)
        if published.is_accepted and published.algorithm is not None:
            jwk = jwt.PyJWK(members, published.algorithm)
            # RFC 7518, 3.3: RSA keys have at least 2048 bits.
            if jwk.Algorithm.check_key_length(jwk.key) is None:
                yield PublicKey(published.kid, published.algorithm, jwk)
