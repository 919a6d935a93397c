"""Deleting old events from the log."""

import pytest

from domain.model.ids import VideoId
from domain.model.videos.events import EventType
from domain.model.webhooks.endpoint import EndpointChanges
from domain.use_cases.retention.delete_old_events import BATCH
from tests.support.builders import NOW, a_uuid, a_video
from tests.support.cleaning import clean
from tests.support.world import ADA, World
from tests.unit.use_cases.webhooks.hooking import deliver, deliveries, happen, hook

pytestmark = pytest.mark.anyio

DAY_S = 24 * 3600


async def _log(world: World) -> list[EventType]:
    async with world.database.read() as work:
        return [each.event.type for each in await work.events.after(0, limit=2 * BATCH)]


async def test_events_are_deleted_after_thirty_days(world: World) -> None:
    """Younger ones stay; a preview counts the same events and deletes none."""
    video = await world.upload()
    world.clock.advance(30 * DAY_S)
    await world.run_jobs()
    assert (await clean(world)).deleted_events == 0
    world.clock.advance(1)
    assert (await world.application.clean_up.preview()).deleted_events == 1
    assert EventType.UPLOAD_COMPLETED in await _log(world)
    assert (await clean(world)).deleted_events == 1
    assert (await _log(world))[0] is EventType.VIDEO_PROCESSING
    async with world.database.read() as work:
        assert await work.events.deleted_through() == 1
        assert [each.event.seq for each in await work.events.of_video(video.id, after_seq=0, limit=1)] == [2]


async def test_old_events_are_deleted_even_if_nothing_has_read_the_log(world: World) -> None:
    """All of them, however many batches that takes, and without the batches of a later time."""
    async with world.database.write() as work:
        for number in range(BATCH + 1):
            await work.events.append(*a_video(id=VideoId(a_uuid(number))).uploaded(etag="e", now=NOW).pending_events)
    world.clock.advance(31 * DAY_S)
    video = await world.upload()
    assert (await clean(world)).deleted_events == BATCH + 1
    assert await _log(world) == [EventType.UPLOAD_COMPLETED]
    await world.run_jobs()
    assert (await world.video(video.id)).event_seq > 1


async def test_events_wait_for_webhooks(world: World) -> None:
    """Workers that were away for longer than the retention lose none; a disabled webhook holds nothing back."""
    endpoint = await hook(world)
    await happen(world, EventType.VIDEO_COMPLETED, EventType.VIDEO_FAILED)
    world.clock.advance(31 * DAY_S)
    assert (await world.application.clean_up.preview()).deleted_events == 0
    assert (await clean(world)).deleted_events == 0
    await deliver(world)
    assert [each.event_type for each in await deliveries(world, endpoint)] == ["video.completed", "video.failed"]
    assert (await world.application.clean_up.preview()).deleted_events == 2
    assert (await clean(world)).deleted_events == 2
    await happen(world, EventType.VIDEO_DELETED)
    await world.application.webhooks.edit(ADA, endpoint.id, EndpointChanges(enabled=False))
    world.clock.advance(31 * DAY_S)
    assert (await clean(world)).deleted_events == 1
