"""The contract of every job queue."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from queue import SimpleQueue

import pytest
from dramatiq import Broker, Worker, actor

from adapters.fakes.job_queue import RecordingJobQueue
from adapters.taskqueue.in_process_broker import InProcessBroker
from adapters.taskqueue.job_queue import DramatiqJobQueue, SweptJobQueue
from adapters.taskqueue.redis_broker import TelecineRedisBroker
from adapters.taskqueue.redis_job_queue import redis_job_queue
from domain.model.errors import Unavailable
from domain.model.ids import JobId
from domain.model.jobs.payloads import (
    QUEUES,
    ErasePayload,
    ImportPayload,
    IndexPayload,
    JobPayload,
    ProcessPayload,
    QueueName,
    RetranscribePayload,
    TranscribePayload,
)
from domain.model.object_key import ObjectKey
from domain.ports.job_queue import JobQueue
from tests.services.redis import running_redis
from tests.support.builders import a_job, a_uuid

pytestmark = pytest.mark.anyio

PAYLOADS: tuple[JobPayload, ...] = (
    ImportPayload(),
    ProcessPayload(),
    TranscribePayload(ObjectKey("a"), ()),
    RetranscribePayload(1),
    IndexPayload(),
    ErasePayload(),
)
CONCURRENCY = dict.fromkeys(QueueName, 1)


@dataclass(frozen=True)
class Subject:
    """A queue, the jobs that arrived at its other end, and a way to break it."""

    queue: JobQueue
    receive: Callable[[], JobId]
    break_down: Callable[[], None]


@asynccontextmanager
async def _recording() -> AsyncGenerator[Subject]:
    queue = RecordingJobQueue()
    yield Subject(queue, lambda: queue.sent.pop(0).id, lambda: setattr(queue, "is_down", True))


@asynccontextmanager
async def _in_process() -> AsyncGenerator[Subject]:
    broker = InProcessBroker(CONCURRENCY, [])
    async with _worked_on(broker, DramatiqJobQueue(broker), broker.queues.clear) as opened:
        yield opened


@asynccontextmanager
async def _redis() -> AsyncGenerator[Subject]:
    with running_redis() as server:
        broker = TelecineRedisBroker(server.url, CONCURRENCY, [])
        async with redis_job_queue(server.url) as queue, _worked_on(broker, queue, server.stop) as opened:
            yield opened


@asynccontextmanager
async def _redis_broker() -> AsyncGenerator[Subject]:
    with running_redis() as server:
        broker = TelecineRedisBroker(server.url, CONCURRENCY, [])
        async with _worked_on(broker, DramatiqJobQueue(broker), server.stop) as opened:
            yield opened


@asynccontextmanager
async def _worked_on(broker: Broker, queue: JobQueue, break_down: Callable[[], None]) -> AsyncGenerator[Subject]:
    received: SimpleQueue[JobId] = SimpleQueue()

    def receive(job_id: JobId) -> None:
        received.put(job_id)

    for kind, queue_name in QUEUES.items():
        actor(broker=broker, actor_name=kind.value, queue_name=queue_name.value)(receive)
    worker = Worker(broker, worker_threads=3, worker_timeout=20)
    worker.start()
    try:
        yield Subject(queue, lambda: received.get(timeout=60), break_down)
    finally:
        await asyncio.to_thread(worker.stop)
        broker.close()


OPENINGS = {"recording": _recording, "in_process": _in_process, "redis": _redis, "redis_broker": _redis_broker}


@pytest.fixture(params=OPENINGS)
async def subject(request: pytest.FixtureRequest) -> AsyncGenerator[Subject]:
    """Each queue in turn; no worker thread may be left."""
    async with OPENINGS[str(request.param)]() as opened:
        yield opened
    assert not [thread for thread in threading.enumerate() if "Worker" in type(thread).__name__]


async def _received(subject: Subject, count: int) -> set[JobId]:
    return {await asyncio.to_thread(subject.receive) for _ in range(count)}


async def test_a_job_of_every_kind_arrives(subject: Subject) -> None:
    """The job's id arrives, whatever its queue."""
    jobs = [a_job(id=JobId(a_uuid(n)), payload=payload) for n, payload in enumerate(PAYLOADS)]
    for job in jobs:
        await subject.queue.send(job)
    assert await _received(subject, len(jobs)) == {job.id for job in jobs}


async def test_a_job_may_be_sent_again(subject: Subject) -> None:
    """Whether the first message is waiting or was delivered; the claim decides which worker runs the job."""
    for _ in range(3):
        await subject.queue.send(a_job())
        await subject.queue.send(a_job())
        assert await _received(subject, 1) == {a_job().id}


async def test_an_unavailable_queue_raises(subject: Subject) -> None:
    """The call fails; the sweep sends the job again."""
    subject.break_down()
    with pytest.raises(Unavailable) as failure:
        await subject.queue.send(a_job())
    assert (failure.value.code, failure.value.retryable) == ("queue_unavailable", True)


async def test_without_a_broker_sending_a_job_raises() -> None:
    """Sending fails each time, and the sweep of a worker sends the job later."""
    with pytest.raises(Unavailable):
        await SweptJobQueue().send(a_job())


async def test_sending_over_redis_can_be_cancelled_at_any_step() -> None:
    """Otherwise a worker that stops waits for a task that never ends."""
    with running_redis() as server:
        async with redis_job_queue(server.url) as queue:
            await _cancel_at_any_step(queue)


async def _cancel_at_any_step(queue: JobQueue) -> None:
    for steps in range(60):
        sending = asyncio.create_task(_send_for_ever(queue))
        for _ in range(steps):
            await asyncio.sleep(0)
        sending.cancel()
        _, unfinished = await asyncio.wait([sending], timeout=60.0)
        sending.cancel()
        assert not unfinished, f"it ignored its cancellation after {steps} steps"


async def _send_for_ever(queue: JobQueue) -> None:
    while True:
        await queue.send(a_job())
        await asyncio.sleep(0)
