"""What the HS256 authority refuses beyond the contract: forged, odd and malformed tokens."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from adapters.fakes.clock import START, FakeClock
from adapters.jwt.hs256_token_authority import HS256TokenAuthority
from domain.model.access.principal import DEFAULT_SCOPES, Scope
from domain.model.errors import Unauthenticated
from domain.model.ids import UserId

pytestmark = pytest.mark.anyio

SECRET = b"0123456789abcdef0123456789abcdef"
NOW_S = int(START.timestamp())
GOOD: dict[str, Any] = {"sub": "alice", "iat": NOW_S, "exp": NOW_S + 60}
HS256 = {"alg": "HS256", "typ": "JWT"}
PUBLIC_KEY = b"-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----\n"

NOTHING, READ, WRITE = frozenset[Scope](), frozenset({Scope.READ}), frozenset({Scope.WRITE})
NAMED_SCOPES: list[tuple[dict[str, Any], frozenset[Scope]]] = [
    ({}, DEFAULT_SCOPES),
    ({"scope": "videos:read"}, READ),
    ({"scope": "openid videos:write  videos:admin"}, WRITE),
    ({"scope": ["videos:read", "videos:write"]}, READ | WRITE),
    ({"scp": ["videos:read"]}, READ),
    ({"scp": "videos:write videos:read"}, READ | WRITE),
    ({"scope": "admin", "scp": "videos:upload"}, frozenset({Scope.ADMIN, Scope.UPLOAD})),
    ({"scope": "openid", "scp": ["videos:read"]}, READ),
    ({"scope": ""}, NOTHING),
    ({"scope": []}, NOTHING),
    ({"scp": "VIDEOS:READ videos:rea videos:read\tvideos:write"}, NOTHING),
    ({"scope": ["videos:read videos:write"]}, NOTHING),
]


@pytest.fixture
def clock() -> FakeClock:
    """A clock that the test moves."""
    return FakeClock()


@pytest.fixture
def authority(clock: FakeClock) -> HS256TokenAuthority:
    """An authority without an audience and an issuer."""
    return HS256TokenAuthority(SECRET, clock)


@pytest.fixture
def restricted_authority(clock: FakeClock) -> HS256TokenAuthority:
    """An authority with an audience and an issuer."""
    return HS256TokenAuthority(SECRET, clock, audience="telecine", issuer="idp")


async def test_a_token_of_another_program_with_the_secret_is_accepted(authority: HS256TokenAuthority) -> None:
    """The format is the standard one."""
    assert (await authority.verify(_token(GOOD | {"name": "Alice", "nbf": NOW_S}))).user_id == "alice"


@pytest.mark.parametrize("missing", ["sub", "iat", "exp"])
async def test_a_token_without_a_required_claim_is_refused(authority: HS256TokenAuthority, missing: str) -> None:
    """Subject, time of issue and expiry are required."""
    assert await _refusal(authority, {name: GOOD[name] for name in GOOD if name != missing}) == "invalid_token"


@pytest.mark.parametrize("claim", ["exp", "iat", "nbf"])
@pytest.mark.parametrize(
    "moment", ["1795348800", True, None, [], {}, float("nan"), float("inf"), float("-inf"), 10**400, 1e300]
)
async def test_a_time_that_is_not_a_finite_number_is_refused(
    authority: HS256TokenAuthority, claim: str, moment: object
) -> None:
    """A token with such a time would never expire."""
    assert await _refusal(authority, GOOD | {claim: moment}) == "invalid_token"


@pytest.mark.parametrize("subject", [None, 1, True, ["alice"], {"id": "alice"}, 1.5])
async def test_a_subject_that_is_not_a_string_is_refused(authority: HS256TokenAuthority, subject: object) -> None:
    """A number is not converted to a user id."""
    assert await _refusal(authority, GOOD | {"sub": subject}) == "invalid_subject"


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"exp": NOW_S - 9}, None),
        ({"exp": NOW_S - 10}, "token_expired"),
        ({"exp": NOW_S - 9.5}, None),
        ({"iat": NOW_S + 10}, None),
        ({"iat": NOW_S + 11}, "invalid_token"),
        ({"nbf": NOW_S + 10}, None),
        ({"nbf": NOW_S + 11}, "invalid_token"),
    ],
)
async def test_clocks_may_differ_by_ten_seconds(
    authority: HS256TokenAuthority, claims: dict[str, Any], code: str | None
) -> None:
    """The leeway applies to the expiry and to the beginning of a token's validity."""
    if code is None:
        assert (await authority.verify(_token(GOOD | claims))).user_id == "alice"
    else:
        assert await _refusal(authority, GOOD | claims) == code


async def test_the_time_comes_from_the_clock(authority: HS256TokenAuthority, clock: FakeClock) -> None:
    """With the clock set back by a year, a token of that time is valid."""
    clock.advance(-365 * 86_400)
    token = authority.issue(UserId("alice"), lifetime_s=60)

    assert (await authority.verify(token)).user_id == "alice"
    clock.advance(365 * 86_400)
    assert await _code(authority, token) == "token_expired"


@pytest.mark.parametrize(
    "algorithm", ["none", "None", "NONE", "", "HS384", "HS512", "RS256", "ES256", "EdDSA", None, 1, []]
)
async def test_no_other_algorithm_is_accepted(authority: HS256TokenAuthority, algorithm: object) -> None:
    """The header does not choose the algorithm (RFC 8725, 3.1), with a signature or without."""
    header = {"alg": algorithm, "typ": "JWT"}

    assert await _code(authority, _token(GOOD, header=header)) == "invalid_token"
    assert await _code(authority, _token(GOOD, header=header).rsplit(".", 1)[0] + ".") == "invalid_token"


@pytest.mark.parametrize("algorithm", ["HS256", "RS256"])
async def test_a_public_key_is_not_the_secret(authority: HS256TokenAuthority, algorithm: str) -> None:
    """Confusion of RS256 with HS256: a token whose HMAC is made with a public key."""
    token = _token(GOOD, header={"alg": algorithm}, secret=PUBLIC_KEY)

    assert await _code(authority, token) == "invalid_token"


@pytest.mark.parametrize("header", [{"alg": "HS256", "crit": ["exp"]}, {"alg": "HS256", "b64": False, "crit": ["b64"]}])
async def test_an_extension_that_must_be_understood_is_refused(
    authority: HS256TokenAuthority, header: dict[str, object]
) -> None:
    """Critical headers (RFC 7515, 4.1.11) name extensions that Telecine does not implement."""
    assert await _code(authority, _token(GOOD, header=header)) == "invalid_token"


@pytest.mark.parametrize("nested", ["[" * 5000, '{"a":' * 1000, "1" * 5000])
async def test_json_that_overloads_a_parser_is_an_invalid_token(authority: HS256TokenAuthority, nested: str) -> None:
    """The header is parsed before the signature is verified."""
    assert await _code(authority, f"{_base64(nested.encode())}.e30.e30") == "invalid_token"


@pytest.mark.parametrize("payload", [b"[]", b'"alice"', b"null", b"\xff", b"", b"{"])
async def test_a_signed_payload_that_is_not_an_object_is_refused(
    authority: HS256TokenAuthority, payload: bytes
) -> None:
    """A valid signature does not make the payload valid."""
    assert await _code(authority, _signed(HS256, payload, SECRET)) == "invalid_token"


@pytest.mark.parametrize("audience", ["telecine", ["other", "telecine"]])
async def test_a_token_with_our_audience_and_issuer_is_accepted(
    restricted_authority: HS256TokenAuthority, audience: object
) -> None:
    """It may have other audiences too."""
    assert (await restricted_authority.verify(_token(GOOD | {"aud": audience, "iss": "idp"}))).user_id == "alice"


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "other", "iss": "idp"},
        {"aud": "telecine", "iss": "other"},
        {"aud": "telecine"},
        {"iss": "idp"},
        {"aud": [], "iss": "idp"},
        {"aud": [1], "iss": "idp"},
        {"aud": "telecine", "iss": ["idp"]},
        {},
    ],
)
async def test_a_token_of_another_audience_or_issuer_is_refused(
    restricted_authority: HS256TokenAuthority, claims: dict[str, Any]
) -> None:
    """Both are checked if they are configured."""
    assert await _refusal(restricted_authority, GOOD | claims) == "invalid_token"


async def test_audience_and_issuer_are_ignored_if_not_configured(authority: HS256TokenAuthority) -> None:
    """An installation that shares its secret with no other service needs neither."""
    assert (await authority.verify(_token(GOOD | {"aud": "anybody", "iss": "anyone"}))).user_id == "alice"


def test_a_short_secret_is_refused_and_not_shown(clock: FakeClock) -> None:
    """HS256 is as strong as its secret (RFC 7518, 3.2)."""
    with pytest.raises(ValueError, match="at least 32 bytes") as caught:
        HS256TokenAuthority(SECRET[:31], clock)

    assert SECRET[:8].decode() not in str(caught.value)


@pytest.mark.parametrize(("claims", "scopes"), NAMED_SCOPES)
async def test_a_token_has_the_scopes_of_its_claims(
    authority: HS256TokenAuthority, claims: dict[str, Any], scopes: frozenset[Scope]
) -> None:
    """As a string or as a list; scopes that Telecine does not have are ignored."""
    assert (await authority.verify(_token(GOOD | claims))).scopes == scopes


@pytest.mark.parametrize("claim", ["scope", "scp"])
@pytest.mark.parametrize("malformed", [None, 1, True, {}, ["videos:read", 1], [["videos:read"]], {"videos:read": True}])
async def test_a_malformed_scope_is_refused(authority: HS256TokenAuthority, claim: str, malformed: object) -> None:
    """It must not count as absent, which would grant every scope."""
    assert await _refusal(authority, GOOD | {claim: malformed}) == "invalid_token"


async def test_a_token_is_issued_with_the_scopes_of_the_standard(authority: HS256TokenAuthority) -> None:
    """RFC 8693, 4.2: one string, separated by spaces; no claim if no scopes were requested."""
    payloads = [
        json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
        for scopes in (None, NOTHING, READ | WRITE)
        for token in [authority.issue(UserId("alice"), lifetime_s=60, scopes=scopes)]
    ]
    assert [payload.get("scope") for payload in payloads] == [None, "", "videos:read videos:write"]


async def _code(authority: HS256TokenAuthority, token: str) -> str:
    with pytest.raises(Unauthenticated) as caught:
        await authority.verify(token)
    return caught.value.code


async def _refusal(authority: HS256TokenAuthority, claims: dict[str, Any]) -> str:
    return await _code(authority, _token(claims))


def _token(claims: dict[str, Any], *, header: dict[str, Any] | None = None, secret: bytes = SECRET) -> str:
    return _signed(header or HS256, json.dumps(claims).encode(), secret)


def _signed(header: dict[str, Any], payload: bytes, secret: bytes) -> str:
    signed = f"{_base64(json.dumps(header).encode())}.{_base64(payload)}"
    return f"{signed}.{_base64(hmac.digest(secret, signed.encode(), hashlib.sha256))}"


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
