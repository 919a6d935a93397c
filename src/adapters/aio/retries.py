"""Repeating a failed call to a server, by the Clock port's time."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt, wait_chain, wait_fixed

from domain.model.errors import Unavailable
from domain.ports.clock import Clock

T = TypeVar("T")


async def repeat(
    call: Callable[[], Awaitable[T]],
    *,
    waits_s: Sequence[float],
    is_passing: Callable[[Unavailable], bool],
    clock: Clock,
) -> T:
    """Make the call, and once more after each wait, as long as its error is a passing one; then raise that error.

    If the server has named a longer time (`retry_after_s`), that is the wait.
    """
    planned = wait_chain(*map(wait_fixed, waits_s))

    def is_retryable(error: BaseException) -> bool:
        return isinstance(error, Unavailable) and is_passing(error)

    def wait_s(state: RetryCallState) -> float:
        error = state.outcome and state.outcome.exception()
        named_s = error.retry_after_s if isinstance(error, Unavailable) else None
        return max(planned(state), named_s or 0.0)

    retrying = AsyncRetrying(
        sleep=clock.sleep,
        retry=retry_if_exception(is_retryable),
        wait=wait_s,
        stop=stop_after_attempt(len(waits_s) + 1),
        reraise=True,
    )

    async def call_once() -> T:  # The library only awaits what is a coroutine function by itself.
        return await call()

    return await retrying(call_once)
