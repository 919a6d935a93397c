"""A Dramatiq broker on Redis, shared by several processes and machines."""

from collections.abc import Callable, Mapping
from threading import Event, Semaphore
from typing import cast

from dramatiq import Actor, Broker, Message, Worker
from dramatiq.broker import Consumer
from dramatiq.errors import BrokerError, ConnectionFailed
from dramatiq.middleware import Middleware
from redis import RedisError

from adapters.taskqueue.outage_log import RedisOutage
from adapters.taskqueue.redis_consumer import RedisConsumer
from adapters.taskqueue.redis_messages import RedisMessages
from adapters.taskqueue.redis_settings import redis_client
from domain.model.jobs.payloads import QueueName

# How often an idle worker polls each queue: a job starts within 50 ms, for about one percent of a core.
POLL_S = 0.04

# The library's class has no type annotations.
_connection_failed = cast("Callable[[RedisError], BrokerError]", ConnectionFailed)


class TelecineRedisBroker(Broker):
    """Queues in Redis; a queue's concurrency limits how many of its messages this process handles at once.

    - A message leaves Redis when a worker takes it. If the worker is lost, its lease in the jobs table expires and the
      sweep sends the message again, so Redis needs neither a record of running messages nor a heartbeat.
    - A message that is waiting is not added again, however often the sweep sends it.
    - A worker that is stopping takes no more messages; those of the jobs it stops go to the front of the queue.
    - Redis may be unavailable, unresponsive, full or restarted: a worker logs it once and continues when it can.
    """

    def __init__(self, url: str, concurrency: Mapping[QueueName, int], middleware: list[Middleware]) -> None:
        self._stopping = Event()
        # First in the list, because no message may be taken while the running jobs are drained.
        super().__init__([_StopConsuming(self._stopping), *middleware])
        self._client = redis_client(url)
        self._messages = RedisMessages(self._client)
        self._outage = RedisOutage("taking jobs")
        self._free_slots = {queue.value: Semaphore(limit) for queue, limit in concurrency.items()}
        for queue_name in self._free_slots:
            self.declare_queue(queue_name)

    def declare_queue(self, queue_name: str) -> None:
        """Declare a queue without a second one for delayed messages: only the jobs table delays."""
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues[queue_name] = None
            self.emit_after("declare_queue", queue_name)

    def enqueue(self, message: Message[None], *, delay: int | None = None) -> Message[None]:
        """Add a message to its queue, unless one with its id is waiting.

        Raises:
            ValueError: a delay is given; only the jobs table delays.
            ConnectionFailed: Redis is unavailable, or rejected the message.
        """
        if delay is not None:
            raise ValueError("Redis does not delay messages: set the job's `run_after`.")
        self.emit_before("enqueue", message, delay)
        try:
            self._messages.put(message.queue_name, message.message_id, message.encode())
        except RedisError as error:
            raise _connection_failed(error) from error
        self.emit_after("enqueue", message, delay)
        return message

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 40) -> Consumer:
        """Consume one queue; its concurrency replaces `prefetch`, and `POLL_S` replaces `timeout`."""
        free_slots = self._free_slots.setdefault(queue_name, Semaphore(prefetch))
        find_actor = cast("Callable[[str], Actor[[str], None]]", self.get_actor)
        return RedisConsumer(
            queue_name, find_actor, self._messages, free_slots, self._stopping, self._outage, poll_s=POLL_S
        )

    def close(self) -> None:
        """Close every connection."""
        self._client.close()


class _StopConsuming(Middleware):
    def __init__(self, stopping: Event) -> None:
        self._stopping = stopping

    def before_worker_shutdown(self, broker: Broker, worker: Worker) -> None:
        self._stopping.set()
