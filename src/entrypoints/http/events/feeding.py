"""Runs the feed of the event streams while the server runs."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import structlog

from domain.use_cases.events.event_feed import EventFeed

RESTART_AFTER_S = 1.0

_logger = structlog.get_logger("telecine.events")


@asynccontextmanager
async def feeding(feed: EventFeed) -> AsyncGenerator[None]:
    """Run the feed inside the block, and end all streams at its end."""
    task = asyncio.create_task(_run(feed))
    try:
        yield
    finally:
        feed.stop()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _run(feed: EventFeed) -> None:
    """Run the feed again after an unexpected error: the streams of this process depend on it."""
    while True:
        try:
            await feed.run()
        except Exception:
            _logger.exception("event_feed_failed")
        await asyncio.sleep(RESTART_AFTER_S)
