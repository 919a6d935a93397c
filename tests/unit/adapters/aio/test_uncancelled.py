import asyncio
import threading
from collections.abc import Callable

import pytest

from adapters.aio.uncancelled import finish, finish_in_thread

pytestmark = pytest.mark.anyio


async def test_the_result_is_returned() -> None:
    """Without a cancellation it is an ordinary call."""
    assert await finish_in_thread(lambda: 5) == 5


async def test_an_error_is_raised() -> None:
    """It is the error of the work, unchanged."""
    with pytest.raises(ZeroDivisionError):
        await finish_in_thread(lambda: 1 // 0)


@pytest.mark.parametrize("cancellations", [1, 3])
async def test_a_cancelled_caller_waits_for_the_thread(cancellations: int) -> None:
    """Every cancellation is held back until the work has ended."""
    release, ended = threading.Event(), threading.Event()

    def work() -> None:
        release.wait()
        ended.set()

    caller = asyncio.create_task(finish_in_thread(work))
    for _ in range(cancellations):
        await _turns()
        caller.cancel()
    await _turns()
    assert not caller.done()
    release.set()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert ended.is_set()


async def test_a_cancellation_can_stop_the_work_early() -> None:
    """`on_cancel` is called while the caller still waits."""
    stop = threading.Event()
    caller = asyncio.create_task(finish_in_thread(lambda: stop.wait(60), on_cancel=stop.set))
    await _turns()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller


@pytest.mark.parametrize(("end", "cause"), [(lambda: 1 // 0, ZeroDivisionError), (lambda: 1, type(None))])
async def test_an_error_after_a_cancellation_is_its_cause(end: Callable[[], int], cause: type) -> None:
    """The cancellation wins, and the error is not lost."""
    stop = asyncio.Event()

    async def work() -> int:
        await stop.wait()
        return end()

    caller = asyncio.create_task(finish(work(), on_cancel=stop.set))
    await _turns()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError) as caught:
        await caller
    assert isinstance(caught.value.__cause__, cause)


async def _turns() -> None:
    """Let every task that is ready run until it waits."""
    for _ in range(5):
        await asyncio.sleep(0)
