"""Messages on their way to a server."""

import asyncio

import pytest
import structlog

from adapters.eventbus.pauses import Pause
from adapters.eventbus.publisher import Publisher
from domain.model.ids import UserId, VideoId
from domain.model.stage import StageName
from domain.ports.event_bus import EventsWritten, StageProgress

pytestmark = pytest.mark.anyio

PROGRESS = StageProgress(VideoId("a-video"), UserId("ada"), StageName.COMPRESS, 1.0, 1)


class Server:
    """Takes one message at a time, when `gate` is open; `fault` is raised instead."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.fault: Exception | None = None
        self.received: list[bytes] = []
        self.calls = 0

    async def take(self, text: bytes) -> None:
        """Receive a message."""
        self.calls += 1
        await self.gate.wait()
        if self.fault is not None:
            raise self.fault
        self.received.append(text)


def _publisher(server: Server, *, max_wait_s: float = 60.0, pause_s: float = 60.0) -> Publisher:
    return Publisher(server.take, Pause("test", pause_s=pause_s), max_wait_s=max_wait_s, errors=(OSError,))


async def test_waiting_hints_are_one() -> None:
    """Except for the one that is being sent: it may have been read before the later commits."""
    server = Server()
    publisher = _publisher(server)
    hints = [asyncio.ensure_future(publisher.publish(EventsWritten())) for _ in range(20)]
    await asyncio.sleep(0)
    server.gate.set()
    await asyncio.gather(*hints)
    assert len(server.received) == 2
    await publisher.publish(PROGRESS)
    await publisher.publish(EventsWritten())
    assert len(server.received) == 4


async def test_a_cancelled_hint_blocks_no_other() -> None:
    """The next hint is sent although the cancelled one was waiting."""
    server = Server()
    publisher = _publisher(server)
    first = asyncio.ensure_future(publisher.publish(PROGRESS))
    await asyncio.sleep(0)
    waiting = asyncio.ensure_future(publisher.publish(EventsWritten()))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    server.gate.set()
    await asyncio.gather(first, publisher.publish(EventsWritten()))
    assert len(server.received) == 2


async def test_an_outage_costs_one_wait() -> None:
    """After a failure, also one for lack of time, messages are dropped until the pause ends; it is logged once."""
    server = Server()
    with structlog.testing.capture_logs() as logs:
        publisher = _publisher(server, max_wait_s=0.01, pause_s=0.05)
        for _ in range(5):
            await publisher.publish(PROGRESS)
        assert server.calls == 1
        server.gate.set()
        while not server.received:
            await publisher.publish(PROGRESS)
            await asyncio.sleep(0.01)
    assert [line["event"] for line in logs] == ["event_bus_unavailable", "event_bus_available"]
