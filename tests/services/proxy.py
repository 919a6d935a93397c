"""A TCP proxy on 127.0.0.1 that injects faults into some of the HTTP calls that pass through it."""

import asyncio
import random
import re
import socket
import struct
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypedDict, Unpack
from urllib.parse import urlsplit

HOST = "127.0.0.1"

_REQUEST_LINE = re.compile(rb"([A-Z]+ \S+) HTTP/1\.1\r\n")
_CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
_EXPECTS_CONTINUE = re.compile(rb"\r\nexpect: 100-continue", re.IGNORECASE)
_CONTINUE = b"HTTP/1.1 100"
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
_CHUNK_BYTES = 65536


class Fault(StrEnum):
    """What the proxy does with a call."""

    DROP = "drop"  # The connection is closed before the call is forwarded.
    DELAY = "delay"  # The call is forwarded after a delay.
    RESET = "reset"  # The connection is reset after a part of the call has been forwarded.
    LOSE_ANSWER = "lose_answer"  # The call succeeds, but its response does not arrive.
    REFUSE = "refuse"  # The call is answered with an error, and not forwarded.


@dataclass
class InjectedFault:
    """A fault for at most `times` HTTP calls, each with probability `chance`, whose `METHOD /path?query` matches.

    `hits` counts the calls that got the fault.
    """

    pattern: str
    fault: Fault
    times: int
    delay_s: float = 0.0
    chance: float = 1.0
    dice: random.Random = field(default_factory=random.Random)
    status: int = 503
    hits: int = 0

    def takes(self, call: str) -> bool:
        """Whether this call gets the fault; if so, it is counted."""
        is_matched = self.hits < self.times and re.search(self.pattern, call) is not None
        is_taken = is_matched and self.dice.random() < self.chance
        self.hits += is_taken
        return is_taken


class FaultOptions(TypedDict, total=False):
    """Optional fields of an `InjectedFault`."""

    delay_s: float
    chance: float
    dice: random.Random
    status: int


class Proxy:
    """Forwards every byte, unless an injected fault matches the call or the proxy is cut.

    `sent_bytes` counts what clients have sent; `pace_bytes_per_s` limits the rate of each of their connections.
    """

    def __init__(self, host: str, port: int) -> None:
        self.port = 0
        self.calls = 0
        self.sent_bytes = 0
        self.pace_bytes_per_s: float | None = None
        self.injected_faults: list[InjectedFault] = []
        self._target = (host, port)
        self._is_cut = threading.Event()
        self._connections: set[_Connection] = set()
        self._loop = asyncio.new_event_loop()

    @property
    def url(self) -> str:
        """The proxy's base URL for HTTP clients."""
        return f"http://{HOST}:{self.port}"

    def inject(self, pattern: str, fault: Fault, *, times: int = 1, **options: Unpack[FaultOptions]) -> InjectedFault:
        """Inject this fault into the next calls that match."""
        injected = InjectedFault(pattern, fault, times, **options)
        self.injected_faults.append(injected)
        return injected

    def cut(self) -> None:
        """Close every connection, and each new one as soon as it is opened."""
        self._is_cut.set()
        self._loop.call_soon_threadsafe(self._close_all)

    def restore(self) -> None:
        """Forward connections again after `cut`."""
        self._is_cut.clear()

    def run(self, ready: threading.Event) -> None:
        """Serve until stopped."""
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, HOST, 0))
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(self._ended())
        self._loop.close()

    def stop(self) -> None:
        """End `run`, which closes every connection."""
        self._loop.call_soon_threadsafe(self._loop.stop)

    def taken(self, call: str) -> InjectedFault | None:
        """Count a call; return the fault that applies to it, if any."""
        self.calls += 1
        return next((injected for injected in self.injected_faults if injected.takes(call)), None)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut.is_set():
            writer.close()
            return
        try:
            upstream = await asyncio.open_connection(*self._target)
        except OSError:
            writer.close()
            return
        connection = _Connection(self, (reader, writer), upstream)
        self._connections.add(connection)
        try:
            await connection.run()
        finally:
            self._connections.discard(connection)

    def _close_all(self) -> None:
        for connection in self._connections:
            connection.close()

    async def _ended(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(eq=False)
class _Connection:
    """A client's connection, and the proxy's connection to the target for it."""

    proxy: Proxy
    client: Stream
    target: Stream
    injected: InjectedFault | None = field(default=None)

    async def run(self) -> None:
        """Forward bytes in both directions until either side ends."""
        ways = [asyncio.ensure_future(self._upwards()), asyncio.ensure_future(self._downwards())]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.close()
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    def close(self) -> None:
        """Close both connections."""
        for _, writer in (self.client, self.target):
            writer.close()

    async def _upwards(self) -> None:
        reader, writer = self.client[0], self.target[1]
        with suppress(OSError):
            while chunk := await reader.read(_CHUNK_BYTES):
                self._notice(chunk)
                await self._pace(chunk)
                if not await self._may_pass(chunk):
                    return
                writer.write(chunk)
                await writer.drain()

    async def _pace(self, chunk: bytes) -> None:
        self.proxy.sent_bytes += len(chunk)
        if self.proxy.pace_bytes_per_s is not None:
            await asyncio.sleep(len(chunk) / self.proxy.pace_bytes_per_s)

    def _notice(self, chunk: bytes) -> None:
        """Look for a call at the start of the chunk: a client sends the next one only after the response."""
        if call := _REQUEST_LINE.match(chunk):
            self.injected = self.proxy.taken(call[1].decode())

    async def _may_pass(self, chunk: bytes) -> bool:
        match self.injected and self.injected.fault:
            case Fault.DROP:
                return False
            case Fault.RESET:
                self.target[1].write(chunk[: len(chunk) // 2])
                self._reset()
                return False
            case Fault.REFUSE if self.injected:
                await self._refuse(chunk, self.injected.status)
                return False
            case Fault.DELAY if self.injected:
                await asyncio.sleep(self.injected.delay_s)
                self.injected = None
                return True
            case _:
                return True

    async def _refuse(self, chunk: bytes, status: int) -> None:
        """Answer after the whole body has arrived.

        A client need not read before it has sent everything, unless it sends `Expect: 100-continue`.
        """
        reader, writer = self.client
        head, _, body = chunk.partition(b"\r\n\r\n")
        length = _CONTENT_LENGTH.search(head)
        left = 0 if length is None or _EXPECTS_CONTINUE.search(head) else int(length[1]) - len(body)
        while left > 0 and (more := await reader.read(_CHUNK_BYTES)):
            left -= len(more)
        writer.write(f"HTTP/1.1 {status} Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()

    def _reset(self) -> None:
        raw: socket.socket = self.client[1].get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self.client[1].transport.abort()

    async def _downwards(self) -> None:
        reader, writer = self.target[0], self.client[1]
        with suppress(OSError):
            while chunk := await reader.read(_CHUNK_BYTES):
                is_answer = not chunk.startswith(_CONTINUE)
                if self.injected and self.injected.fault is Fault.LOSE_ANSWER and is_answer:
                    return
                writer.write(chunk)
                await writer.drain()


@contextmanager
def running_proxy(target_url: str) -> Generator[Proxy]:
    """Run a proxy in front of the server at this URL."""
    target = urlsplit(target_url)
    proxy = Proxy(target.hostname or HOST, target.port or 80)
    ready = threading.Event()
    thread = threading.Thread(target=proxy.run, args=(ready,), name="proxy")
    thread.start()
    ready.wait()
    try:
        yield proxy
    finally:
        proxy.stop()
        thread.join()
