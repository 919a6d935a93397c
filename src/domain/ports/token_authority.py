"""Authentication: who a caller is, and what the caller may do."""

from abc import abstractmethod
from typing import Protocol

from domain.model.access.principal import Principal, Scope
from domain.model.ids import UserId


class TokenAuthority(Protocol):
    """Verifies bearer tokens, and issues them if it has the secret (RFC 7519, RFC 8725).

    A token lists its scopes in `scope` (RFC 8693, 4.2), in `scp`, or in both, as a space-separated string or an array.
    Unknown scopes are ignored. A token without either claim has every scope.
    """

    @abstractmethod
    async def verify(self, token: str) -> Principal:
        """The user that the token belongs to, with the token's scopes.

        Raises:
            Unauthenticated: `invalid_token`, `token_expired` or `invalid_subject`.
            Unavailable: `jwks_unavailable`: the verification keys have never been loaded.
        """

    @abstractmethod
    def issue(self, user_id: UserId, *, lifetime_s: int, scopes: frozenset[Scope] | None = None) -> str:
        """A token for this user that is valid for `lifetime_s`; with `scopes` None it has every scope.

        Raises:
            Rejected: `tokens_issued_elsewhere`: this server has only the keys that verify tokens.
        """
