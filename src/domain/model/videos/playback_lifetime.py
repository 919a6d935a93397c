"""How long playback URLs are valid: the same URL for all answers of a time slot, so that caches can hold it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MAX_LIFETIME_S = 7 * 86_400
"""S3 and R2 limit the lifetime of a presigned URL to 7 days."""


@dataclass(frozen=True, slots=True)
class SignedWindow:
    """The time for which a URL is signed."""

    signed_at: datetime
    expires_in_s: int

    @property
    def expires_at(self) -> datetime:
        """When the URL expires."""
        return self.signed_at + timedelta(seconds=self.expires_in_s)


@dataclass(frozen=True, slots=True)
class PlaybackLifetime:
    """Every URL is valid for at least `guaranteed_s` after it was returned.

    A slot is half as long, and a URL is signed for the begin of the slot and one slot more than is guaranteed. So all
    answers of a slot have the same URL, and the one of the slot's last second is valid for the guaranteed time as well.
    """

    guaranteed_s: int

    @property
    def slot_s(self) -> int:
        """The length of a slot; 0 if there is no time for one below the maximum lifetime."""
        return max(0, min(self.guaranteed_s // 2, MAX_LIFETIME_S - self.guaranteed_s))

    @property
    def signed_s(self) -> int:
        """The lifetime in the signature of a URL."""
        return self.guaranteed_s + self.slot_s

    def window(self, now: datetime) -> SignedWindow:
        """The window of the slot that contains this time; slots are counted from 1970."""
        if not self.slot_s:
            return SignedWindow(now, self.guaranteed_s)
        begun_s = int(now.timestamp()) // self.slot_s * self.slot_s
        return SignedWindow(datetime.fromtimestamp(begun_s, UTC), self.signed_s)
