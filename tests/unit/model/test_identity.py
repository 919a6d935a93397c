import pytest

from domain.model.errors import Forbidden, Unauthenticated
from domain.model.identity import EVERY_SCOPE, MAX_USER_ID_LENGTH, Principal, Scope, UserId, user_id


@pytest.mark.parametrize("subject", ["a", "auth0|ada", "a/b", "..", "ada@example.org", "x" * MAX_USER_ID_LENGTH])
def test_printable_ascii_is_a_user_id(subject: str) -> None:
    """Token issuers write subjects in many ways; all of these are taken as they are."""
    assert user_id(subject) == subject


@pytest.mark.parametrize(
    "subject",
    ["", " ", "a b", "a\n", "a\x00", "a\x7f", "\u00e4da", "\ud800", "x" * (MAX_USER_ID_LENGTH + 1)],
    ids=["empty", "space", "inner space", "line feed", "NUL", "DEL", "non-ASCII", "half a surrogate", "too long"],
)
def test_any_other_subject_is_nobody(subject: str) -> None:
    """A subject that can't be an id proves nothing."""
    with pytest.raises(Unauthenticated) as refused:
        user_id(subject)
    assert refused.value.code == "invalid_subject"


@pytest.mark.parametrize("scope", Scope)
def test_a_principal_may_do_what_their_scopes_name(scope: Scope) -> None:
    """Each scope by itself; one does not hold the other."""
    Principal(UserId("ada"), EVERY_SCOPE).require(scope)
    Principal(UserId("ada"), frozenset({scope})).require(scope)
    for scopes in (frozenset[Scope](), EVERY_SCOPE - {scope}):
        with pytest.raises(Forbidden) as refused:
            Principal(UserId("ada"), scopes).require(scope)
        assert (refused.value.code, refused.value.scope) == ("insufficient_scope", scope)


def test_a_token_is_for_what_it_says() -> None:
    """What it lacks is named."""
    reader = Principal(UserId("ada"), frozenset({Scope.READ}))
    reader.require(Scope.READ)
    with pytest.raises(Forbidden, match=r"videos:write") as refused:
        reader.require(Scope.WRITE)
    assert (refused.value.code, refused.value.scope) == ("insufficient_scope", "videos:write")
