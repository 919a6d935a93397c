"""The authenticated caller: a user and the scopes of the token."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.model.errors import Forbidden
from domain.model.ids import UserId


class Scope(StrEnum):
    """What a token may permit (RFC 6749, 3.3)."""

    READ = "videos:read"
    WRITE = "videos:write"
    UPLOAD = "videos:upload"
    ADMIN = "admin"


DEFAULT_SCOPES = frozenset({Scope.READ, Scope.WRITE, Scope.UPLOAD})
"""The scopes of a token that names none: everything that concerns the user's own videos."""


@dataclass(frozen=True, slots=True)
class Principal:
    """The user that a token belongs to, and the token's scopes.

    At `expires_at` the token becomes invalid; it is no part of the identity, so two tokens may give equal principals.
    """

    user_id: UserId
    scopes: frozenset[Scope]
    expires_at: datetime | None = field(default=None, compare=False)

    def require(self, *sufficient: Scope) -> None:
        """Check that the token has one of these scopes.

        Raises:
            Forbidden: `insufficient_scope`; it names the first one.
        """
        if self.scopes.isdisjoint(sufficient):
            raise Forbidden(sufficient[0])
