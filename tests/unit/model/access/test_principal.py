import pytest

from domain.model.access.principal import EVERY_SCOPE, Principal, Scope
from domain.model.errors import Forbidden
from domain.model.ids import UserId


@pytest.mark.parametrize("scope", Scope)
def test_a_principal_may_do_what_their_scopes_name(scope: Scope) -> None:
    """No scope includes another."""
    Principal(UserId("ada"), frozenset(Scope)).require(scope)
    Principal(UserId("ada"), frozenset({scope})).require(scope)
    for scopes in (frozenset[Scope](), frozenset(Scope) - {scope}):
        with pytest.raises(Forbidden) as refused:
            Principal(UserId("ada"), scopes).require(scope)
        assert (refused.value.code, refused.value.scope) == ("insufficient_scope", scope)


def test_administration_is_granted_by_name_only() -> None:
    """A token that names no scope has it not."""
    assert Scope.ADMIN not in EVERY_SCOPE


def test_a_token_without_the_scope_is_refused() -> None:
    """The error names the missing scope."""
    reader = Principal(UserId("ada"), frozenset({Scope.READ}))
    reader.require(Scope.READ)
    with pytest.raises(Forbidden, match=r"videos:write") as refused:
        reader.require(Scope.WRITE)
    assert (refused.value.code, refused.value.scope) == ("insufficient_scope", "videos:write")
