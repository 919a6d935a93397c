"""The schedule of attempts."""

from itertools import pairwise

import pytest

from domain.model.webhooks.schedule import DELAYS_S, MAX_ATTEMPTS, RETRY_AFTER_CAP_S, retry_delay_s


def test_delays_grow_and_end() -> None:
    """Ten attempts in about three days, each delay with at most a tenth more."""
    delays = [retry_delay_s("id", attempt) for attempt in range(1, MAX_ATTEMPTS)]
    for delay, planned in zip(delays, DELAYS_S, strict=True):
        assert delay is not None
        assert planned <= delay <= planned * 1.1
    assert all(one < other for one, other in pairwise(DELAYS_S))
    assert retry_delay_s("id", MAX_ATTEMPTS) is None
    assert retry_delay_s("id", MAX_ATTEMPTS + 1) is None


def test_deliveries_that_failed_together_do_not_return_together() -> None:
    """The same delivery always waits equally long."""
    delays = {retry_delay_s(f"id-{number}", 2) for number in range(100)}
    assert len(delays) > 30
    assert retry_delay_s("id", 2) == retry_delay_s("id", 2)


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_obeyed(status: int) -> None:
    """If it is later than the schedule, and up to a day."""
    assert retry_delay_s("id", 1, status=status, retry_after_s=60.0) == 60.0
    assert retry_delay_s("id", 1, status=status, retry_after_s=0.0) == retry_delay_s("id", 1)
    assert retry_delay_s("id", 1, status=status, retry_after_s=10.0**9) == RETRY_AFTER_CAP_S


def test_other_answers_do_not_choose_the_time() -> None:
    """A receiver that fails says nothing about when it works again."""
    assert retry_delay_s("id", 1, status=500, retry_after_s=60.0) == retry_delay_s("id", 1)
    assert retry_delay_s("id", 1, status=429) == retry_delay_s("id", 1)
