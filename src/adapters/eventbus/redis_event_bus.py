"""The event bus over Redis (publish and subscribe).

Litestar's channels are not used: their backends don't reconnect after an error, and belong to one event loop.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from functools import partial
from typing import Any, Protocol, cast

from redis import RedisError
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from adapters.eventbus.codec import decode
from adapters.eventbus.pauses import PAUSE_S, Pause
from adapters.eventbus.publisher import Publisher
from domain.ports.event_bus import BusMessage, EventBus, EventsWritten

MAX_WAIT_S = 0.5
CONNECT_TIMEOUT_S = 2.0
# A connection that is silent for this long is checked with a PING, and replaced if that too has no answer.
SILENCE_S = 5.0

_ERRORS = (RedisError, OSError)


class PubSub(Protocol):
    """The methods of redis-py's class of the same name that are used here; its own are not completely typed."""

    async def subscribe(self, *channels: str) -> None: ...
    async def get_message(self, **options: float) -> dict[str, Any] | None: ...
    async def ping(self) -> object: ...
    async def aclose(self) -> None: ...


class RedisEventBus(EventBus):
    """Publishes on one channel of the server; its name has the number of the database, which Redis itself ignores."""

    def __init__(self, client: Redis, *, pause_s: float = PAUSE_S, silence_s: float = SILENCE_S) -> None:
        number = client.connection_pool.connection_kwargs.get("db") or 0
        self._channel = f"telecine:events:{number}"
        self._open = cast("Callable[[], PubSub]", client.pubsub)
        self._silence_s = silence_s
        self._receiving = Pause("redis", pause_s=pause_s)
        send = partial(cast("Callable[[str, bytes], Awaitable[object]]", client.publish), self._channel)
        self._publisher = Publisher(send, Pause("redis", pause_s=pause_s), max_wait_s=MAX_WAIT_S, errors=_ERRORS)

    async def publish(self, message: BusMessage) -> None:
        await self._publisher.publish(message)

    @asynccontextmanager
    async def subscribe(self) -> AsyncGenerator[AsyncIterator[BusMessage]]:
        pubsub = self._open()
        try:
            has_begun = await self._begin(pubsub)
            async with aclosing(self._messages(pubsub, has_begun=has_begun)) as messages:
                yield messages
        finally:
            await pubsub.aclose()

    async def _begin(self, pubsub: PubSub) -> bool:
        """Subscribe, and wait for the confirmation, after which no message is missed."""
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                await pubsub.subscribe(self._channel)
                await pubsub.get_message(timeout=CONNECT_TIMEOUT_S)
        except _ERRORS as error:
            self._receiving.failed(error)
            return False
        self._receiving.succeeded()
        return True

    async def _messages(self, pubsub: PubSub, *, has_begun: bool) -> AsyncGenerator[BusMessage]:
        while True:
            if not has_begun:
                await asyncio.sleep(self._receiving.pause_s)
                # After an error, the client would subscribe again by itself, but without a confirmation.
                await pubsub.aclose()
                has_begun = await self._begin(pubsub)
                if not has_begun:
                    continue
                yield EventsWritten()
            try:
                message = await self._received(pubsub)
            except _ERRORS as error:
                self._receiving.failed(error)
                has_begun = False
                continue
            if message is not None:
                yield decode(message)

    async def _received(self, pubsub: PubSub) -> bytes | None:
        """The next message; None if the server has only answered a PING.

        Raises:
            TimeoutError: the server does not answer.
            RedisError: the connection is broken.
        """
        message = await pubsub.get_message(timeout=self._silence_s)
        if message is None:
            async with asyncio.timeout(self._silence_s):
                await pubsub.ping()
                message = await pubsub.get_message(timeout=self._silence_s)
            if message is None:
                raise TimeoutError
        is_published = message["type"] == "message" and isinstance(message["data"], bytes)
        return message["data"] if is_published else None


@asynccontextmanager
async def redis_event_bus(
    url: str, *, pause_s: float = PAUSE_S, silence_s: float = SILENCE_S
) -> AsyncGenerator[RedisEventBus]:
    """An event bus for the running event loop; Redis may still be unavailable when it opens."""
    connect = cast("Callable[..., Redis]", Redis.from_url)
    client = connect(
        url,
        client_name="telecine",
        retry=Retry(NoBackoff(), 0),
        socket_connect_timeout=CONNECT_TIMEOUT_S,
        # Each call has its own time limit. With a limit of the socket, redis-py writes through `asyncio.wait_for`,
        # which loses a cancellation on Python 3.11: the cancelled task would continue, and its canceller wait for ever.
        socket_timeout=None,
    )
    try:
        yield RedisEventBus(client, pause_s=pause_s, silence_s=silence_s)
    finally:
        await client.aclose()
