"""Verify the playback token of a viewer."""

from dataclasses import dataclass

from domain.model.access.playback_token import PlaybackToken, parse_playback_token
from domain.model.errors import NotFound, Unauthenticated
from domain.ports.clock import Clock
from domain.ports.database import Database


@dataclass(frozen=True, slots=True)
class VerifyPlaybackToken:
    """Find the token in the database on every request, so that its revocation takes effect at once."""

    database: Database
    clock: Clock

    async def __call__(self, text: str) -> PlaybackToken:
        """The token with this text.

        Raises:
            Unauthenticated: `invalid_token`: the token is unknown, revoked or expired; the error does not reveal which.
        """
        parsed = parse_playback_token(text)
        if parsed is None:
            raise _invalid()
        token_id, secret = parsed
        try:
            async with self.database.read() as work:
                token = await work.playback_tokens.get(token_id)
        except NotFound:
            raise _invalid() from None
        if not token.is_valid(secret, self.clock.now()):
            raise _invalid()
        return token


def _invalid() -> Unauthenticated:
    return Unauthenticated("The playback token is unknown, revoked or expired.", code="invalid_token")
