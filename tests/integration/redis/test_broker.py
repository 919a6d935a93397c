"""Messages on a real Redis that is emptied, filled, silenced, restarted, and written to by others."""

import asyncio
import json
import threading
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from queue import SimpleQueue
from time import monotonic
from typing import cast

import pytest
from dramatiq import Message, Worker, actor
from structlog.testing import capture_logs

from adapters.taskqueue import redis_consumer
from adapters.taskqueue.job_queue import DramatiqJobQueue
from adapters.taskqueue.redis_broker import TelecineRedisBroker
from adapters.taskqueue.redis_job_queue import PAUSE_S, redis_job_queue
from adapters.taskqueue.redis_settings import TIMEOUT_S
from domain.model.errors import Unavailable
from domain.model.ids import JobId
from domain.model.jobs.payloads import QUEUES, QueueName
from domain.ports.job_queue import JobQueue
from tests.e2e.processes import wait_until
from tests.services.redis import RunningRedis, running_redis
from tests.support.builders import a_job, a_uuid

pytestmark = pytest.mark.anyio

CONCURRENCY = {QueueName.MEDIA: 1, QueueName.IO: 2, QueueName.MAINTENANCE: 1}
WAITING = "dramatiq:media"
CALLS = 10


@pytest.fixture(scope="module")
def shared_server() -> Generator[RunningRedis]:
    """One server for all tests here; no test may leave a connection open."""
    with running_redis() as running:
        yield running


@pytest.fixture
def server(shared_server: RunningRedis) -> Generator[RunningRedis]:
    """The server, empty and healthy."""
    shared_server.flushall()
    yield shared_server
    assert str(shared_server.ask("CLIENT", "LIST")).count("name=telecine") == 0


@pytest.fixture(autouse=True)
def _quick_to_return(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the pause after which Redis is tried again."""
    monkeypatch.setattr(redis_consumer, "RECONNECT_S", 0.05)


@contextmanager
def _broker(server: RunningRedis) -> Generator[TelecineRedisBroker]:
    broker = TelecineRedisBroker(server.url, CONCURRENCY, [])
    try:
        yield broker
    finally:
        broker.close()


@dataclass(frozen=True)
class Work:
    """The threads of a worker; each reports the job it takes, and holds it while the gate is closed."""

    worker: Worker
    begun: SimpleQueue[str]
    gate: threading.Event

    def takes_up(self) -> str:
        """The next job that is started."""
        return self.begun.get(timeout=60)


@contextmanager
def _working(server: RunningRedis, *, is_held: bool = False) -> Generator[Work]:
    with _broker(server) as broker:
        begun: SimpleQueue[str] = SimpleQueue()
        gate = threading.Event()
        if not is_held:
            gate.set()

        def run(job_id: str) -> None:
            begun.put(job_id)
            gate.wait(20)

        for kind, queue_name in QUEUES.items():
            actor(broker=broker, actor_name=kind.value, queue_name=queue_name.value)(run)
        worker = Worker(broker, worker_threads=sum(CONCURRENCY.values()), worker_timeout=10)
        worker.start()
        try:
            yield Work(worker, begun, gate)
        finally:
            gate.set()
            worker.stop()


def _send(server: RunningRedis, *job_ids: str) -> None:
    """Send jobs, as another process would."""

    async def send() -> None:
        async with redis_job_queue(server.url) as queue:
            for job_id in job_ids:
                await queue.send(a_job(id=JobId(job_id)))

    asyncio.run(send())


def _write(server: RunningRedis, message: bytes, message_id: str = "any") -> None:
    """Write any content into the queue, as another program might."""
    server.ask("HSET", f"{WAITING}.msgs", message_id, message)
    server.ask("RPUSH", WAITING, message_id)


def _waiting(server: RunningRedis) -> list[str]:
    return [job_id.decode() for job_id in cast("list[bytes]", server.ask("LRANGE", WAITING, "0", "-1"))]


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xff\xfe\x00", id="bytes"),
        pytest.param(b'{"queue_name": "media"', id="half"),
        pytest.param(b"[]", id="list"),
        pytest.param(b'{"actor_name": "process"}', id="no_arguments"),
        pytest.param(b'{"actor_name": "process", "args": []}', id="no_id"),
        pytest.param(b'{"actor_name": "process", "args": ["a", "b"]}', id="two_arguments"),
        pytest.param(b'{"actor_name": "process", "args": [7]}', id="number"),
        pytest.param(b'{"actor_name": "gone", "args": ["a"]}', id="unknown_actor"),
        pytest.param(b'{"actor_name": "transcribe", "args": ["a"]}', id="wrong_queue"),
    ],
)
def test_an_unprocessable_message_is_dropped_with_one_log_line(server: RunningRedis, message: bytes) -> None:
    """It leaves Redis, and valid messages are still processed."""
    _write(server, message)
    _send(server, a_uuid(1))
    with capture_logs() as lines, _working(server) as work:
        assert work.takes_up() == a_uuid(1)
    assert [(line["event"], line["queue"]) for line in lines] == [("message_dropped", "media")]
    assert lines[0]["error"]
    assert server.ask("KEYS", "*") == []


def test_an_older_message_with_extra_options_is_processed(server: RunningRedis) -> None:
    """A delay or an option of another version does not hide the job's id."""
    old = b'{"queue_name": "x", "actor_name": "process", "args": ["a"], "kwargs": {}, "options": {"eta": 9e15}}'
    _write(server, old)
    with _working(server) as work:
        assert work.takes_up() == "a"


def test_a_queued_message_is_not_duplicated(server: RunningRedis) -> None:
    """The sweep resends queued jobs every minute; Redis must not fill up with them."""
    for _ in range(20):
        _send(server, a_uuid(1), a_uuid(2))
    assert _waiting(server) == [a_uuid(1), a_uuid(2)]


def test_a_message_missing_in_the_queue_does_not_block_its_job(server: RunningRedis) -> None:
    """However message and queue entry were separated, the job can be sent after a worker has polled."""
    _send(server, a_uuid(1))
    server.ask("DEL", WAITING)
    with _working(server) as work:
        wait_until(lambda: server.ask("KEYS", "*") == [])
        _send(server, a_uuid(1))
        assert work.takes_up() == a_uuid(1)


def test_a_queue_entry_without_a_message_is_dropped(server: RunningRedis) -> None:
    """It shows only that a message was lost."""
    server.ask("RPUSH", WAITING, "any")
    with capture_logs() as lines, _working(server):
        wait_until(lambda: bool(lines))
    assert server.ask("KEYS", "*") == []


def test_a_full_redis_rejects_jobs_and_can_be_drained(server: RunningRedis) -> None:
    """Jobs that cannot be sent are left to the sweep; queued ones are processed, which frees memory."""
    _send(server, a_uuid(1))
    server.fill()
    try:
        with pytest.raises(Unavailable):
            _send(server, a_uuid(2))
        with _working(server) as work:
            assert work.takes_up() == a_uuid(1)
    finally:
        server.set_maxmemory("0")
    assert _waiting(server) == []


@pytest.mark.parametrize("outage", ["stop", "pause"])
def test_a_worker_logs_an_outage_of_redis_once_and_recovers(server: RunningRedis, outage: str) -> None:
    """On all queues: two lines in total, and no lost thread or job."""
    with ExitStack() as stack:
        lines = stack.enter_context(capture_logs())
        work = stack.enter_context(_working(server))
        _send(server, a_uuid(1))
        assert work.takes_up() == a_uuid(1)
        _break(server, outage, lambda: bool(lines))
        _send(server, a_uuid(2))
        assert work.takes_up() == a_uuid(2)
        assert [line["event"] for line in lines] == ["redis_unavailable", "redis_available"]


def _break(server: RunningRedis, outage: str, is_noticed: Callable[[], bool]) -> None:
    """Break the server until a client has noticed."""
    if outage == "stop":
        server.stop()
        wait_until(is_noticed)
        server.start()
    else:
        server.pause()
        wait_until(is_noticed)
        server.resume()


async def test_a_silent_redis_blocks_no_caller(server: RunningRedis) -> None:
    """The first call fails after two seconds, later ones at once; soon after, Redis is tried again.

    Half of the time that ten calls would wait is a margin for slow machines.
    """
    async with redis_job_queue(server.url) as queue:
        server.pause()
        try:
            began = monotonic()
            for _ in range(CALLS):
                assert not await _is_sent(queue)
            assert monotonic() - began < CALLS * TIMEOUT_S / 2
        finally:
            server.resume()
        await asyncio.sleep(PAUSE_S)
        assert await _is_sent(queue)


async def _is_sent(queue: JobQueue) -> bool:
    try:
        await queue.send(a_job())
    except Unavailable:
        return False
    return True


async def test_queued_messages_survive_a_restart(server: RunningRedis) -> None:
    """Redis persists them in a file, and old connections are replaced."""
    async with redis_job_queue(server.url) as queue:
        await queue.send(a_job(id=JobId(a_uuid(1))))
        server.restart()
        await queue.send(a_job(id=JobId(a_uuid(2))))
    assert _waiting(server) == [a_uuid(1), a_uuid(2)]


async def test_both_ways_of_sending_leave_the_same_message(server: RunningRedis) -> None:
    """The event loop's queue and a Dramatiq broker write the same message to the same place."""
    async with redis_job_queue(server.url) as queue:
        await queue.send(a_job())
    from_loop = server.ask("HGETALL", f"{WAITING}.msgs")
    server.flushall()
    with _broker(server) as broker:
        await DramatiqJobQueue(broker).send(a_job())
    from_broker = server.ask("HGETALL", f"{WAITING}.msgs")
    assert _waiting(server) == [a_job().id]
    assert _without_time(from_loop) == _without_time(from_broker)


def _without_time(answer: object) -> dict[str, object]:
    ((message_id, message),) = cast("dict[bytes, bytes]", answer).items()
    return {**json.loads(message), "message_timestamp": None, "key": message_id}


def test_a_worker_takes_no_more_than_it_can_work_on(server: RunningRedis) -> None:
    """The rest stays in Redis, where an idle worker finds it at once."""
    _send(server, a_uuid(1), a_uuid(2))
    with _working(server, is_held=True) as busy:
        assert busy.takes_up() == a_uuid(1)
        assert _waiting(server) == [a_uuid(2)]
        with _working(server) as idle:
            assert idle.takes_up() == a_uuid(2)


def test_a_free_thread_takes_the_next_job_at_once(server: RunningRedis) -> None:
    """It does not wait for the next poll."""
    job_ids = [a_uuid(n) for n in range(100)]
    _send(server, *job_ids)
    with _working(server) as work:
        assert [work.takes_up() for _ in job_ids] == job_ids


def test_a_stopping_worker_requeues_its_jobs(server: RunningRedis) -> None:
    """They go to the front of the queue; nothing else is left behind."""
    _send(server, a_uuid(1), a_uuid(2))
    with _working(server, is_held=True) as stopping:
        assert stopping.takes_up() == a_uuid(1)
        ending = threading.Thread(target=stopping.worker.stop)
        ending.start()
        wait_until(lambda: not any(thread.running for thread in stopping.worker.workers))
        stopping.gate.set()
        ending.join(20)
        assert stopping.begun.empty()
    assert _waiting(server) == [a_uuid(1), a_uuid(2)]
    assert server.ask("DBSIZE") == 2


def test_redis_does_not_delay_messages(server: RunningRedis) -> None:
    """Delays are in the jobs table; a delayed message in Redis would be lost in a restart."""
    message = Message[None](queue_name="media", actor_name="process", args=("a",), kwargs={}, options={})
    with _broker(server) as broker, pytest.raises(ValueError, match="run_after"):
        broker.enqueue(message, delay=1000)


async def test_a_sender_logs_a_rejection_by_redis_once(server: RunningRedis) -> None:
    """Only the sender can log that Redis is full; and again when it has recovered."""
    server.ask("CONFIG", "SET", "maxmemory", "1")
    with capture_logs() as lines:
        async with redis_job_queue(server.url) as queue:
            for _ in range(2):
                with pytest.raises(Unavailable):
                    await queue.send(a_job())
            server.ask("CONFIG", "SET", "maxmemory", "0")
            queue._paused_until = 0.0
            await queue.send(a_job())
    assert [(line["event"], line["purpose"]) for line in lines] == [
        ("redis_unavailable", "sending jobs"),
        ("redis_available", "sending jobs"),
    ]
    assert "maxmemory" in lines[0]["error"]


async def test_a_password_is_shown_nowhere(server: RunningRedis) -> None:
    """Redis rejects it, and neither an error nor a log line contains it."""
    url = server.url.replace("redis://", "redis://nobody:canary@")
    broker = TelecineRedisBroker(url, CONCURRENCY, [])
    with capture_logs() as lines:
        assert next(broker.consume("media")) is None
    async with redis_job_queue(url) as queue:
        with pytest.raises(Unavailable) as failure:
            await queue.send(a_job())
    broker.close()
    assert [line["event"] for line in lines] == ["redis_unavailable"]
    assert "canary" not in repr((lines, failure.value, failure.value.__cause__))
