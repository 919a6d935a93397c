"""Event buses under test, each with a way to interrupt its server."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from adapters.eventbus.memory_event_bus import MemoryEventBus
from adapters.eventbus.postgres_event_bus import postgres_event_bus
from adapters.eventbus.redis_event_bus import redis_event_bus
from adapters.fakes.event_bus import InMemoryEventBus
from domain.ports.event_bus import EventBus
from tests.services.postgres import PostgresServer
from tests.services.proxy import Proxy, running_proxy
from tests.services.redis import RunningRedis

PAUSE_S = 0.05
SILENCE_S = 0.2


@dataclass(frozen=True)
class Subject:
    """Two buses of one installation, each as in a process of its own, and a way to interrupt what joins them."""

    sender: EventBus
    receiver: EventBus
    interrupt: Callable[[], None] | None = None
    restore: Callable[[], None] | None = None


@asynccontextmanager
async def opened_subject(
    name: str, redis: Callable[[], RunningRedis], postgres: Callable[[], PostgresServer]
) -> AsyncGenerator[Subject]:
    """Two connected buses; no connection may be left."""
    match name:
        case "in_memory":
            bus = InMemoryEventBus()
            yield Subject(bus, bus, lambda: _set_down(bus, is_down=True), lambda: _set_down(bus, is_down=False))
        case "memory":
            shared = MemoryEventBus()
            yield Subject(shared, shared)
            assert not shared._mailboxes
        case "redis":
            server = redis()
            with running_proxy(f"http://127.0.0.1:{server.port}") as proxy:
                async with _redis(proxy) as subject:
                    yield subject
            assert "name=telecine" not in str(server.ask("CLIENT LIST"))
        case _:
            cluster = postgres()
            with running_proxy(f"http://127.0.0.1:{cluster.port}") as proxy:
                async with _postgres(cluster, proxy) as subject:
                    yield subject


def _set_down(bus: InMemoryEventBus, *, is_down: bool) -> None:
    bus.is_down = is_down


@asynccontextmanager
async def _redis(proxy: Proxy) -> AsyncGenerator[Subject]:
    url = proxy.url.replace("http://", "redis://") + "/0"
    async with (
        redis_event_bus(url, pause_s=PAUSE_S, silence_s=SILENCE_S) as sender,
        redis_event_bus(url, pause_s=PAUSE_S, silence_s=SILENCE_S) as receiver,
    ):
        yield Subject(sender, receiver, proxy.cut, proxy.restore)


@asynccontextmanager
async def _postgres(cluster: PostgresServer, proxy: Proxy) -> AsyncGenerator[Subject]:
    direct = f"127.0.0.1:{cluster.port}"
    url = cluster.url.replace(direct, proxy.url.removeprefix("http://"))
    async with (
        postgres_event_bus(url, pause_s=PAUSE_S, check_every_s=SILENCE_S) as sender,
        postgres_event_bus(url, pause_s=PAUSE_S, check_every_s=SILENCE_S) as receiver,
    ):
        yield Subject(sender, receiver, proxy.cut, proxy.restore)
