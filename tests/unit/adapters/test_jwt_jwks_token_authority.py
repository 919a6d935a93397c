"""What the authority over published keys refuses beyond the contract, and how it lives with a provider."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncGenerator, Generator
from typing import Any

import jwt
import pytest

from adapters.fakes.clock import START, FakeClock
from adapters.jwt.jwks_token_authority import JwksTokenAuthority, open_jwks_authority
from adapters.jwt.key_source import JwksConfig
from domain.model.errors import Rejected, Unauthenticated, Unavailable
from domain.model.identity import UserId
from tests.identity_provider import (
    ALGORITHMS,
    IdentityProvider,
    Published,
    SigningKey,
    base64url,
    key_set,
    running_identity_provider,
)
from tests.world import until

pytestmark = pytest.mark.anyio

NOW_S = int(START.timestamp())
GOOD: dict[str, Any] = {"sub": "alice", "iat": NOW_S, "exp": NOW_S + 86_400, "aud": "telecine", "iss": "idp"}
KEYS = [SigningKey(algorithm, algorithm.lower()) for algorithm in ALGORITHMS]
RSA, EC, ED = KEYS
STRANGERS = [SigningKey(algorithm, "stranger") for algorithm in ALGORITHMS]
NEXT = SigningKey("EdDSA", "next")


@pytest.fixture
def clock() -> FakeClock:
    """Time, for the test to move."""
    return FakeClock()


@pytest.fixture
def provider() -> Generator[IdentityProvider]:
    """A provider with a key for each algorithm."""
    with running_identity_provider(*KEYS) as provider:
        yield provider


@pytest.fixture
async def authority(provider: IdentityProvider, clock: FakeClock) -> AsyncGenerator[JwksTokenAuthority]:
    """An authority that has not asked yet."""
    config = JwksConfig(provider.url, audience="telecine", issuer="idp")
    async with open_jwks_authority(config, clock) as authority:
        yield authority


async def is_good(authority: JwksTokenAuthority, token: str) -> bool:
    """Whether the token is taken; one that is not is an invalid token."""
    try:
        told = (await authority.verify(token)).user_id
    except Unauthenticated as error:
        told = error.code
    assert told in {"alice", "invalid_token"}
    return told == "alice"


def hs256(secret: bytes, header: dict[str, Any]) -> str:
    """A good token but for its signature, which is an HMAC under this secret."""
    signed = f"{base64url(json.dumps(header).encode())}.{base64url(json.dumps(GOOD).encode())}"
    return f"{signed}.{base64url(hmac.digest(secret, signed.encode(), hashlib.sha256))}"


def with_header(token: str, header: dict[str, Any]) -> str:
    """The same token under another header."""
    return f"{base64url(json.dumps(header).encode())}.{token.split('.', 1)[1]}"


@pytest.mark.parametrize("key", KEYS, ids=ALGORITHMS)
@pytest.mark.parametrize("header", [{}, {"typ": "at+jwt"}, {"typ": "whatever"}, {"jku": "http://evil.example/"}])
async def test_a_token_of_a_published_key_is_good(
    authority: JwksTokenAuthority, key: SigningKey, header: dict[str, Any]
) -> None:
    """Whatever else its header says."""
    assert await is_good(authority, key.token(GOOD, header))


@pytest.mark.parametrize("key", STRANGERS, ids=ALGORITHMS)
@pytest.mark.parametrize("is_named", [True, False], ids=["own name", "borrowed name"])
async def test_a_token_of_another_key_is_refused(
    authority: JwksTokenAuthority, key: SigningKey, *, is_named: bool
) -> None:
    """Under its own name, and under that of a published key."""
    assert not await is_good(authority, key.token(GOOD, {} if is_named else {"kid": key.algorithm.lower()}))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", None, 1, []])
async def test_an_unsigned_token_is_refused(authority: JwksTokenAuthority, algorithm: object) -> None:
    """With a signature of another algorithm, and with none (RFC 8725, 3.1)."""
    for key in KEYS:
        token = with_header(key.token(GOOD), {"alg": algorithm, "kid": key.kid})
        assert not await is_good(authority, token)
        assert not await is_good(authority, token.rpartition(".")[0] + ".")


@pytest.mark.parametrize("key", KEYS, ids=ALGORITHMS)
@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512", *ALGORITHMS])
async def test_a_public_key_is_no_secret(authority: JwksTokenAuthority, key: SigningKey, algorithm: str) -> None:
    """An HMAC under what everybody may know: as PEM, as JWK, as the set, and under nothing."""
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
    """The header may only repeat it."""
    if algorithm != key.algorithm:
        header = {"alg": algorithm, "kid": key.kid, "typ": "JWT"}
        assert not await is_good(authority, with_header(key.token(GOOD), header))


async def test_a_published_secret_is_no_key(authority: JwksTokenAuthority, provider: IdentityProvider) -> None:
    """A set that lists one makes nobody a user."""
    secret = b"0123456789abcdef0123456789abcdef"
    listed = {"kty": "oct", "kid": "oct", "k": base64url(secret), "alg": "HS256"}
    provider.published = Published(json.dumps({"keys": [listed, RSA.jwk]}).encode())

    assert not await is_good(authority, hs256(secret, {"alg": "HS256", "kid": "oct"}))
    assert await is_good(authority, RSA.token(GOOD))


@pytest.mark.parametrize("header", [{"crit": ["exp"]}, {"crit": ["b64"], "b64": False}, {"crit": "exp"}, {"kid": 1}])
async def test_a_header_that_asks_for_more_is_refused(authority: JwksTokenAuthority, header: dict[str, Any]) -> None:
    """Critical extensions (RFC 7515, 4.1.11) are what we don't do."""
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
    """The signature alone is not enough."""
    claims = {name: value for name, value in {**GOOD, **changed}.items() if value is not None}

    assert not await is_good(authority, ED.token(claims))


async def test_a_single_key_needs_no_name(
    authority: JwksTokenAuthority, provider: IdentityProvider, clock: FakeClock
) -> None:
    """Of two for one algorithm, nobody guesses."""
    nameless = jwt.encode(GOOD, ED.private, algorithm="EdDSA")
    assert await is_good(authority, nameless)
    provider.publish([ED, NEXT])
    clock.advance(10)
    assert await is_good(authority, NEXT.token(GOOD))

    assert not await is_good(authority, nameless)


async def test_keys_rotate_without_a_restart(
    authority: JwksTokenAuthority, provider: IdentityProvider, clock: FakeClock
) -> None:
    """The new key works as soon as it is seen, and the old one as long as it is published."""
    old, new = ED.token(GOOD), NEXT.token(GOOD)
    assert [await is_good(authority, token) for token in (old, new)] == [True, False]
    clock.advance(10)
    provider.publish([ED, NEXT])
    assert [await is_good(authority, token) for token in (old, new)] == [True, True]
    provider.publish([NEXT])
    clock.advance(10)
    assert not await is_good(authority, STRANGERS[2].token(GOOD))

    assert [await is_good(authority, token) for token in (old, new)] == [False, True]


async def test_a_removed_key_is_given_up_with_age(
    authority: JwksTokenAuthority, provider: IdentityProvider, clock: FakeClock
) -> None:
    """A token that was good a moment ago is not remembered for longer than its key."""
    token = ED.token(GOOD)
    assert await is_good(authority, token)
    provider.publish([NEXT])
    clock.advance(299)
    assert await is_good(authority, token)
    clock.advance(1)
    assert await is_good(authority, token)
    await until(lambda: authority._ring.keys().keys[0].kid == "next")

    assert not await is_good(authority, token)


async def test_an_outage_is_lived_through(
    authority: JwksTokenAuthority, provider: IdentityProvider, clock: FakeClock
) -> None:
    """The last keys serve on: for tokens that were seen and for those that were not."""
    assert await is_good(authority, ED.token(GOOD))
    provider.published = Published(status=500)
    for _ in range(12):
        clock.advance(3600)
        assert await is_good(authority, RSA.token(GOOD | {"iat": NOW_S - 1}))
        assert await is_good(authority, ED.token(GOOD))
        assert not await is_good(authority, NEXT.token(GOOD))


async def test_without_any_key_nobody_can_say(
    authority: JwksTokenAuthority, provider: IdentityProvider, clock: FakeClock
) -> None:
    """What is garbage without a key is refused all the same."""
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
    """Keys come from where the operator says, and from nowhere else."""
    provider.published = Published(key_set(KEYS), status=302, headers={"Location": provider.url})
    with pytest.raises(Unavailable):
        await authority.verify(ED.token(GOOD))

    assert provider.asked == 1


async def test_nothing_is_left_of_an_authority_that_is_closed(provider: IdentityProvider, clock: FakeClock) -> None:
    """A provider that does not answer holds up no shutdown."""
    provider.published = Published(hangs=True)
    async with open_jwks_authority(JwksConfig(provider.url), clock) as authority:
        waiting = asyncio.create_task(authority.verify(ED.token(GOOD)))
        await until(lambda: provider.asked == 1)

    assert "jwks" not in {task.get_name() for task in asyncio.all_tasks()}
    with pytest.raises(Unavailable):
        await waiting


async def test_made_up_names_do_not_hammer_the_provider(
    authority: JwksTokenAuthority, provider: IdentityProvider, clock: FakeClock
) -> None:
    """Each names a key that nobody has, and the provider is asked once in ten seconds."""
    for number in range(300):
        assert not await is_good(authority, ED.token(GOOD, {"kid": f"made-up-{number}"}))
        clock.advance(0.1)

    assert provider.asked == 3


async def test_garbage_asks_for_nothing(authority: JwksTokenAuthority, provider: IdentityProvider) -> None:
    """Nor does an algorithm that no key can have."""
    for token in ("", "a.b.c", "x" * 8193, hs256(b"", {"alg": "HS256", "kid": "unknown"}), hs256(b"", {"alg": "none"})):
        assert not await is_good(authority, token)

    assert provider.asked == 0


async def test_tokens_are_issued_by_the_provider(authority: JwksTokenAuthority) -> None:
    """Here is nothing to sign them with."""
    with pytest.raises(Rejected) as refused:
        authority.issue(UserId("alice"), lifetime_s=60)
    assert refused.value.code == "tokens_issued_elsewhere"
