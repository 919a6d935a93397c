import pytest

from domain.model.access.principal import DEFAULT_SCOPES, Principal, Scope
from domain.model.errors import Forbidden
from domain.model.ids import UserId


@pytest.mark.parametrize("scope", Scope)
def test_a_principal_may_do_what_their_scopes_name(scope: Scope) -> None:
    """No scope includes another."""
    Principal(UserId("ada"), frozenset({scope})).require(scope)
    for scopes in (frozenset[Scope](), frozenset(Scope) - {scope}):
        with pytest.raises(Forbidden) as refused:
            Principal(UserId("ada"), scopes).require(scope)
        assert (refused.value.code, refused.value.scope) == ("insufficient_scope", scope)


def test_one_of_several_scopes_is_enough() -> None:
    """Without any, the error names the first."""
    uploader = Principal(UserId("ada"), frozenset({Scope.UPLOAD}))
    uploader.require(Scope.WRITE, Scope.UPLOAD)
    with pytest.raises(Forbidden) as refused:
        uploader.require(Scope.READ, Scope.ADMIN)
    assert refused.value.scope == Scope.READ


def test_the_default_scopes_do_not_operate_the_installation() -> None:
    """A token that names no scope must not become one of an operator."""
    assert frozenset(Scope) - DEFAULT_SCOPES == {Scope.ADMIN}


def test_a_token_without_the_scope_is_refused() -> None:
    """The error names the missing scope."""
    reader = Principal(UserId("ada"), frozenset({Scope.READ}))
    reader.require(Scope.READ)
    with pytest.raises(Forbidden, match=r"videos:write") as refused:
        reader.require(Scope.WRITE)
    assert (refused.value.code, refused.value.scope) == ("insufficient_scope", "videos:write")
