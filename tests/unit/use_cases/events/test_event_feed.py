import asyncio
from collections.abc import AsyncGenerator

import pytest

from domain.model.errors import TooManyStreams, Unavailable
from domain.model.ids import UserId, VideoId
from domain.model.stage import StageName
from domain.ports.event_bus import StageProgress
from domain.use_cases.events.event_feed import EventFeed
from domain.use_cases.events.messages import EndReason
from tests.support.world import ADA, World, until

pytestmark = pytest.mark.anyio

BOB = UserId("bob")
LIMIT = 3


@pytest.fixture
async def feed(world: World) -> AsyncGenerator[EventFeed]:
    """A feed that reads the log of the world at short intervals."""
    feed = EventFeed(world.database, world.bus, max_streams_per_user=LIMIT, poll_every_s=0.01)
    task = asyncio.create_task(feed.run())
    await asyncio.sleep(0)
    yield feed
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_events_go_to_the_video_and_to_its_owner(world: World, feed: EventFeed) -> None:
    """Not to streams of other videos or users."""
    video, other = await world.upload(), await world.upload()
    async with world.database.write() as work:
        await work.events.settle()
    own, all_own, of_other = [await feed.subscribe(ADA, target) for target in (video.id, None, other.id)]
    foreign = [await feed.subscribe(BOB, target) for target in (video.id, None)]
    await world.application.delete_video(ADA, video.id)
    await until(lambda: bool(own._events and all_own._events))
    assert [logged.event.video_id for logged in own.take_events()] == [video.id]
    assert [logged.event.video_id for logged in all_own.take_events()] == [video.id]
    assert not any(subscription.take_events() for subscription in (of_other, *foreign))
    await world.bus.publish(StageProgress(video.id, ADA, StageName.COMPRESS, 1.0, 1))
    await until(lambda: bool(own._progress and all_own._progress))
    assert not any(subscription.take_progress() for subscription in (of_other, *foreign))


async def test_lost_hints_lose_no_event(world: World, feed: EventFeed) -> None:
    """The log is read at intervals, also by a process whose predecessor was killed between commit and hint."""
    world.bus.is_down = True
    subscription = await feed.subscribe(ADA)
    await world.upload()
    await until(lambda: bool(subscription._events))


async def test_without_streams_nothing_is_read(world: World, feed: EventFeed) -> None:
    """The next stream starts at the end of the log, however much has happened in between."""
    subscription = await feed.subscribe(ADA)
    feed.unsubscribe(subscription)
    feed.unsubscribe(subscription)
    await world.upload_and_process()
    assert feed._position is None
    async with world.database.write() as work:
        assert await work.events.has_unsettled()
        await work.events.settle()
    later = await feed.subscribe(ADA)
    await world.upload()
    await until(lambda: bool(later._events))
    assert [logged.event.seq for logged in later.take_events()] == [1]


async def test_a_user_has_a_limited_number_of_streams(feed: EventFeed) -> None:
    """Whichever videos they follow."""
    opened = [await feed.subscribe(ADA, VideoId(f"video-{number}")) for number in range(LIMIT)]
    with pytest.raises(TooManyStreams):
        await feed.subscribe(ADA)
    await feed.subscribe(BOB)
    feed.unsubscribe(opened[0])
    await feed.subscribe(ADA)
    assert feed.stream_count == LIMIT + 1


async def test_a_stopped_feed_ends_streams_and_accepts_none(feed: EventFeed) -> None:
    """Clients connect to another process."""
    subscription = await feed.subscribe(ADA)
    feed.stop()
    assert subscription.end is EndReason.STOPPING
    with pytest.raises(Unavailable) as failure:
        await feed.subscribe(ADA)
    assert failure.value.code == "stopping"


async def test_an_outage_of_the_database_is_survived(world: World, feed: EventFeed) -> None:
    """A stream cannot be opened, open streams stay, and what happened comes afterwards."""
    subscription = await feed.subscribe(ADA)
    world.database.is_down = True
    with pytest.raises(Unavailable):
        await EventFeed(world.database, world.bus, max_streams_per_user=LIMIT).subscribe(ADA)
    await asyncio.sleep(0.05)
    world.database.is_down = False
    await world.upload()
    await until(lambda: bool(subscription._events))
