"""The job of an endpoint: it sends what is due, and judges the endpoint by the answers."""

import json

import pytest

from domain.model.errors import LeaseLost, Unavailable
from domain.model.ids import JobId, VideoId
from domain.model.jobs.job import JobState
from domain.model.jobs.payloads import JobKind
from domain.model.videos.events import EventType
from domain.model.webhooks.delivery import Answer, DeliveryError, DeliveryStatus
from domain.model.webhooks.endpoint import DisabledReason, EndpointChanges
from domain.model.webhooks.schedule import MAX_ATTEMPTS, PAUSE_S
from domain.ports.webhook_sender import SignedMessage
from domain.use_cases.jobs.run_job import JobResult
from domain.use_cases.webhooks.deliver_webhooks import IDLE_S, DeliverWebhooks
from tests.support.webhooks import a_delivery
from tests.support.world import ADA, World
from tests.unit.use_cases.webhooks.hooking import answer_with, deliver, deliveries, endpoint_now, happen, hook

pytestmark = pytest.mark.anyio

OK, BROKEN = Answer(5, 200, "ok"), Answer(5, 500, "no")
DAY_S = 86_400.0


async def test_a_message_is_signed_and_delivered(world: World) -> None:
    """By Standard Webhooks; the result is in the log."""
    endpoint = await hook(world)
    await happen(world, EventType.VIDEO_COMPLETED)
    await deliver(world)
    (delivery,) = await deliveries(world, endpoint)
    (message,) = world.sender.sent
    assert (delivery.status, delivery.attempt, delivery.response_text) == (DeliveryStatus.DELIVERED, 1, "ok")
    assert (message.url, message.message_id, message.sent_at) == (endpoint.url, delivery.message_id, world.clock.now())
    assert json.loads(message.body)["type"] == "video.completed"
    secrets = world.adapters.webhook_secrets
    assert message.signature == secrets.sign(
        [endpoint.secrets.current], message_id=message.message_id, sent_at=message.sent_at, body=message.body
    )


async def test_the_job_waits_for_more(world: World) -> None:
    """It stays queued, with its attempts reset, and looks for itself now and then."""
    endpoint = await hook(world)
    await happen(world, EventType.VIDEO_COMPLETED)
    await deliver(world)
    job = await world.job(JobId(endpoint.id))
    assert (job.state, job.attempt) == (JobState.QUEUED, 0)
    assert (job.run_after - world.clock.now()).total_seconds() == IDLE_S


async def test_a_failed_delivery_is_repeated_until_it_arrives(world: World) -> None:
    """Always with the same id and body, and the time and signature of the attempt."""
    endpoint = await hook(world)
    await happen(world, EventType.VIDEO_COMPLETED)
    answer_with(world, BROKEN, BROKEN, OK)
    await deliver(world)
    await deliver(world, after_s=3)
    assert len(world.sender.sent) == 1
    await deliver(world, after_s=3)
    await deliver(world, after_s=340)
    first, second, third = world.sender.sent
    assert first.message_id == second.message_id == third.message_id
    assert first.body == second.body
    assert first.sent_at < second.sent_at
    assert first.signature != second.signature
    (delivery,) = await deliveries(world, endpoint)
    assert (delivery.status, delivery.attempt) == (DeliveryStatus.DELIVERED, 3)
    assert (await endpoint_now(world, endpoint.id)).failing_since is None


async def test_a_delivery_fails_after_its_last_attempt(world: World) -> None:
    """About three days later; it can be redelivered."""
    endpoint = await hook(world)
    await happen(world, EventType.VIDEO_COMPLETED)
    answer_with(world, BROKEN)
    for _ in range(MAX_ATTEMPTS + 3):
        await deliver(world, after_s=DAY_S * 1.2)
        if (await deliveries(world, endpoint))[0].status is not DeliveryStatus.PENDING:
            break
        # The endpoint is not what is tested here.
        await world.application.webhooks.edit(ADA, endpoint.id, EndpointChanges(enabled=True))
        async with world.database.write() as work:
            await work.webhook_endpoints.save(endpoint)
    (delivery,) = await deliveries(world, endpoint)
    assert (delivery.status, delivery.attempt, delivery.error) == (
        DeliveryStatus.FAILED,
        MAX_ATTEMPTS,
        DeliveryError.REFUSED,
    )
    assert len(world.sender.sent) == MAX_ATTEMPTS


async def test_days_of_failure_disable_an_endpoint(world: World) -> None:
    """Its other deliveries fail, and its owner's other endpoints are told."""
    endpoint, other = await hook(world), await hook(world, "webhook.disabled", url="https://other.example/")
    world.sender.answer = lambda message: BROKEN if message.url == endpoint.url else OK
    await happen(world, EventType.VIDEO_COMPLETED)
    await deliver(world)
    assert (await endpoint_now(world, endpoint.id)).failing_since == world.clock.now()
    await happen(world, *[EventType.VIDEO_FAILED] * 40)
    await deliver(world, after_s=4.9 * DAY_S)
    assert (await endpoint_now(world, endpoint.id)).is_enabled
    await deliver(world, after_s=0.2 * DAY_S)
    disabled = await endpoint_now(world, endpoint.id)
    assert disabled.disabled_reason is DisabledReason.FAILING
    assert {each.status for each in await deliveries(world, endpoint)} == {DeliveryStatus.FAILED}
    assert DeliveryError.ENDPOINT_DISABLED in {each.error for each in await deliveries(world, endpoint)}
    await deliver(world)
    (told,) = await deliveries(world, other)
    assert json.loads(told.body)["data"]["reason"] == "failing"
    assert told.status is DeliveryStatus.DELIVERED


async def test_one_success_ends_the_days_of_failure(world: World) -> None:
    """A receiver that fails half of the time stays enabled."""
    endpoint = await hook(world)
    answer_with(world, BROKEN, OK, BROKEN, OK, BROKEN, OK, BROKEN)
    for _ in range(4):
        await happen(world, EventType.VIDEO_COMPLETED)
        await deliver(world, after_s=3 * DAY_S)
    assert (await endpoint_now(world, endpoint.id)).is_enabled


async def test_410_disables_an_endpoint_at_once(world: World) -> None:
    """The receiver asks for no more."""
    endpoint = await hook(world)
    await happen(world, *[EventType.VIDEO_COMPLETED] * 20)
    answer_with(world, Answer(5, 410))
    await deliver(world)
    assert (await endpoint_now(world, endpoint.id)).disabled_reason is DisabledReason.GONE
    assert len(world.sender.sent) == 16
    await happen(world, EventType.VIDEO_COMPLETED)
    assert await world.application.webhooks.fan_out() == 0


async def test_a_busy_receiver_chooses_when(world: World) -> None:
    """429 with `Retry-After`."""
    endpoint = await hook(world)
    await happen(world, EventType.VIDEO_COMPLETED)
    answer_with(world, Answer(5, 429, retry_after_s=600), OK)
    await deliver(world)
    await deliver(world, after_s=590)
    assert len(world.sender.sent) == 1
    await deliver(world, after_s=11)
    assert (await deliveries(world, endpoint))[0].status is DeliveryStatus.DELIVERED


async def test_a_receiver_that_fails_is_called_less(world: World) -> None:
    """After as many failures as requests may run at once it pauses; then it gets one at a time."""
    endpoint = await hook(world)
    await happen(world, *[EventType.VIDEO_COMPLETED] * 60)
    answer_with(world, BROKEN)
    await deliver(world)
    assert len(world.sender.sent) == 16
    job = await world.job(JobId(endpoint.id))
    assert (job.run_after - world.clock.now()).total_seconds() == PAUSE_S
    widths = _count_at_once(world)
    world.clock.advance(PAUSE_S)
    await deliver(world)
    assert widths[0] == 1
    assert max(widths) == 16
    assert {each.status for each in await deliveries(world, endpoint)} == {DeliveryStatus.DELIVERED}


def _count_at_once(world: World) -> list[int]:
    """How many requests run at each answer."""
    widths: list[int] = []

    def answer(_: SignedMessage) -> Answer:
        widths.append(world.sender.running)
        return OK

    world.sender.answer = answer
    return widths


async def test_endpoints_take_turns(world: World) -> None:
    """One whose receiver is slow goes to the end of the queue after a while."""
    endpoint = await hook(world)
    await happen(world, *[EventType.VIDEO_COMPLETED] * 64)

    def slow(_: SignedMessage) -> Answer:
        world.clock.advance(1.0)
        return OK

    world.sender.answer = slow
    await world.application.webhooks.fan_out()
    await world.application.run_job(world.queue.sent.pop().id)
    assert len(world.sender.sent) == 32
    assert [job.id for job in world.queue.sent] == [endpoint.id]
    await world.run_jobs()
    assert len(world.sender.sent) == 64


async def test_a_disabled_endpoint_is_not_called(world: World) -> None:
    """Its pending deliveries fail."""
    endpoint = await hook(world)
    await happen(world, EventType.VIDEO_COMPLETED)
    await world.application.webhooks.fan_out()
    await world.application.webhooks.edit(ADA, endpoint.id, EndpointChanges(enabled=False))
    await world.run_jobs()
    assert world.sender.sent == []
    assert [each.error for each in await deliveries(world, endpoint)] == [DeliveryError.ENDPOINT_DISABLED]


async def test_an_endpoint_is_disabled_once(world: World) -> None:
    """Its owner may have disabled it while a request was running."""
    endpoint = await hook(world)
    await happen(world, EventType.VIDEO_COMPLETED)
    await world.application.webhooks.fan_out()
    job = world.queue.sent.pop()
    handler = world.application.run_job.handlers.by_kind[JobKind.DELIVER]
    async with world.database.write() as work:
        claimed = await work.jobs.claim(job.id, lease_s=60)
        due = await work.webhook_deliveries.due(endpoint.id, limit=9)
    await world.application.webhooks.edit(ADA, endpoint.id, EndpointChanges(enabled=False))
    assert isinstance(handler, DeliverWebhooks)
    await handler._record(claimed, due, [Answer(5, 410)])
    assert (await endpoint_now(world, endpoint.id)).disabled_reason is DisabledReason.OWNER


async def test_a_delivery_that_fails_while_its_endpoint_is_disabled_is_not_repeated(world: World) -> None:
    """Otherwise it would stay due, and the job would run again and again without sending it."""
    endpoint = await hook(world)
    await happen(world, EventType.VIDEO_COMPLETED)
    await world.application.webhooks.fan_out()
    job = world.queue.sent.pop()
    handler = world.application.run_job.handlers.by_kind[JobKind.DELIVER]
    assert isinstance(handler, DeliverWebhooks)
    async with world.database.write() as work:
        claimed = await work.jobs.claim(job.id, lease_s=60)
        due = await work.webhook_deliveries.due(endpoint.id, limit=9)
    await world.application.webhooks.edit(ADA, endpoint.id, EndpointChanges(enabled=False))
    await handler._record(claimed, due, [BROKEN])
    await handler._park(claimed, endpoint.id, pause_s=0.0)
    assert [each.status for each in await deliveries(world, endpoint)] == [DeliveryStatus.FAILED]
    assert ((await world.job(job.id)).run_after - world.clock.now()).total_seconds() == IDLE_S


async def test_an_event_that_was_turned_into_a_delivery_while_its_endpoint_was_disabled_is_not_sent(
    world: World,
) -> None:
    """The job does not run again and again."""
    endpoint = await hook(world)
    await world.application.webhooks.edit(ADA, endpoint.id, EndpointChanges(enabled=False))
    world.queue.sent.clear()
    async with world.database.write() as work:
        await work.webhook_deliveries.add(a_delivery(1, endpoint_id=endpoint.id))
        job = await work.jobs.wake(JobId(endpoint.id))
    assert job is not None
    await world.application.run_job(job.id)
    assert (world.queue.sent, world.sender.sent) == ([], [])
    assert [each.error for each in await deliveries(world, endpoint)] == [DeliveryError.ENDPOINT_DISABLED]


async def test_a_silent_receiver_pauses_after_its_turn(world: World) -> None:
    """Its requests end by time-outs, so that its turn ends before as many have failed as may run at once."""
    endpoint = await hook(world)
    await happen(world, *[EventType.VIDEO_COMPLETED] * 40)

    def silent(_: SignedMessage) -> Answer:
        world.clock.advance(15.0 / world.sender.running)
        return Answer(15_000, error=DeliveryError.TIMED_OUT)

    world.sender.answer = silent
    await deliver(world)
    await deliver(world, after_s=PAUSE_S)
    assert len(world.sender.sent) == 18
    job = await world.job(JobId(endpoint.id))
    assert (job.run_after - world.clock.now()).total_seconds() == PAUSE_S


async def test_an_event_does_not_end_the_pause(world: World) -> None:
    """It waits for its end, like the deliveries before it; a receiver that answers gets events at once again."""
    endpoint = await hook(world)
    await happen(world, *[EventType.VIDEO_COMPLETED] * 16)
    answer_with(world, BROKEN)
    await deliver(world)
    ends_at = (await world.job(JobId(endpoint.id))).run_after
    await happen(world, EventType.VIDEO_FAILED)
    await deliver(world, after_s=PAUSE_S / 2)
    assert (await world.job(JobId(endpoint.id))).run_after == ends_at
    assert len(world.sender.sent) == 16
    answer_with(world, OK)
    await deliver(world, after_s=PAUSE_S / 2)
    assert {each.status for each in await deliveries(world, endpoint)} == {DeliveryStatus.DELIVERED}
    await happen(world, EventType.VIDEO_FAILED)
    await deliver(world)
    assert len(world.sender.sent) == 16 + 17 + 1


async def test_an_idle_endpoint_that_fails_gets_a_new_event_after_the_pause(world: World) -> None:
    """Nothing else would wake its job for hours."""
    endpoint = await hook(world)
    await happen(world, EventType.VIDEO_COMPLETED)
    answer_with(world, BROKEN)
    await deliver(world)
    await deliver(world, after_s=6.0)
    await happen(world, EventType.VIDEO_FAILED)
    await deliver(world)
    assert len(world.sender.sent) == 2
    await deliver(world, after_s=PAUSE_S)
    assert len(world.sender.sent) == 3
    assert (await world.job(JobId(endpoint.id))).run_after > world.clock.now()


async def test_a_secret_that_cannot_be_read_is_a_failed_attempt(world: World) -> None:
    """Nothing is sent without a signature."""
    endpoint = await hook(world)
    async with world.database.write() as work:
        broken = endpoint.rotated("other key", now=world.clock.now(), keep_s=0)
        await work.webhook_endpoints.save(broken)
    await happen(world, EventType.VIDEO_COMPLETED)
    await deliver(world)
    assert world.sender.sent == []
    assert [each.error for each in await deliveries(world, endpoint)] == [DeliveryError.UNSIGNED]


async def test_the_job_of_a_deleted_endpoint_ends_quietly(world: World) -> None:
    """Whether it was deleted before or during the request."""
    endpoint = await hook(world)
    await happen(world, EventType.VIDEO_COMPLETED)
    await world.application.webhooks.fan_out()
    job = world.queue.sent.pop()

    def delete(_: SignedMessage) -> Answer:
        tables = world.database._committed
        del tables.webhook_endpoints[endpoint.id]
        del tables.jobs[job.id]
        return OK

    world.sender.answer = delete
    assert (await world.application.run_job(job.id)).result is JobResult.DONE
    assert (await world.application.run_job(job.id)).result is JobResult.NOT_CLAIMED


async def test_a_worker_that_lost_its_lease_writes_nothing(world: World) -> None:
    """Another one sends the delivery again."""
    endpoint = await hook(world)
    await happen(world, EventType.VIDEO_COMPLETED)
    await world.application.webhooks.fan_out()
    job = world.queue.sent.pop()

    def lose(_: SignedMessage) -> Answer:
        tables = world.database._committed
        tables.jobs[job.id] = tables.jobs[job.id].freed(now=world.clock.now())
        return OK

    world.sender.answer = lose
    outcome = await world.application.run_job(job.id)
    assert (outcome.result, type(outcome.error)) == (JobResult.LEASE_LOST, LeaseLost)
    assert (await deliveries(world, endpoint))[0].attempt == 0
    world.sender.answer = lambda _: OK
    await deliver(world)
    assert len({message.message_id for message in world.sender.sent}) == 1
    assert len(world.sender.sent) == 2


async def test_a_job_that_is_given_up_changes_nothing(world: World) -> None:
    """The deliveries stay pending."""
    endpoint = await hook(world)
    await happen(world, EventType.VIDEO_COMPLETED)
    await world.application.webhooks.fan_out()
    async with world.database.write() as work:
        job = await work.jobs.claim(JobId(endpoint.id), lease_s=60)
        await world.application.run_job.handlers.bury(work, job, Unavailable("lost"))
    assert [each.status for each in await deliveries(world, endpoint)] == [DeliveryStatus.PENDING]
    assert (await world.jobs(VideoId(endpoint.id), JobKind.DELIVER))[0].state is JobState.DEAD
