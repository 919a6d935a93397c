"""The keys that an identity provider publishes (RFC 7517): those that we take, and what for."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from adapters.jwt.claims import invalid_token
from adapters.jwt.codec import Header
from domain.model.errors import Unauthenticated, Unavailable

MAX_KEYS = 100
MIN_RSA_BITS = 2048

_ALGORITHMS: dict[tuple[str, str | None], str] = {
    ("RSA", None): "RS256",
    ("EC", "P-256"): "ES256",
    ("OKP", "Ed25519"): "EdDSA",
}


class UnknownKey(Unauthenticated):
    """No key of the set is the token's; perhaps one of a newer set is."""

    def __init__(self) -> None:
        super().__init__("The token was signed with a key that we don't know.", code="invalid_token")


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key, and the one algorithm that it may be used with."""

    kid: str | None
    algorithm: str
    jwk: jwt.PyJWK


@dataclass(frozen=True, slots=True, eq=False)
class KeySet:
    """The keys of one moment; `passed_over` counts those that are not for us."""

    keys: tuple[PublicKey, ...] = ()
    passed_over: int = 0

    def key_of(self, header: Header) -> PublicKey:
        """The key that a token's header means; it need not name the only one there is.

        Raises:
            UnknownKey: there is no such key.
            Unauthenticated: `invalid_token`, no key can be meant, or any of several.
        """
        if header.alg not in _ALGORITHMS.values():
            raise invalid_token("The token is signed by an algorithm that is not allowed.")
        meant = [key for key in self.keys if key.algorithm == header.alg and header.kid in {None, key.kid}]
        if not meant:
            raise UnknownKey
        if len(meant) > 1:
            raise invalid_token("The token does not say which of the keys it was signed with.")
        return meant[0]


class _PublishedSet(msgspec.Struct):
    """Each key is read by itself, so that an odd one spoils no other."""

    keys: list[msgspec.Raw]


class _PublishedKey(msgspec.Struct, omit_defaults=True):
    """The members that we use; `d` is the private part, and a key that everybody knows proves nothing."""

    kty: str
    kid: str | None = None
    use: str | None = None
    key_ops: list[str] | None = None
    alg: str | None = None
    crv: str | None = None
    n: str | None = None
    e: str | None = None
    x: str | None = None
    y: str | None = None
    d: msgspec.Raw | None = None

    @property
    def algorithm(self) -> str | None:
        """What its type and curve are for: the key decides, not the token (RFC 8725, 3.1)."""
        return _ALGORITHMS.get((self.kty, self.crv))

    @property
    def is_for_us(self) -> bool:
        """Whether it may check signatures by an algorithm that we take."""
        checks_signatures = self.use in {None, "sig"} and (self.key_ops is None or "verify" in self.key_ops)
        return checks_signatures and self.algorithm is not None and self.alg in {None, self.algorithm} and not self.d


def key_set_of(document: bytes) -> KeySet:
    """The keys of a published set; those that are not for us are counted.

    Raises:
        Unavailable: `jwks_unavailable`, it is no key set, or too large a one.
    """
    try:
        published = msgspec.json.decode(document, type=_PublishedSet).keys
    except (msgspec.DecodeError, RecursionError) as error:
        raise keys_unavailable("What the key set's address answers with is no key set.") from error
    if len(published) > MAX_KEYS:
        raise keys_unavailable(f"The key set has {len(published)} keys; {MAX_KEYS} are the most we take.")
    keys = tuple(key for raw in published for key in _usable(raw))
    return KeySet(keys, passed_over=len(published) - len(keys))


def keys_unavailable(detail: str, *, retry_after_s: float | None = None) -> Unavailable:
    """There is no new key set to be had."""
    return Unavailable(detail, code="jwks_unavailable", retry_after_s=retry_after_s)


def _usable(raw: msgspec.Raw) -> Iterator[PublicKey]:
    """The key, if it is for us."""
    with suppress(msgspec.DecodeError, RecursionError, jwt.PyJWTError):
        published = msgspec.json.decode(raw, type=_PublishedKey)
        if published.is_for_us and published.algorithm is not None:
            jwk = jwt.PyJWK(msgspec.to_builtins(published), published.algorithm)
            if not _is_weak(jwk):
                yield PublicKey(published.kid, published.algorithm, jwk)


def _is_weak(jwk: jwt.PyJWK) -> bool:
    """RFC 7518, 3.3: RSA keys have at least 2048 bits."""
    return isinstance(jwk.key, RSAPublicKey) and jwk.key.key_size < MIN_RSA_BITS
