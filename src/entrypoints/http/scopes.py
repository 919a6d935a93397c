"""The scopes that the operations of the API require."""

from litestar.handlers import BaseRouteHandler

from domain.model.access.principal import Scope

UPLOADING = (Scope.WRITE, Scope.UPLOAD)
"""For operations with which a client uploads a file."""
FOLLOWING = (Scope.READ, Scope.UPLOAD)
"""For operations that show the progress of one video, whose id the client knows."""
ANY_SCOPE = tuple(Scope)
"""For operations that say what the token or the installation permits."""

_OPTION = "scopes"
_READING = frozenset({"GET", "HEAD"})


def permitted_by(*sufficient: Scope) -> dict[str, object]:
    """The option of a route for which one of these scopes is sufficient."""
    return {_OPTION: sufficient}


def required_scopes(handler: BaseRouteHandler, method: str) -> tuple[Scope, ...]:
    """The scopes of which one is sufficient.

    A route that declares none requires that of its method: reading for GET and HEAD, writing for any other.
    """
    declared: tuple[Scope, ...] | None = handler.opt.get(_OPTION)
    if declared is not None:
        return declared
    return (Scope.READ,) if method in _READING else (Scope.WRITE,)
