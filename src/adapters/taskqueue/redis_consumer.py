"""Takes the messages of one queue out of Redis, for Dramatiq's worker."""

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

from adapters.taskqueue.redis_messages import RedisMessages
from adapters.taskqueue.redis_outage import RedisOutage

# How soon a Redis that was away is asked again.
RECONNECT_S = 1.0
SHOWN_BYTES = 200

_logger = structlog.get_logger("telecine.queue")


class _Received(msgspec.Struct):
    """What has to be in a message; whatever else is there is nothing to us."""

    actor_name: str
    args: tuple[str]


@dataclass(frozen=True, slots=True)
class RedisConsumer(Consumer):
    """One queue's way from Redis to the worker's threads; `room` is how many more of its messages these can take.

    Nothing that is in Redis, and nothing that Redis does, may end or stop it: Dramatiq's own way out of an error
    is to begin again with no memory of what is in work.
    """

    queue_name: str
    find_actor: Callable[[str], Actor[[str], None]]
    messages: RedisMessages
    room: Semaphore
    stopping: Event
    outage: RedisOutage
    poll_s: float

    def __next__(self) -> MessageProxy | None:
        """The next message, or None after a while, which Dramatiq uses to look whether to go on."""
        if self.stopping.is_set():
            sleep(self.poll_s)
            return None
        if not self.room.acquire(timeout=self.poll_s):
            return None
        message = None
        try:
            # The room may be there because the worker is ending what it does.
            message = None if self.stopping.is_set() else self._taken()
        finally:
            if message is None:
                self.room.release()
        return message

    def ack(self, message: MessageProxy) -> None:
        """Make room; who is stopping may not have done the job, so the next worker gets to look at it."""
        if self.stopping.is_set():
            self.requeue([message])
        self.room.release()

    def nack(self, message: MessageProxy) -> None:
        """Make room: whatever went wrong, the job's row says what comes next."""
        self.ack(message)

    def requeue(self, messages: Iterable[MessageProxy]) -> None:
        """Put back what was taken; if Redis is away, the sweep sends it again."""
        for message in messages:
            try:
                self.messages.put_back(self.queue_name, message.message_id, message.encode())
            except RedisError as error:
                self.outage.begins(error)

    def _taken(self) -> MessageProxy | None:
        try:
            message = self.messages.take(self.queue_name)
        except RedisError as error:
            self.outage.begins(error)
            self.stopping.wait(RECONNECT_S)
            return None
        self.outage.ends()
        if message is None:
            self.stopping.wait(self.poll_s)
            return None
        return self._read(message)

    def _read(self, message: bytes) -> MessageProxy | None:
        """Hand on what one of our actors can take, and drop the rest: if a job waits for it, the sweep sends anew."""
        try:
            return MessageProxy(self._checked(msgspec.json.decode(message, type=_Received)))
        except (msgspec.MsgspecError, UnicodeDecodeError, ActorNotFound, LookupError) as error:
            _logger.warning(
                "message_dropped", queue=self.queue_name, error=str(error), message=repr(message[:SHOWN_BYTES])
            )
            return None

    def _checked(self, received: _Received) -> Message[None]:
        """The message with nothing in it but what `DramatiqJobQueue` puts there.

        Raises:
            ActorNotFound: nobody here does that.
            LookupError: it has come to the wrong queue.
        """
        actor = self.find_actor(received.actor_name)
        if actor.queue_name != self.queue_name:
            raise LookupError(f"{received.actor_name!r} is no actor of this queue.")
        (job_id,) = received.args
        return Message[None](
            queue_name=self.queue_name,
            actor_name=received.actor_name,
            args=received.args,
            kwargs={},
            options={},
            message_id=job_id,
        )
