from contextlib import aclosing
from datetime import timedelta
from typing import Any

import pytest

from domain.model.errors import Unavailable, VideoNotFound
from domain.model.ids import UserId, VideoId
from domain.use_cases.events.event_stream import EventStream, StreamOptions
from domain.use_cases.events.messages import End, EndReason, Ping, Reset, ResetReason, StreamedEvent, VideoSnapshot
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio

BOB = UserId("bob")


async def _opened(world: World, video_id: VideoId, **options: Any) -> EventStream:  # noqa: ANN401 (any option)
    return await world.application.events.follow_video(ADA, video_id, StreamOptions(**options))


async def _all(stream: EventStream) -> list[object]:
    async with aclosing(stream.messages()) as messages:
        found: list[object] = [message async for message in messages]
    stream.close()
    return found


async def _settle(world: World) -> None:
    async with world.database.write() as work:
        await work.events.settle()


async def test_only_the_owner_may_follow_a_video(world: World) -> None:
    """An unknown video is the same; no stream is left, also if the database fails half way."""
    video = await world.upload()
    for owner, video_id in ((BOB, video.id), (ADA, VideoId("unknown"))):
        with pytest.raises(VideoNotFound):
            await world.application.events.follow_video(owner, video_id, StreamOptions())
    assert world.application.events.feed.stream_count == 0


async def test_a_failure_while_the_stream_is_opened_leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database may answer the first question and not the second."""
    video = await world.upload()

    async def fail(*_: object) -> None:
        raise Unavailable("The database is down.")

    monkeypatch.setattr(EventStream, "open", fail)
    with pytest.raises(Unavailable):
        await _opened(world, video.id)
    assert world.application.events.feed.stream_count == 0


@pytest.mark.parametrize("last_event_id", ["-1", "99", "x"])
async def test_an_impossible_cursor_is_reset(world: World, last_event_id: str) -> None:
    """Then comes the snapshot, with the number of the last event."""
    video = await world.upload_and_process()
    await _settle(world)
    reset, snapshot, end = await _all(await _opened(world, video.id, last_event_id=last_event_id, until_terminal=True))
    assert (reset, end) == (Reset(ResetReason.INVALID), End(EndReason.TERMINAL))
    assert isinstance(snapshot, VideoSnapshot)
    assert snapshot.cursor == video.event_seq


async def test_deleted_events_are_a_reset_and_unsettled_ones_are_not(world: World) -> None:
    """The feed delivers what has no position yet."""
    video = await world.upload()
    for is_settled in (False, True):
        if is_settled:
            async with world.database.write() as work:
                await work.events.settle()
                await work.events.delete_older(world.clock.now() + timedelta(days=1), limit=100)
        stream = await _opened(world, video.id, last_event_id="0")
        async with aclosing(stream.messages()) as messages:
            first = await anext(messages)
        stream.close()
        assert isinstance(first, Reset if is_settled else VideoSnapshot)


async def test_the_end_at_a_terminal_status(world: World) -> None:
    """Missed events come first; a client that has them all gets nothing more."""
    video = await world.upload_and_process()
    await _settle(world)
    snapshot, *events, end = await _all(await _opened(world, video.id, last_event_id="1", until_terminal=True))
    assert isinstance(snapshot, VideoSnapshot)
    assert [event.cursor for event in events if isinstance(event, StreamedEvent)] == list(range(2, video.event_seq + 1))
    assert end == End(EndReason.TERMINAL)
    for cursor, is_over in ((video.event_seq, True), (video.event_seq - 1, False)):
        stream = await _opened(world, video.id, last_event_id=str(cursor), until_terminal=True)
        stream.close()
        assert stream.is_over is is_over


async def test_a_stream_ends_with_its_token(world: World) -> None:
    """Even at the moment at which it is opened."""
    video = await world.upload()
    assert (await _all(await _opened(world, video.id, expires_at=world.clock.now())))[-1] == End(EndReason.EXPIRED)


async def test_an_idle_stream_is_pinged(world: World) -> None:
    """After the seconds of the setting."""
    video = await world.upload()
    stream = await _opened(world, video.id)
    stream._ping_s = 0.01
    async with aclosing(stream.messages()) as messages:
        assert isinstance(await anext(messages), VideoSnapshot)
        assert await anext(messages) == Ping()
    stream.close()
