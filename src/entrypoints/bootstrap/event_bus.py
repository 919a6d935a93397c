"""Opens the event bus."""

from contextlib import AsyncExitStack

from adapters.eventbus.memory_event_bus import MemoryEventBus
from domain.ports.event_bus import EventBus
from entrypoints.bootstrap.database import postgres_config
from entrypoints.config.settings import Settings


def make_shared_bus() -> EventBus:
    """Make a bus for the API and the worker of one process, whose event loops differ."""
    return MemoryEventBus()


async def open_event_bus(settings: Settings, *, shared: EventBus | None, stack: AsyncExitStack) -> EventBus:
    """Open the bus between all processes: over Redis, or else over Postgres.

    With SQLite and without Redis it is `shared`, or a bus of this process alone; other processes then see events when
    they read the log.
    """
    if settings.job_queue.redis_url is not None:
        from adapters.eventbus.redis_event_bus import redis_event_bus

        return await stack.enter_async_context(redis_event_bus(settings.job_queue.redis_url.reveal()))
    if not settings.database.is_embedded:
        from adapters.eventbus.postgres_event_bus import postgres_event_bus

        return await stack.enter_async_context(postgres_event_bus(postgres_config(settings.database).dsn))
    return shared if shared is not None else make_shared_bus()
