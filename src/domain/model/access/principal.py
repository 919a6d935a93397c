"""The authenticated caller: a user and the scopes of the token."""

from dataclasses import dataclass
from enum import StrEnum

from domain.model.errors import Forbidden
from domain.model.ids import UserId


class Scope(StrEnum):
    """What a token may permit (RFC 6749, 3.3)."""

    READ = "videos:read"
    WRITE = "videos:write"


EVERY_SCOPE = frozenset(Scope)


@dataclass(frozen=True, slots=True)
class Principal:
    """The user that a token belongs to, and the token's scopes."""

    user_id: UserId
    scopes: frozenset[Scope]

    def require(self, scope: Scope) -> None:
        """Check that the token has this scope.

        Raises:
            Forbidden: `insufficient_scope`.
        """
        if scope not in self.scopes:
            raise Forbidden(scope)
