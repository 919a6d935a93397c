"""The contract of every event bus."""

import asyncio
import gc
import sys
import warnings
from collections.abc import AsyncGenerator, AsyncIterator, Generator
from contextlib import contextmanager
from typing import cast

import pytest

from adapters.eventbus.postgres_event_bus import postgres_event_bus
from adapters.eventbus.redis_event_bus import redis_event_bus
from domain.model.ids import UserId, VideoId
from domain.model.stage import StageName
from domain.ports.event_bus import BusMessage, EventBus, EventsWritten, StageProgress
from tests.contract.event_bus_fixtures import SILENCE_S, Subject, opened_subject
from tests.services.postgres import PostgresServer
from tests.services.redis import RunningRedis, running_redis

pytestmark = pytest.mark.anyio

PATIENCE_S = 60.0


@pytest.fixture(scope="module")
def redis_server() -> Generator[RunningRedis]:
    """One server for all tests of this suite."""
    with running_redis() as server:
        yield server


@pytest.fixture(params=["in_memory", "memory", "redis", "postgres"])
async def subject(request: pytest.FixtureRequest) -> AsyncGenerator[Subject]:
    """Each event bus in turn; no task may be left."""
    tasks_before = len(asyncio.all_tasks())
    async with opened_subject(
        str(request.param),
        lambda: cast("RunningRedis", request.getfixturevalue("redis_server")),
        lambda: cast("PostgresServer", request.getfixturevalue("postgres_server")),
    ) as opened:
        yield opened
    assert len(asyncio.all_tasks()) == tasks_before


BREAKABLE = pytest.mark.parametrize("subject", ["in_memory", "redis", "postgres"], indirect=True)


def progress(percent: float) -> StageProgress:
    """A message with this percentage."""
    return StageProgress(VideoId("a-video"), UserId("ada"), StageName.COMPRESS, percent, 2, speed=1.5, eta_s=None)


async def received(messages: AsyncIterator[BusMessage]) -> BusMessage:
    """The next message."""
    async with asyncio.timeout(PATIENCE_S):
        return await anext(messages)


async def test_every_subscriber_gets_every_message_in_order(subject: Subject) -> None:
    """Messages keep all their fields."""
    sent = [progress(1.0), EventsWritten(), progress(2.5)]
    async with subject.receiver.subscribe() as first, subject.sender.subscribe() as second:
        for message in sent:
            await subject.sender.publish(message)
        for messages in (first, second):
            assert [await received(messages) for _ in sent] == sent


async def test_only_messages_of_the_block_are_received(subject: Subject) -> None:
    """What was published before the block does not arrive."""
    await subject.sender.publish(progress(1.0))
    async with subject.receiver.subscribe() as messages:
        await subject.sender.publish(progress(2.0))
        assert await received(messages) == progress(2.0)


async def _publish_for_ever(bus: EventBus) -> None:
    while True:
        await bus.publish(progress(1.0))
        await asyncio.sleep(0)


async def test_publishing_over_redis_can_be_cancelled_at_any_step(redis_server: RunningRedis) -> None:
    """Otherwise the task that a caller cancels, and then waits for, never ends."""
    async with redis_event_bus(redis_server.url) as bus:
        for steps in range(100):
            publishing = asyncio.create_task(_publish_for_ever(bus))
            for _ in range(steps):
                await asyncio.sleep(0)
            publishing.cancel()
            _, unfinished = await asyncio.wait([publishing], timeout=PATIENCE_S)
            publishing.cancel()
            assert not unfinished, f"it ignored its cancellation after {steps} steps"


async def test_no_connection_to_postgres_is_left_when_subscribing_is_cancelled(postgres_server: PostgresServer) -> None:
    """A process may stop while it connects."""
    dsn = postgres_server.new_database().replace("+asyncpg", "")
    with gc_warnings() as warned:
        async with postgres_event_bus(dsn) as bus:
            for tenths_of_ms in range(0, 300, 3):
                subscribing = asyncio.create_task(_subscribe(bus))
                await asyncio.sleep(tenths_of_ms / 10_000)
                subscribing.cancel()
                await asyncio.wait([subscribing])
        gc.collect()
    assert warned == []


async def _subscribe(bus: EventBus) -> None:
    async with bus.subscribe() as messages:
        await anext(messages)


@contextmanager
def gc_warnings() -> Generator[list[object]]:
    """Collect what Python reports about objects that are destroyed inside the block."""
    reported: list[object] = []
    before = sys.unraisablehook
    sys.unraisablehook = reported.append
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ResourceWarning)
            yield reported
    finally:
        sys.unraisablehook = before


async def test_publishing_without_subscribers_is_no_error(subject: Subject) -> None:
    """The message is lost."""
    await subject.sender.publish(EventsWritten())


async def test_concurrent_hints_arrive_at_least_once_after_the_last(subject: Subject) -> None:
    """Hints may be joined, but one arrives after the last call has returned or while it ran."""
    async with subject.receiver.subscribe() as messages:
        await asyncio.gather(*(subject.sender.publish(EventsWritten()) for _ in range(50)))
        await subject.sender.publish(progress(1.0))
        seen = [await received(messages)]
        while seen[-1] != progress(1.0):
            seen.append(await received(messages))
    assert EventsWritten() in seen


@BREAKABLE
async def test_an_outage_raises_nothing_and_ends_with_a_hint(subject: Subject) -> None:
    """Publishing fails silently during the outage; after it the first message is `EventsWritten`."""
    assert subject.interrupt is not None
    assert subject.restore is not None
    async with subject.receiver.subscribe() as messages:
        subject.interrupt()
        await subject.sender.publish(progress(1.0))
        waiting = asyncio.ensure_future(received(messages))
        await asyncio.sleep(0)
        subject.restore()
        assert await waiting == EventsWritten()
        await _until_delivered(subject, messages)


async def _until_delivered(subject: Subject, messages: AsyncIterator[BusMessage]) -> None:
    """Publish until a message arrives: the sender has a pause after its failure."""
    waiting = asyncio.ensure_future(received(messages))
    while not waiting.done():
        await subject.sender.publish(progress(3.0))
        await asyncio.sleep(0.01)
    assert await waiting == progress(3.0)


@BREAKABLE
async def test_a_subscription_may_begin_during_an_outage(subject: Subject) -> None:
    """It waits for the server, and then yields a hint."""
    assert subject.interrupt is not None
    assert subject.restore is not None
    subject.interrupt()
    async with subject.receiver.subscribe() as messages:
        subject.restore()
        assert await received(messages) == EventsWritten()


@pytest.mark.parametrize("subject", ["redis"], indirect=True)
async def test_a_silent_server_counts_as_an_outage(subject: Subject, redis_server: RunningRedis) -> None:
    """A partition closes no connection: the subscriber notices that its check gets no answer."""
    async with subject.receiver.subscribe() as messages:
        redis_server.pause()
        waiting = asyncio.ensure_future(received(messages))
        await asyncio.sleep(3 * SILENCE_S)
        await subject.sender.publish(progress(1.0))
        redis_server.resume()
        assert await waiting == EventsWritten()


@pytest.mark.parametrize("subject", ["memory"], indirect=True)
async def test_messages_cross_event_loops(subject: Subject) -> None:
    """In the embedded mode the worker publishes on the event loop of another thread."""

    async def publish() -> None:
        for percent in range(100):
            await subject.sender.publish(progress(float(percent)))

    async with subject.receiver.subscribe() as messages:
        await asyncio.to_thread(lambda: asyncio.run(publish()))
        assert [await received(messages) for _ in range(100)] == [progress(float(percent)) for percent in range(100)]
    loop = asyncio.new_event_loop()
    subscription = subject.receiver.subscribe()
    await asyncio.to_thread(lambda: loop.run_until_complete(subscription.__aenter__()))
    loop.close()
    await subject.sender.publish(EventsWritten())
    await subscription.__aexit__(None, None, None)
