"""Event streams over WebSockets, and the tickets that open streams."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from domain.model.access.principal import Scope
from entrypoints.cli.commands.servers import server_config
from entrypoints.config.server import ServerSettings
from entrypoints.config.settings import Settings
from entrypoints.config.streams import StreamSettings
from entrypoints.http.events.message_budget import MAX_MESSAGES_PER_S
from tests.integration.http_fixtures import BOB, WorldApi, world_api
from tests.support.streaming import PATIENCE_S, RunningServer, following, running_server
from tests.support.world import ADA, until

pytestmark = pytest.mark.anyio

APP_ORIGIN = "https://app.example.org"
HANDSHAKE = (
    b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
# The frames of RFC 6455 with a payload of 125 bytes; the mask of zeros changes nothing.
_PAYLOAD = b"p" * 125
MASKED_PING = b"\x89\xfd\0\0\0\0" + _PAYLOAD
UNMASKED_PONG = b"\x8a\x7d" + _PAYLOAD
SETTINGS = Settings(
    streams=StreamSettings(max_streams_per_user=2, event_poll_seconds=1),
    server=ServerSettings(cors_allowed_origins=APP_ORIGIN),
)


@pytest.fixture
async def streaming(tmp_path: Path) -> AsyncGenerator[tuple[WorldApi, RunningServer]]:
    """The API over fakes, and a server that serves it; at its end no stream may be left."""
    async with world_api(tmp_path, settings=SETTINGS) as api, running_server(api.app) as server:
        yield api, server
        await until(lambda: api.application.events.feed.stream_count == 0)


def socket_of(server: RunningServer, path: str, **options: Any) -> connect:  # noqa: ANN401 (what `connect` takes)
    """A connection to a WebSocket of the server."""
    return connect(f"ws://127.0.0.1:{server.port}{path}", proxy=None, **options)


async def message(socket: ClientConnection) -> tuple[str | None, str, Any]:
    """Id, name and data of the next event."""
    async with asyncio.timeout(PATIENCE_S):
        received = json.loads(await socket.recv())
    assert set(received) == {"id", "event", "data"}
    return received["id"], received["event"], received["data"]


async def closed(socket: ClientConnection) -> tuple[int, str]:
    """Read until the server closes the connection; return its code and reason."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                await socket.recv()
    except ConnectionClosed as failure:
        return (0, "") if failure.rcvd is None else (failure.rcvd.code, failure.rcvd.reason)


async def ticket(api: WorldApi, **headers: str) -> str:
    """A new ticket."""
    answer = await api.http.post("/api/events/ticket", headers=headers)
    assert answer.status_code == httpx.codes.CREATED
    assert answer.json()["expires_in"] == 60
    return str(answer.json()["ticket"])


async def test_a_socket_has_the_messages_of_the_stream(streaming: tuple[WorldApi, RunningServer]) -> None:
    """A ticket opens it; ids are those of the Server-Sent Events, and it continues after one."""
    api, server = streaming
    video_id = await api.uploaded()
    path = f"/api/videos/{video_id}/ws"
    async with socket_of(server, f"{path}?ticket={await ticket(api)}") as socket:
        cursor, name, data = await message(socket)
        assert (name, data) == ("snapshot", await api.status(video_id))
        await socket.send("ping")
        await socket.send(b"\x00")
        await socket.send("nonsense")
        assert await socket.recv() == "pong"
        await api.http.delete(f"/api/videos/{video_id}")
        assert await message(socket) == (str(int(cursor or "") + 1), "video.deleted", _deleted(video_id, api))
        assert (await message(socket))[1:] == ("end", {"reason": "deleted"})
        assert await closed(socket) == (1000, "deleted")
    async with socket_of(server, f"/api/ws?last_event_id=0&ticket={await ticket(api)}") as socket:
        assert (await message(socket))[1] == "snapshot"
        assert (await message(socket))[:2] == ("1", "upload.completed")


def _deleted(video_id: str, api: WorldApi) -> dict[str, Any]:
    occurred_at = api.world.clock.now().isoformat().replace("+00:00", "Z")
    labels: dict[str, Any] = {"title": "clip.mp4", "external_id": None}
    state: dict[str, Any] = {"status": "uploaded", "playable": False, "failure": None, "details": {}}
    return {"type": "video.deleted", "occurred_at": occurred_at, "video_id": video_id, **labels, **state}


async def test_each_refusal_has_its_close_code(streaming: tuple[WorldApi, RunningServer]) -> None:
    """A browser sees the code of a close, but not the status of a refused handshake."""
    api, server = streaming
    foreign = (await api.world.upload(owner=BOB)).id
    ada = api.speaking_for(ADA)
    writer = {"Authorization": f"Bearer {api.tokens.issue(ADA, lifetime_s=60, scopes=frozenset({Scope.WRITE}))}"}
    for path, headers, expected in (
        ("/api/ws", {}, (4401, "missing_token")),
        ("/api/ws?ticket=tkt_0", {}, (4401, "invalid_ticket")),
        ("/api/ws", {"Authorization": "Bearer no"}, (4401, "invalid_token")),
        ("/api/ws", writer, (4403, "insufficient_scope")),
        (f"/api/videos/{foreign}/ws", ada, (4404, "video_not_found")),
    ):
        async with socket_of(server, path, additional_headers=headers) as socket:
            assert await closed(socket) == expected
    async with (
        socket_of(server, "/api/ws", additional_headers=ada) as first,
        socket_of(server, "/api/ws", additional_headers=ada) as second,
        socket_of(server, "/api/ws", additional_headers=ada) as third,
    ):
        assert [(await message(each))[1] for each in (first, second)] == ["snapshot"] * 2
        assert await closed(third) == (4429, "too_many_streams")
    await until(lambda: api.application.events.feed.stream_count == 0)
    async with socket_of(server, "/api/ws", additional_headers=ada) as socket:
        await message(socket)
        await socket.send("x" * 2000)
        assert (await closed(socket))[0] == 1009


async def test_a_socket_ends_with_its_token_and_with_the_server(streaming: tuple[WorldApi, RunningServer]) -> None:
    """Each with its code; a ticket lives as long as the token that it was issued for."""
    api, server = streaming
    short = f"Bearer {api.tokens.issue(ADA, lifetime_s=30)}"
    opened = await ticket(api, Authorization=short)
    async with (
        socket_of(server, f"/api/ws?ticket={opened}") as expiring,
        socket_of(server, "/api/ws", additional_headers=api.speaking_for(ADA)) as lasting,
    ):
        await message(expiring)
        await message(lasting)
        api.world.clock.advance(31)
        await api.world.upload()
        assert await closed(expiring) == (4408, "expired")
        api.application.events.feed.stop()
        assert await closed(lasting) == (1001, "stopping")
    async with socket_of(server, "/api/ws", additional_headers=api.speaking_for(ADA)) as refused:
        assert await closed(refused) == (1013, "stopping")


async def test_pages_of_other_origins_are_refused(streaming: tuple[WorldApi, RunningServer]) -> None:
    """CORS does not apply to WebSockets, so the server compares the origin: its own, or an allowed one."""
    api, server = streaming
    for origin in ("https://evil.example", "null", f"http://127.0.0.1:{server.port}.evil.example"):
        with pytest.raises(InvalidStatus) as refused:
            await socket_of(server, "/api/ws", origin=origin, additional_headers=api.speaking_for(ADA))
        assert refused.value.response.status_code == httpx.codes.FORBIDDEN
    for origin in (APP_ORIGIN, f"http://127.0.0.1:{server.port}"):
        async with socket_of(server, "/api/ws", origin=origin, additional_headers=api.speaking_for(ADA)) as socket:
            assert (await message(socket))[1] == "snapshot"
        await until(lambda: api.application.events.feed.stream_count == 0)


async def test_a_ticket_opens_one_stream(streaming: tuple[WorldApi, RunningServer]) -> None:
    """Of concurrent connections with one ticket a single one is accepted, and none later."""
    api, server = streaming
    path = f"/api/events?ticket={await ticket(api)}"
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as http:
        async with following(http, path) as stream:
            assert (await stream.next())[0] == "snapshot"
            for _ in range(2):
                refused = await http.get(path)
                assert (refused.status_code, refused.json()["code"]) == (401, "invalid_ticket")
        expired = await ticket(api)
        api.world.clock.advance(61)
        assert (await http.get(f"/api/events?ticket={expired}")).json()["code"] == "invalid_ticket"


async def test_a_ticket_only_reads_events(streaming: tuple[WorldApi, RunningServer]) -> None:
    """A token that may read gets one; no other route accepts it, and it issues no further ticket."""
    api, _ = streaming
    reader = f"Bearer {api.tokens.issue(ADA, lifetime_s=60, scopes=frozenset({Scope.READ}))}"
    writer = f"Bearer {api.tokens.issue(ADA, lifetime_s=60, scopes=frozenset({Scope.WRITE}))}"
    opened = await ticket(api, Authorization=reader)
    refused = await api.http.post("/api/events/ticket", headers={"Authorization": writer})
    assert refused.json()["code"] == "insufficient_scope"
    del api.http.headers["Authorization"]
    for method, path in (("GET", "/api/videos"), ("POST", "/api/events/ticket")):
        assert (await api.http.request(method, f"{path}?ticket={opened}")).json()["code"] == "missing_token"


async def test_until_has_one_value(streaming: tuple[WorldApi, RunningServer]) -> None:
    """As for Server-Sent Events."""
    api, server = streaming
    path = f"/api/videos/{await api.uploaded()}/ws?until="
    for value in ("bogus", "", "TERMINAL"):
        async with socket_of(server, f"{path}{value}&ticket={await ticket(api)}") as socket:
            assert await closed(socket) == (4400, "invalid_request")


async def test_unknown_and_repeated_parameters_are_refused(streaming: tuple[WorldApi, RunningServer]) -> None:
    """As for Server-Sent Events; the stream of all videos has no end to wait for."""
    api, server = streaming
    one, all_videos = f"/api/videos/{await api.uploaded()}/ws", "/api/ws"
    for path, query, code in (
        (one, "untill=terminal", "unknown_parameter"),
        (one, "until=terminal&until=terminal", "repeated_parameter"),
        (all_videos, "until=terminal", "unknown_parameter"),
        (all_videos, "last_event_id=1&last_event_id=2", "repeated_parameter"),
    ):
        async with socket_of(server, f"{path}?{query}&ticket={await ticket(api)}") as socket:
            assert await closed(socket) == (4400, code)


async def test_a_client_that_sends_too_many_messages_is_closed(streaming: tuple[WorldApi, RunningServer]) -> None:
    """After at most one second's worth of pongs in each of the seconds that the test may touch."""
    api, server = streaming
    async with socket_of(server, f"/api/ws?ticket={await ticket(api)}", max_queue=None) as socket:
        with suppress(ConnectionClosed):
            for _ in range(10 * MAX_MESSAGES_PER_S):
                await socket.send("ping")
        received: list[str | bytes] = []
        with pytest.raises(ConnectionClosed) as error:
            await _read_on(socket, received)
    assert error.value.rcvd is not None
    assert (error.value.rcvd.code, error.value.rcvd.reason) == (4429, "rate_limited")
    assert received.count("pong") < 10 * MAX_MESSAGES_PER_S


async def _read_on(socket: ClientConnection, received: list[str | bytes]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            received.append(await socket.recv())


@pytest.mark.parametrize("is_reading", [False, True])
async def test_a_flood_of_pings_is_dropped(streaming: tuple[WorldApi, RunningServer], *, is_reading: bool) -> None:
    """The pings of the protocol, which the application does not see."""
    api, server = streaming
    target = f"/api/ws?ticket={await ticket(api)}"
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    if not is_reading:
        cast("Any", writer.transport).pause_reading()
    writer.write(HANDSHAKE.replace(b"/ ", target.encode() + b" ", 1))
    with suppress(ConnectionError):
        async with asyncio.timeout(PATIENCE_S):
            for _ in range(100 * MAX_MESSAGES_PER_S):
                writer.write(MASKED_PING)
                await writer.drain()
            cast("Any", writer.transport).resume_reading()
            received = await reader.read()
            assert received.count(UNMASKED_PONG) < 100 * MAX_MESSAGES_PER_S
    writer.transport.abort()


@pytest.mark.parametrize("is_closing", [False, True])
async def test_a_client_that_does_not_read_is_dropped(*, is_closing: bool) -> None:
    """Its connection does not outlive an unanswered ping, or an unanswered close behind what is buffered."""

    async def talk(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 (ASGI)
        await receive()
        await send({"type": "websocket.accept"})
        protocol: Any = next(iter(server.server_state.connections))
        protocol.transport.set_write_buffer_limits(high=2**30 if is_closing else 2**16)
        protocol.close_timeout = 0.1
        await send({"type": "websocket.send", "bytes": bytes(2**24)})
        await send({"type": "websocket.close" if is_closing else "websocket.send", "bytes": b""})

    config = server_config(cast("Any", talk))
    config.lifespan, config.ws_ping_interval = "off", 60.0 if is_closing else 0.1
    config.ws_ping_timeout = 0.1
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        await server.startup(sockets=[listening])
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        cast("Any", writer.transport).pause_reading()
        writer.write(HANDSHAKE)
        await until(lambda: bool(server.server_state.connections))
        await until(lambda: not server.server_state.connections)
        writer.transport.abort()
        del reader
        await server.shutdown()
