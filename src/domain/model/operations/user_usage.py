"""What each user stores, and the position in their list."""

import base64
import json
from dataclasses import dataclass

from domain.model.errors import Rejected
from domain.model.ids import UserId

_MAX_BYTES = 2**63


@dataclass(frozen=True, slots=True)
class UserUsage:
    """One user: the number of videos, their bytes, and how many of them are being uploaded."""

    user_id: UserId
    videos: int
    stored_bytes: int
    uploading: int


@dataclass(frozen=True, slots=True)
class UserCursor:
    """The position after one user, in the order of most bytes first, ties by id."""

    stored_bytes: int
    user_id: UserId

    @classmethod
    def after(cls, usage: UserUsage) -> "UserCursor":
        """The position right after this user."""
        return cls(usage.stored_bytes, usage.user_id)

    def encoded(self) -> str:
        """The cursor as opaque text for clients."""
        plain = json.dumps([self.stored_bytes, self.user_id])
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")

    @classmethod
    def decoded(cls, text: str) -> "UserCursor":
        """The cursor that a client sent back.

        Raises:
            Rejected: `invalid_cursor`: the server did not make it.
        """
        try:
            plain: object = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
        except (ValueError, RecursionError):
            plain = None
        match plain:
            case [True | False, str()]:  # A bool is an int, too.
                raise _invalid()
            case [int(stored_bytes), str(user_id)] if abs(stored_bytes) < _MAX_BYTES and user_id.isprintable():
                return cls(stored_bytes, UserId(user_id))
            case _:
                raise _invalid()


def _invalid() -> Rejected:
    return Rejected("This cursor is invalid; start again without a cursor.", code="invalid_cursor")
