"""What becomes of an original once its rendition is proven: it is deleted, or kept for some days or for ever."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.model.errors import Rejected

MAX_KEEP_DAYS = 36_500


class OriginalPolicy(StrEnum):
    """Whether the original is deleted once its rendition is proven, or kept beside it."""

    DELETE = "delete"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class OriginalChoice:
    """A policy and, for a kept original, the number of days after publication; None is unlimited."""

    policy: OriginalPolicy = OriginalPolicy.DELETE
    keep_days: int | None = None

    @property
    def is_kept(self) -> bool:
        """Whether the original stays."""
        return self.policy is OriginalPolicy.KEEP

    def keep_until(self, published_at: datetime) -> datetime | None:
        """When the original is erased; None if it stays until its video is deleted."""
        return None if self.keep_days is None else published_at + timedelta(days=self.keep_days)

    def overridden_by(self, choice: "OriginalChoice | None") -> "OriginalChoice":
        """The choice of an upload, or this default; an upload that only says `keep` gets the days of the default."""
        if choice is None:
            return self
        return (
            choice
            if not choice.is_kept or choice.keep_days is not None
            else OriginalChoice(choice.policy, self.keep_days)
        )


def original_choice(policy: str | None, keep_days: int | None) -> OriginalChoice | None:
    """The choice of a client, after validation; None if the client leaves it to the installation's default.

    `keep_days` without a policy means `keep`.

    Raises:
        Rejected: `invalid_original`: the policy is neither `delete` nor `keep`, the days are not from 1 to 36,500, or
            days are given for an original that is to be deleted.
    """
    if policy is None and keep_days is None:
        return None
    chosen = OriginalPolicy.KEEP.value if policy is None else policy
    if chosen not in set(OriginalPolicy):
        raise _invalid("`original` must be `delete` or `keep`.")
    if keep_days is not None and not 1 <= keep_days <= MAX_KEEP_DAYS:
        raise _invalid(f"`keep_days` must be from 1 to {MAX_KEEP_DAYS}.")
    if keep_days is not None and chosen == OriginalPolicy.DELETE:
        raise _invalid("`keep_days` needs the policy `keep`, not `delete`.")
    return OriginalChoice(OriginalPolicy(chosen), keep_days)


def _invalid(reason: str) -> Rejected:
    return Rejected(reason, code="invalid_original")
