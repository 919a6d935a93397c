import pytest

from adapters.aio.retries import repeat
from adapters.fakes.clock import FakeClock
from domain.model.errors import Rejected, Unavailable
from tests.support.builders import NOW

pytestmark = pytest.mark.anyio

WAITS_S = (1.0, 3.0)


class Server:
    """A server that fails with these errors, one after the other, and then answers."""

    def __init__(self, *errors: Exception) -> None:
        self.clock = FakeClock(NOW, auto=True)
        self.errors = list(errors)
        self.calls = 0

    async def answer(self) -> int:
        """The number of the call."""
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return self.calls

    async def repeated(self) -> int:
        """Call the server, and retry on retryable errors."""
        return await repeat(self.answer, waits_s=WAITS_S, is_transient=lambda error: error.retryable, clock=self.clock)

    @property
    def waited_s(self) -> float:
        """How long the caller has slept."""
        return (self.clock.now() - NOW).total_seconds()


@pytest.mark.parametrize(
    ("retry_afters_s", "waited_s"), [((), 0.0), ((None,), 1.0), ((None, None), 4.0), ((7.5, 0.5), 10.5)]
)
async def test_a_passing_error_means_another_call(retry_afters_s: tuple[float | None], waited_s: float) -> None:
    """The wait grows with each call; a longer wait that the server requests takes precedence."""
    server = Server(*(Unavailable("Busy.", retry_after_s=after_s) for after_s in retry_afters_s))
    assert await server.repeated() == len(retry_afters_s) + 1
    assert server.waited_s == waited_s


async def test_the_last_error_is_raised_as_it_is() -> None:
    """There is one call more than there are waits."""
    errors = [Unavailable(f"Busy {number}.") for number in range(3)]
    server = Server(*errors)
    with pytest.raises(Unavailable) as caught:
        await server.repeated()
    assert caught.value is errors[-1]
    assert (server.calls, server.waited_s) == (3, 4.0)


@pytest.mark.parametrize("error", [Unavailable("Denied.", retryable=False), Rejected("No."), ValueError("a bug")])
async def test_another_error_is_raised_at_once(error: Exception) -> None:
    """Another call would end the same way."""
    server = Server(error)
    with pytest.raises(type(error)) as caught:
        await server.repeated()
    assert (caught.value, server.calls) == (error, 1)
