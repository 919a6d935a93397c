import pytest

from domain.model.access.principal import EVERY_SCOPE, Principal, Scope
from domain.model.errors import Forbidden, Unauthenticated
from domain.model.ids import MAX_USER_ID_LENGTH, UserId, user_id


@pytest.mark.parametrize("subject", ["a", "auth0|ada", "a/b", "..", "ada@example.org", "x" * MAX_USER_ID_LENGTH])
def test_printable_ascii_is_a_user_id(subject: str) -> None:
    """Token issuers use many formats of subjects; all of these are accepted unchanged."""
    assert user_id(subject) == subject


@pytest.mark.parametrize(
    "subject",
    ["", " ", "a b", "a\n", "a\x00", "a\x7f", "\u00e4da", "\ud800", "x" * (MAX_USER_ID_LENGTH + 1)],
    ids=["empty", "space", "inner space", "line feed", "NUL", "DEL", "non-ASCII", "half a surrogate", "too long"],
)
def test_any_other_subject_is_refused(subject: str) -> None:
    """A subject that can't be a user id is no authentication."""
    with pytest.raises(Unauthenticated) as refused:
        user_id(subject)
    assert refused.value.code == "invalid_subject"


@pytest.mark.parametrize("scope", Scope)
def test_a_principal_may_do_what_their_scopes_name(scope: Scope) -> None:
    """No scope includes another."""
    Principal(UserId("ada"), EVERY_SCOPE).require(scope)
    Principal(UserId("ada"), frozenset({scope})).require(scope)
    for scopes in (frozenset[Scope](), EVERY_SCOPE - {scope}):
        with pytest.raises(Forbidden) as refused:
            Principal(UserId("ada"), scopes).require(scope)
        assert (refused.value.code, refused.value.scope) == ("insufficient_scope", scope)


def test_a_token_without_the_scope_is_refused() -> None:
    """The error names the missing scope."""
    reader = Principal(UserId("ada"), frozenset({Scope.READ}))
    reader.require(Scope.READ)
    with pytest.raises(Forbidden, match=r"videos:write") as refused:
        reader.require(Scope.WRITE)
    assert (refused.value.code, refused.value.scope) == ("insufficient_scope", "videos:write")
