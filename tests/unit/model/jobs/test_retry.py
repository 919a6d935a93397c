import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.errors import JobNotFound, Rejected, Unavailable
from domain.model.jobs.retry import BACKOFF_CAP_S, RETRY_AFTER_CAP_S, backoff_s, retry_delay_s


@pytest.mark.parametrize(
    ("attempt", "delay_s"), [(1, 5.0), (2, 10.0), (3, 20.0), (7, 320.0), (10, 2560.0), (11, 3600.0), (99, 3600.0)]
)
def test_back_off_doubles_up_to_an_hour(attempt: int, delay_s: float) -> None:
    """It begins with five seconds."""
    assert backoff_s(attempt) == delay_s


@given(st.integers(min_value=1, max_value=10**18))
def test_back_off_never_shrinks_and_is_bounded(attempt: int) -> None:
    """This holds for any number of attempts."""
    assert 0 < backoff_s(attempt) <= backoff_s(attempt + 1) <= BACKOFF_CAP_S


@pytest.mark.parametrize(
    ("error", "delay_s"),
    [
        (Unavailable("The bucket did not answer."), 10.0),
        (Unavailable("Too many requests.", retry_after_s=3.0), 10.0),
        (Unavailable("Too many requests.", retry_after_s=30.0), 30.0),
        (Unavailable("Too many requests.", retry_after_s=-1.0), 10.0),
        (Unavailable("Too many requests.", retry_after_s=math.nan), 10.0),
        (Unavailable("Too many requests.", retry_after_s=math.inf), RETRY_AFTER_CAP_S),
        (ZeroDivisionError(), 10.0),
    ],
)
def test_a_retryable_error_is_retried_after_a_delay(error: Exception, delay_s: float) -> None:
    """The longer of back-off and `retry_after_s` counts, up to an hour; an unknown error is retried too."""
    assert retry_delay_s(error, attempt=2) == delay_s


@pytest.mark.parametrize(
    "error", [Unavailable("The quota is used up.", retryable=False, retry_after_s=30.0), Rejected("No."), JobNotFound()]
)
def test_a_permanent_error_is_not_retried(error: Exception) -> None:
    """Another attempt would fail the same way."""
    assert retry_delay_s(error, attempt=1) is None
