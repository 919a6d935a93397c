"""Events become deliveries, each once for each endpoint that wants it."""

import pytest

from domain.model.ids import UserId, VideoId
from domain.model.videos.events import EventType
from domain.use_cases.webhooks import fan_out_events
from tests.support.world import ADA, World
from tests.unit.use_cases.webhooks.hooking import deliver, deliveries, happen, hook

pytestmark = pytest.mark.anyio

GRACE = UserId("grace")


async def test_the_events_of_an_upload_arrive(world: World) -> None:
    """From the upload to the end of processing, in order, with the video's state."""
    endpoint = await hook(world)
    video = await world.upload_and_process()
    await deliver(world)
    received = await deliveries(world, endpoint)
    assert received[0].event_type == "upload.completed"
    assert "video.completed" in [each.event_type for each in received]
    assert {each.video_id for each in received} == {video.id}
    assert {message.message_id for message in world.sender.sent} == {each.message_id for each in received}


async def test_an_endpoint_gets_what_it_wants(world: World) -> None:
    """Of its owner only."""
    everything, some, foreign = (
        await hook(world),
        await hook(world, "video.failed"),
        await hook(world, owner=GRACE),
    )
    await happen(world, EventType.VIDEO_COMPLETED, EventType.VIDEO_FAILED)
    await happen(world, EventType.VIDEO_DELETED, owner=GRACE)
    assert await world.application.webhooks.fan_out() == 4
    assert [each.event_type for each in await deliveries(world, everything)] == ["video.completed", "video.failed"]
    assert [each.event_type for each in await deliveries(world, some)] == ["video.failed"]
    assert [each.event_type for each in await deliveries(world, foreign)] == ["video.deleted"]


async def test_no_event_is_turned_into_deliveries_twice(world: World) -> None:
    """A second run finds nothing."""
    endpoint = await hook(world)
    await happen(world, EventType.VIDEO_COMPLETED)
    assert [await world.application.webhooks.fan_out() for _ in range(2)] == [1, 0]
    assert len(await deliveries(world, endpoint)) == 1


async def test_a_long_log_is_read_to_its_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """In batches; those without a receiver count, too."""
    monkeypatch.setattr(fan_out_events, "BATCH", 3)
    await happen(world, *[EventType.VIDEO_COMPLETED] * 7)
    assert await world.application.webhooks.fan_out() == 0
    endpoint = await hook(world)
    await happen(world, *[EventType.VIDEO_COMPLETED] * 10)
    assert await world.application.webhooks.fan_out() == 10
    assert len(await deliveries(world, endpoint)) == 10


async def test_the_job_is_sent_at_once(world: World) -> None:
    """Unless it is running: then its worker looks for more before it stops."""
    endpoint = await hook(world)
    await happen(world, EventType.VIDEO_COMPLETED)
    await world.application.webhooks.fan_out()
    assert [job.id for job in world.queue.sent] == [endpoint.id]
    job = world.queue.sent.pop()
    async with world.database.write() as work:
        await work.jobs.claim(job.id, lease_s=60)
    await happen(world, EventType.VIDEO_COMPLETED)
    assert await world.application.webhooks.fan_out() == 1
    assert world.queue.sent == []


async def test_another_process_may_be_at_work(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It holds the position; this one leaves the events to it."""
    endpoint = await hook(world)
    await happen(world, EventType.VIDEO_COMPLETED)

    async def locked(_: object) -> None:
        return None

    async with world.database.read() as work:
        repository = type(work.webhook_deliveries)
    with monkeypatch.context() as patched:
        patched.setattr(repository, "lock_position", locked)
        assert await world.application.webhooks.fan_out() == 0
    assert await deliveries(world, endpoint) == []
    assert await world.application.webhooks.fan_out() == 1


async def test_an_endpoint_that_has_just_been_deleted_gets_nothing(world: World) -> None:
    """Its job is gone."""
    endpoint = await hook(world)
    await happen(world, EventType.VIDEO_COMPLETED)
    async with world.database.write() as work:
        (job,) = await work.jobs.of_video(VideoId(endpoint.id))
        await work.jobs.delete_of_video(job.video_id)
    assert await world.application.webhooks.fan_out() == 0
    assert await deliveries(world, endpoint) == []
    assert (await world.application.webhooks.list(ADA, limit=1)).entries == (endpoint,)
