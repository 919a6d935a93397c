import asyncio

import pytest

from domain.use_cases.events.signal import Signal

pytestmark = pytest.mark.anyio


async def test_a_signal_before_the_wait_counts_once() -> None:
    """However often it was set."""
    signal = Signal()
    signal.set()
    signal.set()
    assert await signal.wait(60)
    assert not await signal.wait(0.001)


async def test_a_waiter_is_woken() -> None:
    """Also twice at the same moment, and also after an earlier wait was cancelled."""
    signal = Signal()
    cancelled = asyncio.ensure_future(signal.wait(60))
    await asyncio.sleep(0)
    cancelled.cancel()
    await asyncio.gather(cancelled, return_exceptions=True)
    waiting = asyncio.ensure_future(signal.wait(60))
    await asyncio.sleep(0)
    signal.set()
    signal.set()
    assert await waiting
