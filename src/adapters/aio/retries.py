"""Repeats a failed call to a server; the waits use the Clock port."""

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
    is_transient: Callable[[Unavailable], bool],
    clock: Clock,
) -> T:
    """Make the call, and repeat it after each wait as long as its error is transient; then raise the last error.

    If the server has requested a longer wait (`retry_after_s`), that is used.
    """
    planned = wait_chain(*map(wait_fixed, waits_s))

    def is_retryable(error: BaseException) -> bool:
        return isinstance(error, Unavailable) and is_transient(error)

    def wait_s(state: RetryCallState) -> float:
        error = state.outcome and state.outcome.exception()
        requested_s = error.retry_after_s if isinstance(error, Unavailable) else None
        return max(planned(state), requested_s or 0.0)

    retrying = AsyncRetrying(
        sleep=clock.sleep,
        retry=retry_if_exception(is_retryable),
        wait=wait_s,
        stop=stop_after_attempt(len(waits_s) + 1),
        reraise=True,
    )

    # The library awaits only coroutine functions, not other callables that return an awaitable.
    async def call_once() -> T:
        return await call()

    return await retrying(call_once)
