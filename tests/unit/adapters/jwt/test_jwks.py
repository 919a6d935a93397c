"""Which published keys are accepted, for which algorithm, and which of them a token selects."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as new_ec_key
from jwt.algorithms import ECAlgorithm
from jwt.utils import to_base64url_uint

from adapters.jwt.codec import Header
from adapters.jwt.jwks import MAX_KEYS, KeySet, UnknownKey, parse_key_set
from domain.model.errors import Unauthenticated, Unavailable
from tests.services.identity_provider import ALGORITHMS, SigningKey, base64url, key_set

RSA = SigningKey("RS256", "rsa")
EC = SigningKey("ES256", "ec")
ED = SigningKey("EdDSA", "ed")
KEYS = (RSA, EC, ED)


def published(*jwks: object) -> KeySet:
    """The key set that is read from these keys."""
    return parse_key_set(json.dumps({"keys": jwks, "more": {}}).encode())


def rsa_of(bits: int, **members: str) -> dict[str, str]:
    """An RSA public key of this size; its modulus is no product of two primes, which cannot be seen from outside."""
    modulus = to_base64url_uint((1 << (bits - 1)) | 1).decode()
    return {"kty": "RSA", "kid": "rsa", "n": modulus, "e": "AQAB", **members}


UNSUITABLE_KEYS: list[object] = [
    {**RSA.jwk, "alg": "HS256"},
    {**RSA.jwk, "alg": "RS512"},
    {**RSA.jwk, "alg": "none"},
    {**RSA.jwk, "alg": ""},
    {**EC.jwk, "alg": "RS256"},
    {**RSA.jwk, "use": "enc"},
    {**RSA.jwk, "key_ops": ["encrypt"]},
    {**RSA.jwk, "key_ops": []},
    {**RSA.jwk, "kid": 1},
    {**RSA.jwk, "crv": "P-256"},
    {**RSA.jwk, "d": "AQAB"},
    {**ED.jwk, "key_ops": ["sign", "verify"], "d": base64url(b"0123456789abcdef0123456789abcdef")},
    {**RSA.jwk, "d": {"secret": True}},
    {**RSA.jwk, "n": 1},
    {**RSA.jwk, "n": None},
    {**RSA.jwk, "n": ["AQAB"]},
    {**EC.jwk, "y": {}},
    {**ED.jwk, "x": 1},
    {**ED.jwk, "x": "\N{LATIN SMALL LETTER E WITH ACUTE}"},
    {**RSA.jwk, "n": ""},
    {**RSA.jwk, "n": "a"},
    {**RSA.jwk, "e": "AQ"},
    {name: value for name, value in RSA.jwk.items() if name != "e"},
    rsa_of(1024),
    rsa_of(2047),
    {**EC.jwk, "crv": "P-384"},
    {**EC.jwk, "crv": "P-521"},
    {**EC.jwk, "crv": "secp256k1"},
    {**EC.jwk, "x": EC.jwk["y"]},
    {**EC.jwk, "x": "AA"},
    {name: value for name, value in EC.jwk.items() if name != "crv"},
    {**ECAlgorithm.to_jwk(new_ec_key(SECP384R1()).public_key(), as_dict=True)},
    {**ED.jwk, "crv": "X25519"},
    {**ED.jwk, "crv": "Ed448"},
    {**ED.jwk, "x": "AA"},
    {"kty": "oct", "kid": "rsa", "k": base64url(b"0123456789abcdef0123456789abcdef"), "alg": "HS256"},
    {"kty": "oct", "kid": "rsa", "k": base64url(RSA.pem), "alg": "RS256"},
    {"kty": "none"},
    {},
    [],
    "RSA",
    1,
    None,
    [[[[[[]]]]]],
]


@pytest.mark.parametrize("key", KEYS, ids=ALGORITHMS)
@pytest.mark.parametrize("dropped", [(), ("alg",), ("use",), ("key_ops",), ("alg", "use", "key_ops")])
def test_a_key_is_for_its_own_algorithm(key: SigningKey, dropped: tuple[str, ...]) -> None:
    """Its type and curve decide, also when `alg`, `use` and `key_ops` are absent."""
    keys = published({name: value for name, value in key.jwk.items() if name not in dropped})

    assert [(accepted.kid, accepted.algorithm) for accepted in keys.keys] == [(key.kid, key.algorithm)]
    assert keys.skipped == 0


@pytest.mark.parametrize("unsuitable", UNSUITABLE_KEYS)
def test_an_unsuitable_key_is_passed_over(unsuitable: object) -> None:
    """The other keys of the set are still accepted."""
    keys = published(unsuitable, EC.jwk | {"kid": "good"}, unsuitable)

    assert [accepted.kid for accepted in keys.keys] == ["good"]
    assert keys.skipped == 2


def test_an_rsa_key_of_2048_bits_is_large_enough() -> None:
    """RFC 7518, 3.3."""
    assert len(published(rsa_of(2048)).keys) == 1


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<html>",
        b"[]",
        b"null",
        b"{}",
        b'{"keys": {}}',
        b'{"keys": null}',
        b'{"keys": [',
        b'{"keys": [\xff]}',
        b"\x1f\x8b\x08",
        b"[" * 100_000,
        b'{"keys": ' + b"[" * 100_000,
        json.dumps({"keys": [{}] * (MAX_KEYS + 1)}).encode(),
    ],
)
def test_a_document_that_is_not_a_key_set_is_refused(document: bytes) -> None:
    """With the same error as an outage of the provider."""
    with pytest.raises(Unavailable) as refused:
        parse_key_set(document)
    assert refused.value.code == "jwks_unavailable"


def test_a_deeply_nested_key_is_passed_over() -> None:
    """The parser stops at it, and the rest of the set is read."""
    deep = b'{"keys": [' + b"[" * 900 + b"]" * 900 + b"]}"

    assert parse_key_set(deep).skipped == 1


def test_a_set_may_be_large_or_empty() -> None:
    """A hundred keys are accepted; with none, no token is valid."""
    assert len(published(*[EC.jwk | {"kid": str(number)} for number in range(MAX_KEYS)]).keys) == MAX_KEYS
    assert published().keys == ()


@pytest.mark.parametrize("key", KEYS, ids=ALGORITHMS)
def test_a_token_selects_its_key(key: SigningKey) -> None:
    """By `kid` and algorithm; a token without `kid` selects the only key of its algorithm."""
    keys = parse_key_set(key_set([*KEYS, SigningKey("RS256", "other")]))

    assert keys.select(Header(key.algorithm, key.kid)).kid == key.kid
    if key is not RSA:
        assert keys.select(Header(key.algorithm)).kid == key.kid


@pytest.mark.parametrize("header", [Header("RS256", "ec"), Header("RS256", "unknown"), Header("RS256", "")])
def test_a_missing_key_may_be_in_a_newer_set(header: Header) -> None:
    """The error makes the caller fetch the set again."""
    with pytest.raises(UnknownKey) as refused:
        parse_key_set(key_set(KEYS)).select(header)
    assert refused.value.code == "invalid_token"


@pytest.mark.parametrize(
    "header",
    [
        Header("RS256"),
        Header("RS256", "twice"),
        *(Header(algorithm, "rsa") for algorithm in ("HS256", "none", "RS384", "PS256", "ES256K", "rs256", "")),
    ],
)
def test_an_ambiguous_or_forbidden_token_causes_no_fetch(header: Header) -> None:
    """Its algorithm is not allowed, or several keys match: a newer set would not help."""
    keys = published(RSA.jwk, EC.jwk, *[RSA.jwk | {"kid": "twice"}] * 2)

    with pytest.raises(Unauthenticated) as refused:
        keys.select(header)
    assert refused.value.code == "invalid_token"
    assert not isinstance(refused.value, UnknownKey)


def test_other_members_are_ignored() -> None:
    """Certificates, for example: no URL in a key is fetched."""
    more: dict[str, Any] = {"x5u": "http://169.254.169.254/", "x5c": ["AA"], "x5t": "AA", "nbf": 1, "k": "AA"}

    assert len(published(RSA.jwk | more).keys) == 1


def test_a_null_member_is_an_absent_one() -> None:
    """Some providers write every member; a null `d` does not make a public key private."""
    keys = published(RSA.jwk | {"crv": None, "d": None, "key_ops": None, "x": None})

    assert [accepted.kid for accepted in keys.keys] == ["rsa"]
