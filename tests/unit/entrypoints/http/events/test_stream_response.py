"""The response that sends an event stream."""

import asyncio
from typing import Any, cast

import pytest

from domain.use_cases.events.event_stream import StreamOptions
from entrypoints.http.events.stream_response import ABORT_EXTENSION, EventStreamResponse
from tests.support.world import ADA, World, open_world

pytestmark = pytest.mark.anyio


@pytest.fixture
async def world(tmp_path: Any) -> Any:  # noqa: ANN401 (a fixture)
    """A world of fakes."""
    async with open_world(tmp_path) as opened:
        yield opened


async def test_a_client_that_does_not_read_is_cut_off(world: World) -> None:
    """After the time limit the connection is aborted, since closing it would wait for the client; nothing is left.

    The response ends after the connection: before, the server would take it for a defect of the application.
    """
    aborted, sent, is_lost = list[bool](), list[str](), asyncio.Event()

    async def receive() -> Any:  # noqa: ANN401 (an ASGI message)
        await is_lost.wait()
        return {"type": "http.disconnect"}

    def abort() -> None:
        aborted.append(True)
        asyncio.get_running_loop().call_later(0.01, is_lost.set)

    async def send(message: Any) -> None:  # noqa: ANN401 (an ASGI message)
        sent.append(message["type"])
        if len(sent) > 2:
            await asyncio.Event().wait()

    stream = await world.application.events.follow_videos(ADA, StreamOptions())
    scope: Any = {"type": "http", "extensions": {ABORT_EXTENSION: {"abort": abort}}}
    tasks_before = len(asyncio.all_tasks())
    await EventStreamResponse(stream, stall_s=0.01)(scope, receive, send)
    assert is_lost.is_set()
    await asyncio.sleep(0)
    assert aborted == [True]
    assert sent == ["http.response.start", *["http.response.body"] * 2]
    assert world.application.events.feed.stream_count == 0
    assert len(asyncio.all_tasks()) == tasks_before


async def test_a_client_that_is_gone_ends_the_stream(world: World) -> None:
    """Although nothing happens that could be sent."""

    async def receive() -> Any:  # noqa: ANN401 (an ASGI message)
        return {"type": "http.disconnect"}

    async def send(message: object) -> None:
        del message

    stream = await world.application.events.follow_videos(ADA, StreamOptions())
    async with asyncio.timeout(60):
        await EventStreamResponse(stream, stall_s=60)(cast("Any", {"type": "http"}), receive, send)
    assert world.application.events.feed.stream_count == 0
