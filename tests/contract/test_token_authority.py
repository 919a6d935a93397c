"""What every authority over bearer tokens must do."""

import threading
from collections.abc import AsyncGenerator

import pytest

from adapters.fakes.clock import FakeClock
from domain.model.errors import Rejected, Unauthenticated
from domain.model.identity import EVERY_SCOPE, Principal, Scope, UserId
from domain.ports.token_authority import TokenAuthority
from tests.contract.token_authority_fixtures import NAMES, Issue, opened_authority

pytestmark = pytest.mark.anyio

ALICE = UserId("alice")
HOUR_S = 3600


@pytest.fixture
def clock() -> FakeClock:
    """Time, for the test to move."""
    return FakeClock()


@pytest.fixture(params=NAMES)
async def opened(request: pytest.FixtureRequest, clock: FakeClock) -> AsyncGenerator[tuple[TokenAuthority, Issue]]:
    """Each authority in turn, and who issues its tokens; it leaves no thread behind."""
    threads_before = threading.enumerate()
    async with opened_authority(str(request.param), clock) as opened:
        yield opened
    assert threading.enumerate() == threads_before


@pytest.fixture
def authority(opened: tuple[TokenAuthority, Issue]) -> TokenAuthority:
    """Who checks tokens."""
    return opened[0]


@pytest.fixture
def issue(opened: tuple[TokenAuthority, Issue]) -> Issue:
    """Who issues them: the authority itself, or an identity provider."""
    return opened[1]


@pytest.mark.parametrize("user", ["alice", "auth0|5f7c8ec7c33c6c004bbafe82", "a:b:c", "x" * 128, "{}"])
async def test_a_token_speaks_for_whom_it_was_issued(authority: TokenAuthority, issue: Issue, user: str) -> None:
    """Any user id survives the round trip."""
    assert await authority.verify(issue(UserId(user), lifetime_s=HOUR_S)) == Principal(UserId(user), EVERY_SCOPE)


async def test_a_token_is_good_again_and_again(authority: TokenAuthority, issue: Issue, clock: FakeClock) -> None:
    """A bearer token may be shown as often as its holder likes while it lives."""
    token = issue(ALICE, lifetime_s=HOUR_S)
    clock.advance(HOUR_S / 2)

    assert [(await authority.verify(token)).user_id for _ in range(2)] == [ALICE, ALICE]


async def test_two_users_are_told_apart(authority: TokenAuthority, issue: Issue) -> None:
    """Each token speaks for its own user."""
    tokens = [issue(UserId(user), lifetime_s=HOUR_S) for user in ("alice", "bob")]

    assert [(await authority.verify(token)).user_id for token in tokens] == ["alice", "bob"]


@pytest.mark.parametrize("scopes", [[], [Scope.READ], [Scope.WRITE], [Scope.READ, Scope.WRITE]])
async def test_a_token_is_good_for_what_it_names(authority: TokenAuthority, issue: Issue, scopes: list[Scope]) -> None:
    """And for nothing else."""
    token = issue(ALICE, lifetime_s=HOUR_S, scopes=frozenset(scopes))

    assert await authority.verify(token) == Principal(ALICE, frozenset(scopes))


async def test_the_tokens_of_one_user_may_differ(authority: TokenAuthority, issue: Issue) -> None:
    """What one is good for says nothing about the other."""
    tokens = [issue(ALICE, lifetime_s=HOUR_S, scopes=scopes) for scopes in (None, frozenset({Scope.READ}))]

    assert [(await authority.verify(token)).scopes for token in tokens] == [EVERY_SCOPE, {Scope.READ}]


async def test_an_authority_issues_tokens_or_says_that_another_does(authority: TokenAuthority) -> None:
    """Nobody is handed a token that will be refused."""
    try:
        token = authority.issue(ALICE, lifetime_s=HOUR_S)
    except Rejected as error:
        told = error.code
    else:
        told = (await authority.verify(token)).user_id

    assert told in {"tokens_issued_elsewhere", ALICE}


async def test_an_expired_token_is_refused(authority: TokenAuthority, issue: Issue, clock: FakeClock) -> None:
    """A token lives as long as it was issued for, and the clocks' difference."""
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
async def test_what_nobody_issued_is_refused(authority: TokenAuthority, token: str) -> None:
    """Text that is not a token, however long or odd, is only an invalid token."""
    assert await _refusal(authority, token) == "invalid_token"


async def test_a_tampered_token_is_refused(authority: TokenAuthority, issue: Issue) -> None:
    """No character of a token can be replaced, dropped or added."""
    token = issue(ALICE, lifetime_s=HOUR_S)

    for place, character in enumerate(token):
        # The last character of base64 may carry unused bits, so it is replaced by one that no alphabet has.
        other = "!" if place == len(token) - 1 else "A" if character != "A" else "B"
        assert await _refusal(authority, token[:place] + other + token[place + 1 :]) == "invalid_token"
    assert await _refusal(authority, token[:-1]) == "invalid_token"
    assert await _refusal(authority, token + "A") == "invalid_token"


async def test_halves_of_two_tokens_make_none(authority: TokenAuthority, issue: Issue) -> None:
    """What one token proves can't be carried over to another."""
    alice, bob = (issue(UserId(user), lifetime_s=HOUR_S) for user in ("alice", "bob"))
    middle = len(alice) // 2

    assert await _refusal(authority, alice[:middle] + bob[middle:]) == "invalid_token"


@pytest.mark.parametrize("subject", ["", "has space", "new\nline", "ünï", "x" * 129])
async def test_a_bad_subject_is_refused(authority: TokenAuthority, issue: Issue, subject: str) -> None:
    """A subject that can't be a user id is named as the fault."""
    token = issue(UserId(subject), lifetime_s=HOUR_S)

    assert await _refusal(authority, token) == "invalid_subject"


async def _refusal(authority: TokenAuthority, token: str) -> str:
    with pytest.raises(Unauthenticated) as caught:
        await authority.verify(token)
    return caught.value.code
