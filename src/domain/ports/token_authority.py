"""Proof of who a caller is, and of what they may do."""

from abc import abstractmethod
from typing import Protocol

from domain.model.identity import Principal, Scope, UserId


class TokenAuthority(Protocol):
    """Checks bearer tokens and, where it holds the secret, issues them (RFC 7519, RFC 8725).

    A token says in `scope`, a text with spaces between (RFC 8693, 4.2), or in `scp`, such a text
    or a list, what it is good for; words that are not ours are passed over. One that says nothing
    about it is good for everything.
    """

    @abstractmethod
    async def verify(self, token: str) -> Principal:
        """Who the token speaks for, and what it lets them do.

        Raises:
            Unauthenticated: `invalid_token`, `token_expired` or `invalid_subject`.
            Unavailable: `jwks_unavailable`, the keys to check it with were never to be had.
        """

    @abstractmethod
    def issue(self, user_id: UserId, *, lifetime_s: int, scopes: frozenset[Scope] | None = None) -> str:
        """A token for this user that lives so many seconds; without scopes it is good for everything.

        Raises:
            Rejected: `tokens_issued_elsewhere`, only the keys to check tokens with are known here.
        """
