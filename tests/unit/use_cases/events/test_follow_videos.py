from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.model.ids import UserId
from domain.use_cases.events.event_stream import StreamOptions
from domain.use_cases.events.messages import Reset, ResetReason, StreamedEvent, StreamMessage, UserSnapshot
from domain.use_cases.events.sources import MAX_SNAPSHOT_VIDEOS
from tests.support.builders import a_uuid, a_video
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio


async def test_the_snapshot_has_a_limited_number_of_videos(world: World) -> None:
    """The newest of them, and whether there are more."""
    video, now = a_video(owner=ADA), world.clock.now()
    for count, is_complete in ((MAX_SNAPSHOT_VIDEOS, True), (1, False)):
        async with world.database.write() as work:
            known = len(await work.videos.page(ADA, limit=1000))
            for number in range(known, known + count):
                created_at = now + timedelta(seconds=number)
                await work.videos.add(replace(video, id=a_uuid(number), created_at=created_at))  # pyright: ignore[reportArgumentType]
        stream = await world.application.events.follow_videos(ADA, StreamOptions())
        snapshot = await anext(stream.messages())
        stream.close()
        assert isinstance(snapshot, UserSnapshot)
        assert (len(snapshot.videos), snapshot.is_complete) == (MAX_SNAPSHOT_VIDEOS, is_complete)
    assert snapshot.videos[0].created_at > snapshot.videos[-1].created_at > now


async def test_a_user_continues_after_a_position(world: World) -> None:
    """With the events of all own videos, in the order in which they were settled; other users' are not among them."""
    mine, foreign = [await world.upload(), await world.upload()], await world.upload(owner=UserId("bob"))
    async with world.database.write() as work:
        await work.events.settle()
        positions = [each.position for each in await work.events.after(0, limit=100, owner=ADA)]
    first, *events = await _first(world, str(positions[0]), 1 + len(positions) - 1)
    assert isinstance(first, UserSnapshot)
    assert first.cursor == positions[0]
    assert [event.cursor for event in events if isinstance(event, StreamedEvent)] == positions[1:]
    assert {video.id for video in first.videos} == {video.id for video in mine}
    assert foreign.id not in {event.event.video_id for event in events if isinstance(event, StreamedEvent)}


async def test_a_position_that_does_not_exist_is_reset(world: World) -> None:
    """In the future, or so old that retention has deleted the events after it."""
    await world.upload()
    await world.upload()
    async with world.database.write() as work:
        await work.events.settle()
        await work.events.delete_older(world.clock.now() + timedelta(days=1), limit=1)
    assert (await _first(world, "1000", 1)) == [Reset(ResetReason.INVALID)]
    assert (await _first(world, "0", 1)) == [Reset(ResetReason.DELETED)]
    assert isinstance((await _first(world, "1", 1))[0], UserSnapshot)


async def _first(world: World, last_event_id: str, count: int) -> list[StreamMessage]:
    stream = await world.application.events.follow_videos(ADA, StreamOptions(last_event_id))
    async with aclosing(stream.messages()) as messages:
        found = [await anext(messages) for _ in range(count)]
    stream.close()
    return found
