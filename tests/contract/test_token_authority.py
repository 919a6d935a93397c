"""What every authority over bearer tokens must do."""

import threading
from collections.abc import Generator

import pytest

from adapters.fakes.clock import FakeClock
from domain.model.errors import Unauthenticated
from domain.model.identity import UserId
from domain.ports.token_authority import TokenAuthority
from tests.contract.token_authority_fixtures import MAKERS

ALICE = UserId("alice")
HOUR_S = 3600


@pytest.fixture
def clock() -> FakeClock:
    """Time, for the test to move."""
    return FakeClock()


@pytest.fixture(params=MAKERS)
def authority(request: pytest.FixtureRequest, clock: FakeClock) -> Generator[TokenAuthority]:
    """Each authority in turn; it leaves no thread behind."""
    threads_before = threading.enumerate()
    yield MAKERS[str(request.param)](clock)
    assert threading.enumerate() == threads_before


@pytest.mark.parametrize("user", ["alice", "auth0|5f7c8ec7c33c6c004bbafe82", "a:b:c", "x" * 128, "{}"])
def test_a_token_speaks_for_whom_it_was_issued(authority: TokenAuthority, user: str) -> None:
    """Any user id survives the round trip."""
    assert authority.verify(authority.issue(UserId(user), lifetime_s=HOUR_S)) == user


def test_a_token_is_good_again_and_again(authority: TokenAuthority, clock: FakeClock) -> None:
    """A bearer token may be shown as often as its holder likes while it lives."""
    token = authority.issue(ALICE, lifetime_s=HOUR_S)
    clock.advance(HOUR_S / 2)

    assert [authority.verify(token), authority.verify(token)] == [ALICE, ALICE]


def test_two_users_are_told_apart(authority: TokenAuthority) -> None:
    """Each token speaks for its own user."""
    tokens = [authority.issue(UserId(user), lifetime_s=HOUR_S) for user in ("alice", "bob")]

    assert [authority.verify(token) for token in tokens] == ["alice", "bob"]


def test_an_expired_token_is_refused(authority: TokenAuthority, clock: FakeClock) -> None:
    """A token lives as long as it was issued for, and the clocks' difference."""
    token = authority.issue(ALICE, lifetime_s=HOUR_S)
    clock.advance(HOUR_S + 60)

    assert _refusal(authority, token) == "token_expired"


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
def test_what_nobody_issued_is_refused(authority: TokenAuthority, token: str) -> None:
    """Text that is not a token, however long or odd, is only an invalid token."""
    assert _refusal(authority, token) == "invalid_token"


def test_a_tampered_token_is_refused(authority: TokenAuthority) -> None:
    """No character of a token can be replaced, dropped or added."""
    token = authority.issue(ALICE, lifetime_s=HOUR_S)

    for place, character in enumerate(token):
        # The last character of base64 may carry unused bits, so it is replaced by one that no alphabet has.
        other = "!" if place == len(token) - 1 else "A" if character != "A" else "B"
        assert _refusal(authority, token[:place] + other + token[place + 1 :]) == "invalid_token"
    assert _refusal(authority, token[:-1]) == "invalid_token"
    assert _refusal(authority, token + "A") == "invalid_token"


def test_halves_of_two_tokens_make_none(authority: TokenAuthority) -> None:
    """What one token proves can't be carried over to another."""
    alice, bob = (authority.issue(UserId(user), lifetime_s=HOUR_S) for user in ("alice", "bob"))
    middle = len(alice) // 2

    assert _refusal(authority, alice[:middle] + bob[middle:]) == "invalid_token"


@pytest.mark.parametrize("subject", ["", "has space", "new\nline", "ünï", "x" * 129])
def test_a_bad_subject_is_refused(authority: TokenAuthority, subject: str) -> None:
    """A subject that can't be a user id is named as the fault."""
    token = authority.issue(UserId(subject), lifetime_s=HOUR_S)

    assert _refusal(authority, token) == "invalid_subject"


def _refusal(authority: TokenAuthority, token: str) -> str:
    with pytest.raises(Unauthenticated) as caught:
        authority.verify(token)
    return caught.value.code
