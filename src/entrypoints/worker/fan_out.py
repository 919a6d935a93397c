"""Turns new events into deliveries of webhooks: at each hint of the event bus, and at every sweep."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress

import structlog

from adapters.aio.outage_log import OutageLog
from domain.model.errors import Unavailable
from domain.ports.event_bus import BusMessage, EventBus, EventsWritten
from domain.use_cases.webhooks.fan_out_events import FanOutEvents

_logger = structlog.get_logger("telecine.worker")


async def keep_fanning_out(fan_out: FanOutEvents, bus: EventBus, *, every_s: float) -> None:
    """Fan out until cancelled; an error ends one run, not the loop, and is logged once while it recurs."""
    hint = asyncio.Event()
    listening = asyncio.create_task(_listen(bus, hint))
    outage = OutageLog(_logger, began_event="fan_out_paused", ended_event="fan_out_resumed", level=logging.WARNING)
    try:
        while True:
            hint.clear()
            try:
                await fan_out()
                outage.succeeded()
            except Unavailable as error:
                outage.failed(code=error.code, detail=error.detail)
            except Exception:
                _logger.exception("fan_out_failed")
            with suppress(TimeoutError):
                await asyncio.wait_for(hint.wait(), every_s)
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def _listen(bus: EventBus, hint: asyncio.Event) -> None:
    async with bus.subscribe() as messages:
        await _set_at_each(messages, hint)


async def _set_at_each(messages: AsyncIterator[BusMessage], hint: asyncio.Event) -> None:
    async for message in messages:
        if isinstance(message, EventsWritten):
            hint.set()
