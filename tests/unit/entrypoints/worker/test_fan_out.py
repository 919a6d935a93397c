"""Workers fan out events at each hint, and at every sweep."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from domain.model.errors import Unavailable
from domain.model.stage import StageName
from domain.model.videos.events import EventType
from domain.ports.event_bus import EventsWritten, StageProgress
from domain.use_cases.webhooks.fan_out_events import FanOutEvents
from entrypoints.worker.fan_out import keep_fanning_out
from tests.support.builders import VIDEO_ID
from tests.support.world import ADA, World, open_world, until
from tests.unit.use_cases.webhooks.hooking import deliveries, happen, hook

pytestmark = pytest.mark.anyio


@pytest.fixture
async def world(tmp_path: Path) -> AsyncGenerator[World]:
    """An empty world over fakes."""
    async with open_world(tmp_path) as opened:
        yield opened


@asynccontextmanager
async def _fanning_out(world: World, *, every_s: float) -> AsyncGenerator[None]:
    task = asyncio.create_task(keep_fanning_out(world.application.webhooks.fan_out, world.bus, every_s=every_s))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_hint_is_followed_at_once(world: World) -> None:
    """The next sweep is an hour away; percentages are no hints."""
    endpoint = await hook(world)
    async with _fanning_out(world, every_s=3600):
        await until(lambda: bool(world.bus._subscribers))
        for expected in (1, 2):
            await happen(world, EventType.VIDEO_COMPLETED)
            await world.bus.publish(StageProgress(VIDEO_ID, ADA, StageName.COMPRESS, 5.0, 1))
            await until(lambda: len(world.database._committed.webhook_deliveries) == expected)  # noqa: B023
    assert len(await deliveries(world, endpoint)) == 2


async def test_lost_hints_only_delay(world: World) -> None:
    """The sweep finds the events."""
    await hook(world)
    world.bus.is_down = True
    async with _fanning_out(world, every_s=0.01):
        await happen(world, EventType.VIDEO_COMPLETED)
        await until(lambda: len(world.database._committed.webhook_deliveries) == 1)


async def test_an_error_ends_one_run(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An outage is logged once, a bug with its traceback; both are followed by another run."""
    outage = Unavailable("down", code="database_unavailable")
    errors: list[Exception] = [outage, outage, outage, KeyError("a bug")]
    fan_out = FanOutEvents.__call__

    async def failing(self: FanOutEvents) -> int:
        if errors:
            raise errors.pop(0)
        return await fan_out(self)

    monkeypatch.setattr(FanOutEvents, "__call__", failing)
    await hook(world)
    async with _fanning_out(world, every_s=0.01):
        await happen(world, EventType.VIDEO_COMPLETED)
        await world.bus.publish(EventsWritten())
        log = ""
        while "fan_out_resumed" not in log:
            await asyncio.sleep(0.01)
            log += capsys.readouterr().out
    assert len(world.database._committed.webhook_deliveries) == 1
    assert [log.count(each) for each in ("fan_out_paused", "fan_out_resumed", "fan_out_failed")] == [1, 1, 1]
