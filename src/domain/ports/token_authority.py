"""Proof of who a caller is."""

from abc import abstractmethod
from typing import Protocol

from domain.model.identity import UserId


class TokenAuthority(Protocol):
    """Checks bearer tokens and, where it holds the secret, issues them (RFC 7519, RFC 8725)."""

    @abstractmethod
    def verify(self, token: str) -> UserId:
        """Who the token speaks for.

        Raises:
            Unauthenticated: `invalid_token`, `token_expired` or `invalid_subject`.
        """

    @abstractmethod
    def issue(self, user_id: UserId, *, lifetime_s: int) -> str:
        """A token for this user that lives so many seconds."""
