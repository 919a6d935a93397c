"""The contract of every token authority."""

import threading
from collections.abc import AsyncGenerator

import pytest

from adapters.fakes.clock import FakeClock
from domain.model.access.principal import DEFAULT_SCOPES, Principal, Scope
from domain.model.errors import Rejected, Unauthenticated
from domain.model.ids import UserId
from domain.ports.token_authority import TokenAuthority
from tests.contract.token_authority_fixtures import NAMES, Issue, opened_authority

pytestmark = pytest.mark.anyio

ALICE = UserId("alice")
HOUR_S = 3600


@pytest.fixture
def clock() -> FakeClock:
    """The clock, which the test advances."""
    return FakeClock()


@pytest.fixture(params=NAMES)
async def opened(request: pytest.FixtureRequest, clock: FakeClock) -> AsyncGenerator[tuple[TokenAuthority, Issue]]:
    """Each authority in turn, with the issuer of its tokens; no thread may be left."""
    threads_before = threading.enumerate()
    async with opened_authority(str(request.param), clock) as opened:
        yield opened
    assert threading.enumerate() == threads_before


@pytest.fixture
def authority(opened: tuple[TokenAuthority, Issue]) -> TokenAuthority:
    """The authority that verifies tokens."""
    return opened[0]


@pytest.fixture
def issue(opened: tuple[TokenAuthority, Issue]) -> Issue:
    """The issuer of tokens: the authority itself, or an identity provider."""
    return opened[1]


@pytest.mark.parametrize("user", ["alice", "auth0|5f7c8ec7c33c6c004bbafe82", "a:b:c", "x" * 128, "{}"])
async def test_a_token_returns_its_user_id(authority: TokenAuthority, issue: Issue, user: str) -> None:
    """Any user id is returned unchanged."""
    assert await authority.verify(issue(UserId(user), lifetime_s=HOUR_S)) == Principal(UserId(user), DEFAULT_SCOPES)


async def test_a_token_can_be_used_repeatedly(authority: TokenAuthority, issue: Issue, clock: FakeClock) -> None:
    """A bearer token may be used repeatedly until it expires."""
    token = issue(ALICE, lifetime_s=HOUR_S)
    clock.advance(HOUR_S / 2)

    assert [(await authority.verify(token)).user_id for _ in range(2)] == [ALICE, ALICE]


async def test_two_users_have_separate_tokens(authority: TokenAuthority, issue: Issue) -> None:
    """Each token returns its own user."""
    tokens = [issue(UserId(user), lifetime_s=HOUR_S) for user in ("alice", "bob")]

    assert [(await authority.verify(token)).user_id for token in tokens] == ["alice", "bob"]


@pytest.mark.parametrize("scopes", [[], [Scope.READ], [Scope.WRITE], [Scope.READ, Scope.WRITE]])
async def test_a_token_grants_its_scopes(authority: TokenAuthority, issue: Issue, scopes: list[Scope]) -> None:
    """It grants no other scope."""
    token = issue(ALICE, lifetime_s=HOUR_S, scopes=frozenset(scopes))

    assert await authority.verify(token) == Principal(ALICE, frozenset(scopes))


async def test_the_tokens_of_one_user_may_differ(authority: TokenAuthority, issue: Issue) -> None:
    """The scopes of one token do not affect another."""
    tokens = [issue(ALICE, lifetime_s=HOUR_S, scopes=scopes) for scopes in (None, frozenset({Scope.READ}))]

    assert [(await authority.verify(token)).scopes for token in tokens] == [DEFAULT_SCOPES, {Scope.READ}]


async def test_an_authority_issues_tokens_or_says_that_another_does(authority: TokenAuthority) -> None:
    """An authority never issues a token that it would reject."""
    try:
        token = authority.issue(ALICE, lifetime_s=HOUR_S)
    except Rejected as error:
        outcome = error.code
    else:
        outcome = (await authority.verify(token)).user_id

    assert outcome in {"tokens_issued_elsewhere", ALICE}


async def test_an_expired_token_is_refused(authority: TokenAuthority, issue: Issue, clock: FakeClock) -> None:
    """A token is valid for its lifetime plus the allowed clock difference."""
    token = issue(ALICE, lifetime_s=HOUR_S)
    clock.advance(HOUR_S + 60)

    assert await _refusal(authority, token) == "token_expired"


@pytest.mark.parametrize(
    "token",
    [
        "",
        " ",
        "garbage",
        "a.b.c",
        "..",
        "Bearer x",
        "x" * 8193,
        "a" * 5_000_000,
        "ключ",
        "\ud800",
        "\x00",
        "fake:alice:1",
    ],
)
async def test_text_that_is_no_token_is_refused(authority: TokenAuthority, token: str) -> None:
    """Text that is not a token, however long or odd, is an invalid token."""
    assert await _refusal(authority, token) == "invalid_token"


async def test_a_tampered_token_is_refused(authority: TokenAuthority, issue: Issue) -> None:
    """No character of a token can be replaced, removed or added."""
    token = issue(ALICE, lifetime_s=HOUR_S)

    for place, character in enumerate(token):
        # The last base64 character may have unused bits, so it is replaced by one outside the alphabet.
        other = "!" if place == len(token) - 1 else "A" if character != "A" else "B"
        assert await _refusal(authority, token[:place] + other + token[place + 1 :]) == "invalid_token"
    assert await _refusal(authority, token[:-1]) == "invalid_token"
    assert await _refusal(authority, token + "A") == "invalid_token"


async def test_parts_of_two_tokens_cannot_be_combined(authority: TokenAuthority, issue: Issue) -> None:
    """The proof of one token cannot be combined with the claims of another."""
    alice, bob = (issue(UserId(user), lifetime_s=HOUR_S) for user in ("alice", "bob"))
    middle = len(alice) // 2

    assert await _refusal(authority, alice[:middle] + bob[middle:]) == "invalid_token"


@pytest.mark.parametrize("subject", ["", "has space", "new\nline", "ünï", "x" * 129])
async def test_a_bad_subject_is_refused(authority: TokenAuthority, issue: Issue, subject: str) -> None:
    """The error names a subject that is not a valid user id."""
    token = issue(UserId(subject), lifetime_s=HOUR_S)

    assert await _refusal(authority, token) == "invalid_subject"


async def _refusal(authority: TokenAuthority, token: str) -> str:
    with pytest.raises(Unauthenticated) as caught:
        await authority.verify(token)
    return caught.value.code
