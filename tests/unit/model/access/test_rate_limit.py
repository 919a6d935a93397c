import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.access.rate_limit import MAX_COUNT, RateLimit, rate_limit


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("50/second", RateLimit(50, 1)),
        ("600/minute", RateLimit(600, 60)),
        ("10000/hour", RateLimit(10_000, 3600)),
        ("1/day", RateLimit(1, 86_400)),
        (f"{MAX_COUNT}/hour", RateLimit(MAX_COUNT, 3600)),
    ],
)
def test_a_limit_is_written_as_a_count_and_a_unit(text: str, limit: RateLimit) -> None:
    """The four units are second, minute, hour and day."""
    assert rate_limit(text) == limit


@pytest.mark.parametrize(
    "text",
    [
        *("", "/", "600", "600/", "/minute", "600/minutes", "600/fortnight", "600 / minute", "-1/minute", "+1/minute"),
        *("1.5/minute", "1e3/minute", "600/MINUTE", "600/minute\n", "\u0666/minute", "1_0/minute"),
        "9" * 5000 + "/minute",
    ],
)
def test_any_other_format_is_refused(text: str) -> None:
    """The error shows the right format."""
    with pytest.raises(ValueError, match=re.escape("`600/minute`")):
        rate_limit(text)


@pytest.mark.parametrize("text", ["0/minute", f"{MAX_COUNT + 1}/minute"])
def test_a_count_out_of_range_is_refused(text: str) -> None:
    """Zero would block every request, and more than a million is no limit."""
    with pytest.raises(ValueError, match=f"1 to {MAX_COUNT:,}"):
        rate_limit(text)


def test_a_limit_of_zero_seconds_is_refused() -> None:
    """It would never be exceeded."""
    with pytest.raises(ValueError, match="at least 1 second"):
        RateLimit(1, 0)


@given(st.integers(1, MAX_COUNT), st.sampled_from(["second", "minute", "hour", "day"]))
def test_every_count_in_range_is_read(count: int, unit: str) -> None:
    """The count is what is written before the slash."""
    assert rate_limit(f"{count}/{unit}").count == count
