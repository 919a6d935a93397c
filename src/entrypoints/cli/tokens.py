"""Tokens for people at a terminal."""

from domain.model.identity import user_id
from entrypoints.bootstrap import token_authority
from entrypoints.settings import Settings


def issue(settings: Settings, user: str) -> str:
    """A token for this user, signed with the installation's secret.

    Raises:
        Unauthenticated: `invalid_subject`: no such text can be a user id.
    """
    return token_authority(settings).issue(user_id(user), lifetime_s=settings.token_lifetime_seconds)
