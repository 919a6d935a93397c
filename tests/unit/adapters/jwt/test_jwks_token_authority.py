"""The authority that verifies with published keys: attacks, rotation of keys, and outages of the provider."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncGenerator, Generator
from typing import Any

import jwt
import pytest

from adapters.fakes.clock import START, FakeClock
from adapters.jwt.jwks_client import JwksConfig
from adapters.jwt.jwks_token_authority import JwksTokenAuthority, open_jwks_authority
from domain.model.errors import Rejected, Unauthenticated, Unavailable
from domain.model.ids import UserId
from tests.services.identity_provider import (
    ALGORITHMS,
    IdentityProvider,
    Published,
    SigningKey,
    base64url,
    key_set,
    running_identity_provider,
)
from tests.support.world import until

pytestmark = pytest.mark.anyio

NOW_S = int(START.timestamp())
GOOD: dict[str, Any] = {"sub": "alice", "iat": NOW_S, "exp": NOW_S + 86_400, "aud": "telecine", "iss": "idp"}
KEYS = [SigningKey(algorithm, algorithm.lower()) for algorithm in ALGORITHMS]
RSA, EC, ED = KEYS
STRANGERS = [SigningKey(algorithm, "stranger") for algorithm in ALGORITHMS]
NEXT = SigningKey("EdDSA", "next")


@pytest.fixture
def clock() -> FakeClock:
    """A clock that the test moves."""
    return FakeClock()


@pytest.fixture
def provider() -> Generator[IdentityProvider]:
    """A provider with a key for each algorithm."""
    with running_identity_provider(*KEYS) as provider:
        yield provider


@pytest.fixture
async def authority(provider: IdentityProvider, clock: FakeClock) -> AsyncGenerator[JwksTokenAuthority]:
    """An authority that has not fetched the keys yet."""
    config = JwksConfig(provider.url, audience="telecine", issuer="idp")
    async with open_jwks_authority(config, clock) as authority:
        yield authority


async def is_good(authority: JwksTokenAuthority, token: str) -> bool:
    """Whether the token is accepted; if not, the error is `invalid_token`."""
    try:
        result = (await authority.verify(token)).user_id
    except Unauthenticated as error:
        result = error.code
    assert result in {"alice", "invalid_token"}
    return result == "alice"


def hs256(secret: bytes, header: dict[str, Any]) -> str:
    """A valid token, except that its signature is an HMAC with this secret."""
    signed = f"{base64url(json.dumps(header).encode())}.{base64url(json.dumps(GOOD).encode())}"
    return f"{signed}.{base64url(hmac.digest(secret, signed.encode(), hashlib.sha256))}"


def with_header(token: str, header: dict[str, Any]) -> str:
    """The same token under another header."""
    return f"{base64url(json.dumps(header).encode())}.{token.split('.', 1)[1]}"


@pytest.mark.parametrize("key", KEYS, ids=ALGORITHMS)
@pytest.mark.parametrize("header", [{}, {"typ": "at+jwt"}, {"typ": "whatever"}, {"jku": "http://evil.example/"}])
async def test_a_token_of_a_published_key_is_accepted(
    authority: JwksTokenAuthority, key: SigningKey, header: dict[str, Any]
) -> None:
    """Other members of its header change nothing."""
    assert await is_good(authority, key.token(GOOD, header))


@pytest.mark.parametrize("key", STRANGERS, ids=ALGORITHMS)
@pytest.mark.parametrize("has_own_kid", [True, False], ids=["own kid", "borrowed kid"])
async def test_a_token_of_another_key_is_refused(
    authority: JwksTokenAuthority, key: SigningKey, *, has_own_kid: bool
) -> None:
    """With its own `kid`, and with that of a published key."""
    assert not await is_good(authority, key.token(GOOD, {} if has_own_kid else {"kid": key.algorithm.lower()}))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", None, 1, []])
async def test_an_unsigned_token_is_refused(authority: JwksTokenAuthority, algorithm: object) -> None:
    """With a signature of another algorithm, and with none (RFC 8725, 3.1)."""
    for key in KEYS:
        token = with_header(key.token(GOOD), {"alg": algorithm, "kid": key.kid})
        assert not await is_good(authority, token)
        assert not await is_good(authority, token.rpartition(".")[0] + ".")


@pytest.mark.parametrize("key", KEYS, ids=ALGORITHMS)
@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512", *ALGORITHMS])
async def test_a_public_key_is_not_a_shared_secret(
    authority: JwksTokenAuthority, key: SigningKey, algorithm: str
) -> None:
    """An HMAC with a public value as its secret: the PEM, the JWK, the key set, or nothing."""
    jwk = key.jwk
    secrets = [key.pem, key.pem.strip(), json.dumps(jwk).encode(), key_set(KEYS), b""]
    secrets += [jwk[name].encode() for name in ("n", "x") if name in jwk]
    for secret in secrets:
        for named in ({"kid": key.kid}, {}):
            assert not await is_good(authority, hs256(secret, {"alg": algorithm, **named}))


@pytest.mark.parametrize("key", KEYS, ids=ALGORITHMS)
@pytest.mark.parametrize(
    "algorithm", ["HS256", "RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES256K", "EdDSA", "Ed25519", "rs256"]
)
async def test_the_key_has_one_algorithm(authority: JwksTokenAuthority, key: SigningKey, algorithm: str) -> None:
    """A header with another one is refused."""
    if algorithm != key.algorithm:
        header = {"alg": algorithm, "kid": key.kid, "typ": "JWT"}
        assert not await is_good(authority, with_header(key.token(GOOD), header))


async def test_a_published_secret_is_not_accepted(authority: JwksTokenAuthority, provider: IdentityProvider) -> None:
    """A symmetric key in the set is public, so anyone could sign with it."""
    secret = b"0123456789abcdef0123456789abcdef"
    listed = {"kty": "oct", "kid": "oct", "k": base64url(secret), "alg": "HS256"}
    provider.published = Published(json.dumps({"keys": [listed, RSA.jwk]}).encode())

    assert not await is_good(authority, hs256(secret, {"alg": "HS256", "kid": "oct"}))
    assert await is_good(authority, RSA.token(GOOD))


@pytest.mark.parametrize("header", [{"crit": ["exp"]}, {"crit": ["b64"], "b64": False}, {"crit": "exp"}, {"kid": 1}])
async def test_critical_extensions_are_refused(authority: JwksTokenAuthority, header: dict[str, Any]) -> None:
    """RFC 7515, 4.1.11: a recipient that does not implement them must refuse the token. A `kid` must be a string."""
    token = with_header(RSA.token(GOOD), {"alg": "RS256", "kid": RSA.kid} | header)

    assert not await is_good(authority, token)


@pytest.mark.parametrize(
    "changed",
    [
        *({name: None} for name in ("iat", "exp", "aud", "iss")),
        {"aud": "other"},
        {"iss": "other"},
        {"iat": NOW_S + 11},
        {"nbf": NOW_S + 11},
        {"exp": "later"},
        {"scope": 1},
    ],
)
async def test_claims_are_checked_as_with_a_secret(authority: JwksTokenAuthority, changed: dict[str, Any]) -> None:
    """A valid signature alone is not enough."""
    claims = {name: value for name, value in {**GOOD, **changed}.items() if value is not None}

    assert not await is_good(authority, ED.token(claims))


async def test_a_token_without_kid_needs_a_single_key(
    authority: JwksTokenAuthority, provider: IdentityProvider, clock: FakeClock
) -> None:
    """With two keys of its algorithm, none of them is tried."""
    without_kid = jwt.encode(GOOD, ED.private, algorithm="EdDSA")
    assert await is_good(authority, without_kid)
    provider.publish([ED, NEXT])
    clock.advance(10)
    assert await is_good(authority, NEXT.token(GOOD))

    assert not await is_good(authority, without_kid)


async def test_keys_rotate_without_a_restart(
    authority: JwksTokenAuthority, provider: IdentityProvider, clock: FakeClock
) -> None:
    """A new key works from the first token that names it, and an old one as long as it is published."""
    old, new = ED.token(GOOD), NEXT.token(GOOD)
    assert [await is_good(authority, token) for token in (old, new)] == [True, False]
    clock.advance(10)
    provider.publish([ED, NEXT])
    assert [await is_good(authority, token) for token in (old, new)] == [True, True]
    provider.publish([NEXT])
    clock.advance(10)
    assert not await is_good(authority, STRANGERS[2].token(GOOD))

    assert [await is_good(authority, token) for token in (old, new)] == [False, True]


async def test_a_withdrawn_key_stops_working_after_the_maximum_age(
    authority: JwksTokenAuthority, provider: IdentityProvider, clock: FakeClock
) -> None:
    """The cached result of a token lasts no longer than its key."""
    token = ED.token(GOOD)
    assert await is_good(authority, token)
    provider.publish([NEXT])
    clock.advance(299)
    assert await is_good(authority, token)
    clock.advance(1)
    assert await is_good(authority, token)
    await until(lambda: authority._cache.keys().keys[0].kid == "next")

    assert not await is_good(authority, token)


async def test_the_last_keys_are_used_during_an_outage(
    authority: JwksTokenAuthority, provider: IdentityProvider, clock: FakeClock
) -> None:
    """For tokens that were verified before, and for new ones."""
    assert await is_good(authority, ED.token(GOOD))
    provider.published = Published(status=500)
    for _ in range(12):
        clock.advance(3600)
        assert await is_good(authority, RSA.token(GOOD | {"iat": NOW_S - 1}))
        assert await is_good(authority, ED.token(GOOD))
        assert not await is_good(authority, NEXT.token(GOOD))


async def test_without_any_key_set_tokens_cannot_be_verified(
    authority: JwksTokenAuthority, provider: IdentityProvider, clock: FakeClock
) -> None:
    """The error is `jwks_unavailable`; a malformed token is still `invalid_token`."""
    provider.published = Published(status=500)
    with pytest.raises(Unavailable) as refused:
        await authority.verify(ED.token(GOOD))
    assert refused.value.code == "jwks_unavailable"
    assert not await is_good(authority, "garbage")
    assert not await is_good(authority, hs256(b"", {"alg": "none"}))
    provider.publish(KEYS)
    clock.advance(10)

    assert await is_good(authority, ED.token(GOOD))


async def test_no_redirect_is_followed(authority: JwksTokenAuthority, provider: IdentityProvider) -> None:
    """Keys come only from the configured URL."""
    provider.published = Published(key_set(KEYS), status=302, headers={"Location": provider.url})
    with pytest.raises(Unavailable):
        await authority.verify(ED.token(GOOD))

    assert provider.request_count == 1


async def test_closing_the_authority_cancels_its_fetch(provider: IdentityProvider, clock: FakeClock) -> None:
    """A provider that does not answer does not delay the shutdown."""
    provider.published = Published(hangs=True)
    async with open_jwks_authority(JwksConfig(provider.url), clock) as authority:
        waiting = asyncio.create_task(authority.verify(ED.token(GOOD)))
        await until(lambda: provider.request_count == 1)

    assert "jwks" not in {task.get_name() for task in asyncio.all_tasks()}
    with pytest.raises(Unavailable):
        await waiting


async def test_unknown_kids_do_not_flood_the_provider(
    authority: JwksTokenAuthority, provider: IdentityProvider, clock: FakeClock
) -> None:
    """300 tokens in 30 seconds, each with a `kid` that does not exist, cause one fetch every ten seconds."""
    for number in range(300):
        assert not await is_good(authority, ED.token(GOOD, {"kid": f"made-up-{number}"}))
        clock.advance(0.1)

    assert provider.request_count == 3


async def test_malformed_tokens_cause_no_fetch(authority: JwksTokenAuthority, provider: IdentityProvider) -> None:
    """Neither do tokens with an algorithm that is not allowed."""
    for token in ("", "a.b.c", "x" * 8193, hs256(b"", {"alg": "HS256", "kid": "unknown"}), hs256(b"", {"alg": "none"})):
        assert not await is_good(authority, token)

    assert provider.request_count == 0


async def test_tokens_are_issued_by_the_provider(authority: JwksTokenAuthority) -> None:
    """Telecine has no key to sign with."""
    with pytest.raises(Rejected) as refused:
        authority.issue(UserId("alice"), lifetime_s=60)
    assert refused.value.code == "tokens_issued_elsewhere"
