"""Takes the messages of one queue from Redis for Dramatiq's worker."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Event, Semaphore
from time import sleep

import msgspec
import structlog
from dramatiq import Actor, Message
from dramatiq.broker import Consumer, MessageProxy
from dramatiq.errors import ActorNotFound
from redis import RedisError

from adapters.taskqueue.outage_log import RedisOutage
from adapters.taskqueue.redis_messages import RedisMessages

# How long to wait before an unavailable Redis is tried again.
RECONNECT_S = 1.0
LOGGED_BYTES = 200

_logger = structlog.get_logger("telecine.queue")


class _Received(msgspec.Struct):
    """The required fields of a message; all others are ignored."""

    actor_name: str
    args: tuple[str]


@dataclass(frozen=True, slots=True)
class RedisConsumer(Consumer):
    """Passes one queue's messages from Redis to the worker's threads.

    `free_slots` is the number of messages that the threads can still take.

    Neither an invalid message nor a failure of Redis raises an error: Dramatiq would start a new consumer, which does
    not know the messages that are being processed.
    """

    queue_name: str
    find_actor: Callable[[str], Actor[[str], None]]
    messages: RedisMessages
    free_slots: Semaphore
    stopping: Event
    outage: RedisOutage
    poll_s: float

    def __next__(self) -> MessageProxy | None:
        """The next message, or None after a while, so that Dramatiq can check whether to stop."""
        if self.stopping.is_set():
            sleep(self.poll_s)
            return None
        if not self.free_slots.acquire(timeout=self.poll_s):
            return None
        message = None
        try:
            # The slot may be free because the worker is stopping its jobs.
            message = None if self.stopping.is_set() else self._take()
        finally:
            if message is None:
                self.free_slots.release()
        return message

    def ack(self, message: MessageProxy) -> None:
        """Free a slot; while stopping, the job may be unfinished, so the message goes back to the queue."""
        if self.stopping.is_set():
            self.requeue([message])
        self.free_slots.release()

    def nack(self, message: MessageProxy) -> None:
        """Free a slot; after a failure, the job's row determines what happens next."""
        self.ack(message)

    def requeue(self, messages: Iterable[MessageProxy]) -> None:
        """Put messages back; if Redis is unavailable, the sweep sends them again."""
        for message in messages:
            try:
                self.messages.put_back(self.queue_name, message.message_id, message.encode())
            except RedisError as error:
                self.outage.failed(error)

    def _take(self) -> MessageProxy | None:
        try:
            message = self.messages.take(self.queue_name)
        except RedisError as error:
            self.outage.failed(error)
            self.stopping.wait(RECONNECT_S)
            return None
        self.outage.succeeded()
        if message is None:
            self.stopping.wait(self.poll_s)
            return None
        return self._decoded(message)

    def _decoded(self, message: bytes) -> MessageProxy | None:
        """The message; one that no actor of this queue can handle is dropped, and the sweep sends its job again."""
        try:
            return MessageProxy(self._checked(msgspec.json.decode(message, type=_Received)))
        except (msgspec.MsgspecError, UnicodeDecodeError, ActorNotFound, LookupError) as error:
            _logger.warning(
                "message_dropped", queue=self.queue_name, error=str(error), message=repr(message[:LOGGED_BYTES])
            )
            return None

    def _checked(self, received: _Received) -> Message[None]:
        """A message with only the fields that `job_message` sets.

        Raises:
            ActorNotFound: no actor has this name.
            LookupError: the actor belongs to another queue.
        """
        actor = self.find_actor(received.actor_name)
        if actor.queue_name != self.queue_name:
            raise LookupError(f"{received.actor_name!r} is not an actor of this queue.")
        (job_id,) = received.args
        return Message[None](
            queue_name=self.queue_name,
            actor_name=received.actor_name,
            args=received.args,
            kwargs={},
            options={},
            message_id=job_id,
        )
