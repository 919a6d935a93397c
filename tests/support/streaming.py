"""A real server in this process, and clients that read its event streams."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn
from litestar import Litestar

from entrypoints.cli.commands.servers import server_config

PATIENCE_S = 60.0


@dataclass(frozen=True)
class RunningServer:
    """A server on a port of 127.0.0.1."""

    server: uvicorn.Server
    port: int

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self.port}"


@asynccontextmanager
async def running_server(app: Litestar) -> AsyncGenerator[RunningServer]:
    """Serve an application whose lifespan is open already, until the block ends."""
    config = server_config(app)
    config.lifespan = "off"
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        await server.startup(sockets=[listening])
        try:
            yield RunningServer(server, listening.getsockname()[1])
        finally:
            app.state["application"].events.feed.stop()
            await server.shutdown()


@dataclass
class SseClient:
    """Parses an event stream as the HTML standard says."""

    lines: Any
    last_event_id: str = ""
    comments: int = 0
    retry_ms: int | None = None

    async def next(self) -> tuple[str, Any]:
        """The name and the data of the next event."""
        async with asyncio.timeout(PATIENCE_S):
            return await self._next()

    async def until(self, name: str) -> Any:  # noqa: ANN401 (any JSON)
        """The data of the next event with this name."""
        while True:
            event, data = await self.next()
            if event == name:
                return data

    async def rest(self) -> list[str]:
        """The names of all further events, until the server ends the stream."""
        names: list[str] = []
        try:
            while True:
                names.append((await self.next())[0])
        except StopAsyncIteration:
            return names

    async def _next(self) -> tuple[str, Any]:
        name, data = "message", list[str]()
        while line := await anext(self.lines):
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            match field:
                case "":
                    self.comments += 1
                case "event":
                    name = value
                case "id":
                    self.last_event_id = value
                case "retry":
                    self.retry_ms = int(value)
                case "data":
                    data.append(value)
                case _:
                    raise AssertionError(line)
        return (name, json.loads("\n".join(data))) if data else await self._next()


@asynccontextmanager
async def following(
    http: httpx.AsyncClient, path: str, *, last_event_id: str | None = None, headers: dict[str, str] | None = None
) -> AsyncGenerator[SseClient]:
    """Open a stream; it must be accepted."""
    sent = (headers or {}) | ({} if last_event_id is None else {"Last-Event-ID": last_event_id})
    async with http.stream("GET", path, headers=sent, timeout=PATIENCE_S) as response:
        assert response.status_code == httpx.codes.OK, await response.aread()
        assert response.headers["content-type"].startswith("text/event-stream")
        yield SseClient(response.aiter_lines())
