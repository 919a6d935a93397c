"""What an attempt makes of a delivery."""

import pytest

from domain.model.webhooks.delivery import Answer, DeliveryError, DeliveryStatus
from domain.model.webhooks.schedule import MAX_ATTEMPTS
from tests.support.builders import NOW
from tests.support.webhooks import a_delivery


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_any_2xx_is_a_success(status: int) -> None:
    """Nothing follows."""
    attempted = a_delivery().attempted(Answer(7, status, "ok"), now=NOW)
    delivery = attempted.delivery
    assert (delivery.status, delivery.attempt, delivery.error, attempted.delay_s) == (
        DeliveryStatus.DELIVERED,
        1,
        None,
        None,
    )
    assert (delivery.attempted_at, delivery.latency_ms, delivery.response_status, delivery.response_text) == (
        NOW,
        7,
        status,
        "ok",
    )


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(1, 500), DeliveryError.REFUSED),
        (Answer(1, 404), DeliveryError.REFUSED),
        (Answer(1, 199), DeliveryError.REFUSED),
        (Answer(1, 301), DeliveryError.REDIRECTED),
        (Answer(1, 307), DeliveryError.REDIRECTED),
        (Answer(1, error=DeliveryError.TIMED_OUT), DeliveryError.TIMED_OUT),
        (Answer(1), DeliveryError.REFUSED),
    ],
)
def test_everything_else_is_a_failure(answer: Answer, error: DeliveryError) -> None:
    """Another attempt follows, unless it was the last one."""
    attempted = a_delivery().attempted(answer, now=NOW)
    assert (attempted.delivery.status, attempted.delivery.error) == (DeliveryStatus.PENDING, error)
    assert attempted.delay_s is not None
    last = a_delivery(attempt=MAX_ATTEMPTS - 1).attempted(answer, now=NOW)
    assert (last.delivery.status, last.delivery.error, last.delay_s) == (DeliveryStatus.FAILED, error, None)


def test_a_receiver_that_is_gone_gets_no_more() -> None:
    """410 is final."""
    attempted = a_delivery().attempted(Answer(1, 410), now=NOW)
    assert (attempted.delivery.status, attempted.delay_s) == (DeliveryStatus.FAILED, None)


def test_a_busy_receiver_chooses_the_time() -> None:
    """By the header `Retry-After`."""
    assert a_delivery().attempted(Answer(1, 429, retry_after_s=90), now=NOW).delay_s == 90


def test_the_message_id_does_not_change() -> None:
    """Receivers recognise a repeated message by it."""
    delivery = a_delivery()
    assert delivery.message_id == f"msg_{delivery.id}"
    assert delivery.attempted(Answer(1, 500), now=NOW).delivery.message_id == delivery.message_id
