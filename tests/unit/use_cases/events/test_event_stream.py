import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from domain.model.ids import VideoId
from domain.model.stage import StageName
from domain.model.videos.events import Event, EventType, LoggedEvent
from domain.ports.event_bus import EventsWritten, StageProgress
from domain.use_cases.events.event_stream import RETRY_S, EventStream, StreamOptions
from domain.use_cases.events.messages import (
    End,
    EndReason,
    Ping,
    Reset,
    ResetReason,
    StreamedEvent,
    StreamMessage,
    UserSnapshot,
    VideoSnapshot,
)
from domain.use_cases.events.sources import PAGE, EventPage, EventSource
from domain.use_cases.events.subscription import MAX_EVENTS, Subscription
from tests.support.builders import a_failure
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio

MANY = 5 * PAGE


@pytest.fixture
async def feeding(world: World) -> AsyncGenerator[World]:
    """A world whose feed runs."""
    task = asyncio.create_task(world.application.events.feed.run())
    yield world
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert world.application.events.feed.stream_count == 0


@asynccontextmanager
async def following(
    world: World, video_id: VideoId, **options: object
) -> AsyncGenerator[tuple[EventStream, AsyncGenerator[StreamMessage]]]:
    """A stream of the video and its messages."""
    stream = await world.application.events.follow_video(ADA, video_id, StreamOptions(**options))  # pyright: ignore[reportArgumentType]
    async with aclosing(stream.messages()) as messages:
        yield stream, messages
    stream.close()


async def happen(world: World, video_id: VideoId, count: int) -> None:
    """Let this many events happen to the video, in one transaction."""
    async with world.database.write() as work:
        video = await work.videos.get(video_id)
        numbers = range(video.event_seq + 1, video.event_seq + 1 + count)
        events = tuple(
            Event(EventType.CAPTIONS_REPLACED, ADA, world.clock.now(), video_id, number, video.status)
            for number in numbers
        )
        await work.videos.save(replace(video, event_seq=video.event_seq + count, pending_events=events))


async def settle(world: World) -> None:
    """Give positions, and let the feed read them."""
    async with world.database.write() as work:
        while await work.events.settle():
            pass
    await world.bus.publish(EventsWritten())
    for _ in range(50):
        await asyncio.sleep(0)


async def collect(messages: AsyncGenerator[StreamMessage], count: int) -> list[StreamMessage]:
    """The next messages, without pings."""
    found: list[StreamMessage] = []
    async with asyncio.timeout(60):
        while len(found) < count:
            message = await anext(messages)
            if not isinstance(message, Ping):
                found.append(message)
    return found


def numbers_of(messages: list[StreamMessage]) -> list[int]:
    """The cursors of the events."""
    return [message.cursor for message in messages if isinstance(message, StreamedEvent)]


async def test_a_video_with_thousands_of_events_is_replayed_in_order(feeding: World) -> None:
    """Page by page, while more of them happen; each exactly once."""
    video = await feeding.upload()
    await happen(feeding, video.id, MANY)
    await settle(feeding)
    async with following(feeding, video.id, last_event_id="0") as (_, messages):
        first = await collect(messages, PAGE)
        await happen(feeding, video.id, 10)
        await settle(feeding)
        rest = await collect(messages, 1 + MANY + 1 + 10 - PAGE)
    assert isinstance(first[0], VideoSnapshot)
    assert numbers_of([*first, *rest]) == list(range(1, MANY + 12))


async def test_a_slow_client_misses_no_event(feeding: World) -> None:
    """What does not fit into memory is read from the log when the client reads on."""
    video = await feeding.upload()
    async with following(feeding, video.id) as (_, messages):
        (snapshot,) = await collect(messages, 1)
        assert isinstance(snapshot, VideoSnapshot)
        for _ in range(3):
            await happen(feeding, video.id, MAX_EVENTS - 1)
            await settle(feeding)
        received = await collect(messages, 3 * (MAX_EVENTS - 1))
    assert numbers_of(received) == [snapshot.cursor + number for number in range(1, 3 * (MAX_EVENTS - 1) + 1)]


async def test_a_gap_is_read_from_the_log(feeding: World) -> None:
    """Whatever a feed delivers, the client's events are complete and in order."""
    video = await feeding.upload()
    async with following(feeding, video.id) as (stream, messages):
        await happen(feeding, video.id, 1)
        await settle(feeding)
        (cursor,) = numbers_of(await collect(messages, 2))
        await happen(feeding, video.id, 3)
        await settle(feeding)
        delivered = stream._subscription.take_events()
        stream._subscription.deliver(delivered[-1])
        stream._subscription.deliver(delivered[0])
        assert numbers_of(await collect(messages, 3)) == [cursor + number for number in (1, 2, 3)]


@dataclass
class BusySource:
    """The events of a user, of whom the newest is delivered whenever a page of the log is read."""

    source: EventSource
    subscription: Subscription
    newest: LoggedEvent

    async def page(self, cursor: int) -> EventPage:
        """Read a page, as an event arrives."""
        page = await self.source.page(cursor)
        self.subscription.deliver(self.newest)
        return page

    def cursor_of(self, logged: LoggedEvent) -> int:
        """As the source has it."""
        return self.source.cursor_of(logged)

    def follows(self, cursor: int, logged: LoggedEvent) -> bool:
        """As the source has it."""
        return self.source.follows(cursor, logged)

    async def snapshot(self) -> VideoSnapshot | UserSnapshot:
        """As the source has it."""
        return await self.source.snapshot()


async def test_a_delivered_event_waits_until_the_log_is_read(feeding: World) -> None:
    """A client with several pages to read misses none of them when an event happens meanwhile."""
    video = await feeding.upload()
    await happen(feeding, video.id, MANY)
    await settle(feeding)
    async with feeding.database.read() as work:
        logged = await work.events.after(0, limit=2 * MANY, owner=ADA)
    stream = await feeding.application.events.follow_videos(ADA, StreamOptions("0"))
    stream._source = BusySource(stream._source, stream._subscription, logged[-1])
    async with aclosing(stream.messages()) as messages:
        received = await collect(messages, 1 + len(logged))
    stream.close()
    assert numbers_of(received) == [each.position for each in logged]


async def test_percentages_come_first_and_nothing_twice(feeding: World) -> None:
    """An event may end the stage of a percentage; an event that is delivered twice is sent once."""
    video = await feeding.upload()
    async with following(feeding, video.id) as (stream, messages):
        await happen(feeding, video.id, 1)
        await settle(feeding)
        (cursor,) = numbers_of(await collect(messages, 2))
        await happen(feeding, video.id, 1)
        await settle(feeding)
        (delivered,) = stream._subscription.take_events()
        for _ in range(2):
            stream._subscription.deliver(delivered)
        progress = StageProgress(video.id, ADA, StageName.COMPRESS, 10.0, 1)
        stream._subscription.report(progress)
        assert await collect(messages, 2) == [progress, StreamedEvent(cursor + 1, delivered.event)]
        await happen(feeding, video.id, 1)
        await settle(feeding)
        assert numbers_of(await collect(messages, 1)) == [cursor + 2]


async def test_the_log_is_unavailable_while_the_client_is_behind(feeding: World) -> None:
    """The stream is pinged, and continues when the database answers again."""
    video = await feeding.upload()
    async with following(feeding, video.id) as (stream, messages):
        await collect(messages, 1)
        await happen(feeding, video.id, 2)
        await settle(feeding)
        stream._subscription.fall_behind()
        feeding.database.is_down = True
        pinged = asyncio.ensure_future(anext(messages))
        await feeding.clock.wait_for_sleepers()
        await feeding.advance(RETRY_S)
        assert await pinged == Ping()
        feeding.database.is_down = False
        assert len(numbers_of(await collect(messages, 2))) == 2


async def test_events_that_are_deleted_under_a_slow_client_reset_it(feeding: World) -> None:
    """The client is told, and gets a new snapshot."""
    video = await feeding.upload()
    async with following(feeding, video.id) as (stream, messages):
        await collect(messages, 1)
        await happen(feeding, video.id, 3)
        await settle(feeding)
        stream._subscription.fall_behind()
        async with feeding.database.write() as work:
            await work.events.delete_older(feeding.clock.now() + timedelta(days=1), limit=2)
        reset, snapshot = await collect(messages, 2)
        assert reset == Reset(ResetReason.DELETED)
        assert isinstance(snapshot, VideoSnapshot)
        await happen(feeding, video.id, 1)
        await settle(feeding)
        assert numbers_of(await collect(messages, 1)) == [snapshot.cursor + 1]


async def test_a_slow_client_of_a_deleted_video_gets_the_end(feeding: World) -> None:
    """Its last events are in the log, although the video is gone."""
    video = await feeding.upload()
    async with following(feeding, video.id) as (stream, messages):
        await collect(messages, 1)
        stream._subscription.fall_behind()
        await feeding.application.delete_video(ADA, video.id)
        await settle(feeding)
        deleted, end = await collect(messages, 2)
        assert isinstance(deleted, StreamedEvent)
        assert (deleted.event.type, end) == (EventType.VIDEO_DELETED, End(EndReason.DELETED))


async def test_a_deleted_video_whose_events_are_deleted_too_ends_the_stream(feeding: World) -> None:
    """There is no state left that a snapshot could show."""
    video = await feeding.upload()
    async with following(feeding, video.id) as (stream, messages):
        await collect(messages, 1)
        await happen(feeding, video.id, 3)
        await feeding.application.delete_video(ADA, video.id)
        await settle(feeding)
        stream._subscription.fall_behind()
        async with feeding.database.write() as work:
            await work.events.delete_older(feeding.clock.now() + timedelta(days=1), limit=3)
        assert await collect(messages, 1) == [End(EndReason.DELETED)]


async def test_a_restored_database_resets_the_stream(feeding: World) -> None:
    """Positions and numbers went back; the snapshot shows the restored state, and later events follow."""
    video = await feeding.upload()
    await settle(feeding)
    backup = feeding.database._committed.snapshot()
    await happen(feeding, video.id, 5)
    await settle(feeding)
    async with following(feeding, video.id) as (_, messages):
        await collect(messages, 1)
        feeding.database._committed = backup
        reset, snapshot = await collect(messages, 2)
        assert reset == Reset(ResetReason.INVALID)
        assert isinstance(snapshot, VideoSnapshot)
        await happen(feeding, video.id, 1)
        await settle(feeding)
        assert numbers_of(await collect(messages, 1)) == [snapshot.cursor + 1]


async def test_the_client_is_gone(feeding: World) -> None:
    """The stream ends even if nothing happens any more."""
    video = await feeding.upload()
    async with following(feeding, video.id) as (stream, messages):
        await collect(messages, 1)
        stream.disconnect()
        assert await collect(messages, 1) == [End(EndReason.STOPPING)]


async def test_a_stream_does_not_end_before_the_terminal_event(world: World) -> None:
    """The event is in the log, but has no position yet when the client connects again."""
    video = await world.upload()
    await settle(world)
    async with world.database.write() as work:
        started = (await work.videos.get(video.id)).processing_started(now=world.clock.now())
        await work.videos.save(started.processing_failed(a_failure(), now=world.clock.now()))
    options = StreamOptions(last_event_id=str(video.event_seq), until_terminal=True)
    stream = await world.application.events.follow_video(ADA, video.id, options)
    assert not stream.is_over
    feeding = asyncio.create_task(world.application.events.feed.run())
    async with aclosing(stream.messages()) as messages:
        await settle(world)
        found = await collect(messages, 4)
    stream.close()
    feeding.cancel()
    await asyncio.gather(feeding, return_exceptions=True)
    assert [type(message) for message in found] == [VideoSnapshot, StreamedEvent, StreamedEvent, End]


async def test_unsettled_events_of_other_videos_do_not_hide_that_events_are_deleted(world: World) -> None:
    """Otherwise the client would wait for events that are gone."""
    video = await world.upload()
    await settle(world)
    async with world.database.write() as work:
        await work.events.delete_older(world.clock.now() + timedelta(days=1), limit=9)
    await world.upload()
    stream = await world.application.events.follow_video(ADA, video.id, StreamOptions(last_event_id="0"))
    async with aclosing(stream.messages()) as messages:
        assert await collect(messages, 1) == [Reset(ResetReason.DELETED)]
    stream.close()
