"""A Dramatiq broker on Redis, for processes and machines that work together."""

from collections.abc import Callable, Mapping
from threading import Event, Semaphore
from typing import cast

from dramatiq import Actor, Broker, Message, Worker
from dramatiq.broker import Consumer
from dramatiq.errors import BrokerError, ConnectionFailed
from dramatiq.middleware import Middleware
from redis import RedisError

from adapters.taskqueue.redis_consumer import RedisConsumer
from adapters.taskqueue.redis_messages import RedisMessages
from adapters.taskqueue.redis_outage import RedisOutage
from adapters.taskqueue.redis_settings import redis_client
from domain.model.job import QueueName

# How often an idle worker looks into each queue: it begins within 50 ms, for about one percent of a core.
POLL_S = 0.04

# The library's own class is without types.
_failure = cast("Callable[[RedisError], BrokerError]", ConnectionFailed)


class TelecineRedisBroker(Broker):
    """Queues in Redis; a queue's concurrency is how many of its messages this process may have in work at once.

    - A message leaves Redis when it is taken: the jobs table is the truth, its leases find a lost worker and its sweep
      sends again. So there is no second book of who holds what, and no heartbeat that a busy worker could miss.
    - A message that waits is not put there again, however often the sweep sends it.
    - A worker that is told to stop takes nothing more, and what it gives up is the next worker's first message.
    - Redis may be away, silent, full or restarted: a worker says so once and goes on as soon as it can.
    """

    def __init__(self, url: str, concurrency: Mapping[QueueName, int], middleware: list[Middleware]) -> None:
        self._stopping = Event()
        # First of all: while the running jobs are drained, no more may be taken.
        super().__init__([_TakeNoMore(self._stopping), *middleware])
        self._client = redis_client(url)
        self._messages = RedisMessages(self._client)
        self._outage = RedisOutage("taking jobs")
        self._room = {queue.value: Semaphore(limit) for queue, limit in concurrency.items()}
        for queue_name in self._room:
            self.declare_queue(queue_name)

    def declare_queue(self, queue_name: str) -> None:
        """Declare a queue, and none for delayed messages beside it: only the jobs table delays."""
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues[queue_name] = None
            self.emit_after("declare_queue", queue_name)

    def enqueue(self, message: Message[None], *, delay: int | None = None) -> Message[None]:
        """Let a message wait, unless one with its id does.

        Raises:
            ValueError: a delay is asked for, and those are the jobs table's.
            ConnectionFailed: Redis is away, or will not have it.
        """
        if delay is not None:
            raise ValueError("Redis does not delay messages: set the job's `run_after`.")
        self.emit_before("enqueue", message, delay)
        try:
            self._messages.put(message.queue_name, message.message_id, message.encode())
        except RedisError as error:
            raise _failure(error) from error
        self.emit_after("enqueue", message, delay)
        return message

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 40) -> Consumer:
        """Take messages of one queue, as many as it has room for and as often as suits Redis, whatever is asked."""
        room = self._room.setdefault(queue_name, Semaphore(prefetch))
        find_actor = cast("Callable[[str], Actor[[str], None]]", self.get_actor)
        return RedisConsumer(queue_name, find_actor, self._messages, room, self._stopping, self._outage, poll_s=POLL_S)

    def close(self) -> None:
        """Close every connection."""
        self._client.close()


class _TakeNoMore(Middleware):
    def __init__(self, stopping: Event) -> None:
        self._stopping = stopping

    def before_worker_shutdown(self, broker: Broker, worker: Worker) -> None:
        self._stopping.set()
