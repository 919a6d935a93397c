"""What becomes of an original: choices and defaults."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.model.errors import Rejected
from domain.model.uploads.original_policy import MAX_KEEP_DAYS, OriginalChoice, OriginalPolicy, original_choice

NOW = datetime(2026, 1, 2, tzinfo=UTC)
KEEP, DELETE = OriginalPolicy.KEEP, OriginalPolicy.DELETE


@pytest.mark.parametrize(
    ("policy", "keep_days", "choice"),
    [
        (None, None, None),
        ("keep", None, OriginalChoice(KEEP)),
        ("delete", None, OriginalChoice(DELETE)),
        ("keep", 1, OriginalChoice(KEEP, 1)),
        (None, MAX_KEEP_DAYS, OriginalChoice(KEEP, MAX_KEEP_DAYS)),
    ],
)
def test_a_choice_is_read(policy: str | None, keep_days: int | None, choice: OriginalChoice | None) -> None:
    """Days alone mean that the original is kept."""
    assert original_choice(policy, keep_days) == choice


@pytest.mark.parametrize(
    ("policy", "keep_days"),
    [("burn", None), ("KEEP", None), ("", None), ("delete", 3), (None, 0), ("keep", -1), ("keep", MAX_KEEP_DAYS + 1)],
)
def test_an_impossible_choice_is_rejected(policy: str | None, keep_days: int | None) -> None:
    """Unknown policies, days out of range, and days for what is deleted."""
    with pytest.raises(Rejected) as refused:
        original_choice(policy, keep_days)
    assert refused.value.code == "invalid_original"


@pytest.mark.parametrize(
    ("default", "choice", "result"),
    [
        (OriginalChoice(), None, OriginalChoice()),
        (OriginalChoice(KEEP, 9), None, OriginalChoice(KEEP, 9)),
        (OriginalChoice(KEEP, 9), OriginalChoice(DELETE), OriginalChoice(DELETE)),
        (OriginalChoice(KEEP, 9), OriginalChoice(KEEP), OriginalChoice(KEEP, 9)),
        (OriginalChoice(DELETE, 9), OriginalChoice(KEEP), OriginalChoice(KEEP, 9)),
        (OriginalChoice(KEEP, 9), OriginalChoice(KEEP, 5), OriginalChoice(KEEP, 5)),
        (OriginalChoice(), OriginalChoice(KEEP), OriginalChoice(KEEP)),
    ],
)
def test_a_choice_overrides_the_default(
    default: OriginalChoice, choice: OriginalChoice | None, result: OriginalChoice
) -> None:
    """Only the days that it leaves open come from the default."""
    assert default.overridden_by(choice) == result


def test_the_end_follows_from_the_days() -> None:
    """Without days there is none."""
    assert OriginalChoice(KEEP, 2).keep_until(NOW) == NOW + timedelta(days=2)
    assert OriginalChoice(KEEP).keep_until(NOW) is None
