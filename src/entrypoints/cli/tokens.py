"""Tokens for people at a terminal."""

from domain.model.identity import Scope, user_id
from entrypoints.settings import Settings
from entrypoints.token_authorities import token_authority


def issue(settings: Settings, user: str, scopes: frozenset[Scope] | None = None) -> str:
    """A token for this user, signed with the installation's secret; without scopes it is good for everything.

    Raises:
        Unauthenticated: `invalid_subject`: no such text can be a user id.
        Rejected: `tokens_issued_elsewhere`: an identity provider issues them.
    """
    authority = token_authority(settings)
    return authority.issue(user_id(user), lifetime_s=settings.token_lifetime_seconds, scopes=scopes)
