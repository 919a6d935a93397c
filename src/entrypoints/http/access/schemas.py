"""Responses about the caller."""

from datetime import datetime
from typing import Annotated, Self

import msgspec
from msgspec import Meta

from domain.model.access.principal import Principal, Scope


class MeResponse(msgspec.Struct, frozen=True):
    """The user and the scopes of the request's token."""

    user_id: Annotated[str, Meta(description="The token's `sub`: the user who owns the videos.")]
    scopes: Annotated[list[Scope], Meta(description="What the token permits, in alphabetical order.")]
    expires_at: Annotated[datetime | None, Meta(description="When the token becomes invalid; null if never.")]

    @classmethod
    def of(cls, principal: Principal) -> Self:
        """The response for a caller."""
        return cls(principal.user_id, sorted(principal.scopes), principal.expires_at)
