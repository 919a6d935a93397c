"""The contract of every repository of deliveries."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.model.errors import DeliveryNotFound
from domain.model.ids import DeliveryId, VideoId, WebhookId
from domain.model.videos.pagination import Cursor
from domain.model.webhooks.delivery import Answer, Attempted, Delivery, DeliveryError, DeliveryStatus
from domain.ports.database import Database
from tests.support.builders import NOW, VIDEO_ID, a_uuid
from tests.support.webhooks import WEBHOOK_ID, a_delivery, an_endpoint

pytestmark = pytest.mark.anyio

OTHER = WebhookId(a_uuid(502))
REFUSED = Answer(latency_ms=40, status=500, text="no\u0000", error=None)
PENDING, FAILED = DeliveryStatus.PENDING, DeliveryStatus.FAILED


@pytest.fixture(autouse=True)
async def _endpoints(database: Database) -> None:
    async with database.write() as work:
        await work.webhook_endpoints.add(an_endpoint())
        await work.webhook_endpoints.add(an_endpoint(id=OTHER))


async def _add(database: Database, *deliveries: Delivery) -> None:
    async with database.write() as work:
        await work.webhook_deliveries.add(*deliveries)


async def _due(database: Database) -> list[DeliveryId]:
    async with database.read() as work:
        return [each.id for each in await work.webhook_deliveries.due(WEBHOOK_ID, limit=100)]


async def _record(database: Database, delivery: Delivery, answer: Answer) -> Attempted:
    attempted = delivery.attempted(answer, now=NOW)
    async with database.write() as work:
        await work.webhook_deliveries.record(attempted)
    return attempted


async def _get(database: Database, number: int = 1) -> Delivery:
    async with database.read() as work:
        return await work.webhook_deliveries.get(WEBHOOK_ID, a_delivery(number).id)


async def test_a_delivery_is_stored_and_due_at_once(database: Database) -> None:
    """Every field is kept."""
    delivery = a_delivery(body='{"ä":1}', video_id=VIDEO_ID, position=7)
    await _add(database, delivery)
    stored = await _get(database)
    assert stored.next_attempt_at is not None
    assert replace(stored, next_attempt_at=None) == delivery
    assert await _due(database) == [delivery.id]
    async with database.read() as work:
        assert await work.webhook_deliveries.next_due_s(WEBHOOK_ID) == 0.0
        assert await work.webhook_deliveries.next_due_s(OTHER) is None


async def test_an_event_is_delivered_once_to_an_endpoint(database: Database) -> None:
    """A second delivery of one position is skipped; test events have no position and are all kept."""
    await _add(database, a_delivery(1, position=7), a_delivery(2))
    await _add(database, a_delivery(3, position=7), a_delivery(4, position=8), a_delivery(5))
    await _add(database, a_delivery(6, position=7, endpoint_id=OTHER))
    await _add(database)
    assert set(await _due(database)) == {a_delivery(number).id for number in (1, 2, 4, 5)}


async def test_a_delivery_of_another_endpoint_is_not_found(database: Database) -> None:
    """Like one that does not exist."""
    await _add(database, a_delivery(1, endpoint_id=OTHER))
    for number in (1, 2):
        with pytest.raises(DeliveryNotFound):
            await _get(database, number)
        async with database.write() as work:
            with pytest.raises(DeliveryNotFound):
                await work.webhook_deliveries.redeliver(WEBHOOK_ID, a_delivery(number).id)


async def test_a_failed_attempt_is_due_again_later(database: Database) -> None:
    """The result is kept; an answer's NUL becomes U+FFFD in SQL."""
    await _add(database, a_delivery())
    attempted = await _record(database, await _get(database), REFUSED)
    stored = await _get(database)
    assert stored.response_text in {"no\u0000", "no\ufffd"}
    assert stored.next_attempt_at is not None
    comparable = {"next_attempt_at": None, "response_text": None}
    assert replace(stored, **comparable) == replace(attempted.delivery, **comparable)
    assert await _due(database) == []
    async with database.read() as work:
        due_in_s = await work.webhook_deliveries.next_due_s(WEBHOOK_ID)
    assert due_in_s is not None
    assert 0.0 < due_in_s <= 6.0


async def test_a_delivered_one_is_not_due_again(database: Database) -> None:
    """Nothing is pending then."""
    await _add(database, a_delivery())
    await _record(database, await _get(database), Answer(latency_ms=1, status=204, text=""))
    assert (await _get(database)).status is DeliveryStatus.DELIVERED
    async with database.read() as work:
        assert await work.webhook_deliveries.next_due_s(WEBHOOK_ID) is None


async def test_a_result_does_not_undo_a_redelivery(database: Database) -> None:
    """The delivery was made pending again while its last attempt ran."""
    await _add(database, a_delivery(attempt=9))
    running = await _get(database)
    async with database.write() as work:
        await work.webhook_deliveries.redeliver(WEBHOOK_ID, running.id)
    await _record(database, running, REFUSED)
    stored = await _get(database)
    assert (stored.status, stored.attempt) == (PENDING, 0)
    assert await _due(database) == [running.id]


async def test_pending_deliveries_of_an_endpoint_fail_together(database: Database) -> None:
    """Those of other endpoints, and those that have ended, stay as they are."""
    await _add(database, a_delivery(1), a_delivery(2), a_delivery(3, endpoint_id=OTHER))
    await _record(database, await _get(database, 2), Answer(latency_ms=1, status=200))
    async with database.write() as work:
        assert await work.webhook_deliveries.fail_pending(WEBHOOK_ID, DeliveryError.ENDPOINT_DISABLED) == 1
    failed = await _get(database, 1)
    assert (failed.status, failed.error, failed.next_attempt_at) == (FAILED, DeliveryError.ENDPOINT_DISABLED, None)
    assert (await _get(database, 2)).status is DeliveryStatus.DELIVERED
    assert await _due(database) == []
    async with database.read() as work:
        assert len(await work.webhook_deliveries.due(OTHER, limit=9)) == 1


async def test_failed_deliveries_since_a_time_are_redelivered(database: Database) -> None:
    """So are those that wait for their next attempt; older ones and those of other endpoints are not."""
    await _add(
        database,
        a_delivery(1, created_at=NOW - timedelta(seconds=1)),
        a_delivery(2),
        a_delivery(3, created_at=NOW + timedelta(days=1)),
    )
    async with database.write() as work:
        await work.webhook_deliveries.fail_pending(WEBHOOK_ID, DeliveryError.TIMED_OUT)
        await work.webhook_deliveries.add(a_delivery(4, endpoint_id=OTHER))
        await work.webhook_deliveries.fail_pending(OTHER, DeliveryError.TIMED_OUT)
        await work.webhook_deliveries.add(a_delivery(5))
    await _record(database, await _get(database, 5), Answer(latency_ms=1, error=DeliveryError.TIMED_OUT))
    assert await _due(database) == []
    async with database.write() as work:
        assert await work.webhook_deliveries.redeliver_failed(WEBHOOK_ID, NOW) == 3
        assert await work.webhook_deliveries.redeliver_failed(WEBHOOK_ID, NOW) == 0
    assert set(await _due(database)) == {a_delivery(2).id, a_delivery(3).id, a_delivery(5).id}


async def test_deliveries_are_listed_newest_first(database: Database) -> None:
    """By status, too; a cursor continues among those of one time."""
    stored = [a_delivery(number, created_at=NOW + timedelta(seconds=number // 2)) for number in range(5)]
    await _add(database, *stored, a_delivery(9, endpoint_id=OTHER))
    await _record(database, await _get(database, 3), Answer(latency_ms=1, status=200))
    async with database.read() as work:
        listed: list[Delivery] = []
        after = None
        while page := await work.webhook_deliveries.page(WEBHOOK_ID, limit=2, after=after):
            listed += page
            after = Cursor(page[-1].created_at, VideoId(page[-1].id))
        pending = await work.webhook_deliveries.page(WEBHOOK_ID, limit=9, status=PENDING)
    assert [each.id for each in listed] == [each.id for each in reversed(stored)]
    assert [each.id for each in pending] == [stored[number].id for number in (4, 2, 1, 0)]


async def test_old_deliveries_are_deleted(database: Database) -> None:
    """Not those that are still pending, however old; the limit bounds one call."""
    old = [a_delivery(number, created_at=NOW - timedelta(microseconds=1)) for number in range(3)]
    await _add(database, *old, a_delivery(9))
    async with database.write() as work:
        assert await work.webhook_deliveries.delete_before(NOW, limit=9) == 0
        assert await work.webhook_deliveries.count_before(NOW) == 0
        await work.webhook_deliveries.fail_pending(WEBHOOK_ID, DeliveryError.TIMED_OUT)
        assert await work.webhook_deliveries.count_before(NOW) == len(old)
        assert await work.webhook_deliveries.delete_before(NOW, limit=2) == 2
        assert await work.webhook_deliveries.delete_before(NOW, limit=2) == 1
        assert [each.id for each in await work.webhook_deliveries.page(WEBHOOK_ID, limit=9)] == [a_delivery(9).id]


async def _move_and_fail(database: Database) -> None:
    async with database.write() as work:
        await work.webhook_deliveries.save_position(5)
        await work.webhook_deliveries.get(WEBHOOK_ID, a_delivery().id)


async def test_the_position_begins_at_zero_and_is_kept(database: Database) -> None:
    """A rolled back transaction does not move it."""
    async with database.write() as work:
        assert await work.webhook_deliveries.lock_position() == 0
        await work.webhook_deliveries.save_position(2**40)
    with pytest.raises(DeliveryNotFound):
        await _move_and_fail(database)
    async with database.read() as work:
        assert await work.webhook_deliveries.position() == 2**40
