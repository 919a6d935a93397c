"""`telecine token`: issue a bearer token."""

from domain.model.access.principal import Scope
from domain.model.ids import user_id
from entrypoints.bootstrap.tokens import token_authority
from entrypoints.config.settings import Settings


def issue(settings: Settings, user: str, scopes: frozenset[Scope] | None = None) -> str:
    """Issue a token for this user, signed with the installation's secret; without scopes it has the default ones.

    Raises:
        Unauthenticated: `invalid_subject`: the text cannot be a user id.
        Rejected: `tokens_issued_elsewhere`: an identity provider issues them.
    """
    authority = token_authority(settings.tokens, data_dir=settings.storage.data_dir)
    return authority.issue(user_id(user), lifetime_s=settings.tokens.token_lifetime_seconds, scopes=scopes)
