"""A proxy that behaves like a long line with losses: delay, and a sending rate that halves with each lost packet.

Each connection sends a window of packets per round trip. Without a loss the window grows by one packet, with a loss it
halves and the round is repeated, as in TCP Reno (RFC 5681). Packets are not dropped, because a proxy cannot do that.
"""

import asyncio
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from queue import Queue
from random import Random
from urllib.parse import urlsplit

HOST = "127.0.0.1"
PACKET_BYTES = 1460
FIRST_WINDOW = 10  # RFC 6928.
MIN_WINDOW = 2


@dataclass(frozen=True, slots=True)
class Line:
    """The properties of the line."""

    round_trip_s: float = 0.1
    loss: float = 0.01


@dataclass(slots=True)
class Window:
    """The congestion window of one connection, in packets."""

    line: Line
    dice: Random
    packets: int = FIRST_WINDOW
    is_starting: bool = field(default=True)

    def round_trips(self, sent: int) -> int:
        """The round trips that these packets take: one more if any is lost; the window changes accordingly."""
        if self.dice.random() < 1 - (1 - self.line.loss) ** sent:
            self.packets, self.is_starting = max(MIN_WINDOW, self.packets // 2), False
            return 2
        self.packets += sent if self.is_starting else 1
        return 1


@contextmanager
def running_line(target_url: str, line: Line, seed: int = 1) -> Generator[str]:
    """Run the proxy in front of the server at this URL; yield its URL."""
    target = urlsplit(target_url)
    proxy = _Proxy(target.hostname or HOST, target.port or 80, line, Random(seed))
    loop, ports = asyncio.new_event_loop(), Queue[int]()
    thread = threading.Thread(target=proxy.run, args=(loop, ports))
    thread.start()
    try:
        yield f"http://{HOST}:{ports.get(timeout=60)}"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


@dataclass(frozen=True, slots=True)
class _Proxy:
    host: str
    port: int
    line: Line
    dice: Random

    def run(self, loop: asyncio.AbstractEventLoop, ports: Queue[int]) -> None:
        server = loop.run_until_complete(asyncio.start_server(self._serve, HOST, 0))
        ports.put(server.sockets[0].getsockname()[1])
        loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0.1))
        loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(self.line.round_trip_s)  # The handshake.
        answers, requests = await asyncio.open_connection(self.host, self.port)
        ways = [asyncio.ensure_future(self._up(reader, requests)), asyncio.ensure_future(self._down(answers, writer))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            writer.close()
            requests.close()

    async def _up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        window = Window(self.line, self.dice)
        with suppress(OSError):
            while chunk := await reader.read(window.packets * PACKET_BYTES):
                packets = -(-len(chunk) // PACKET_BYTES)
                await asyncio.sleep(window.round_trips(packets) * self.line.round_trip_s)
                writer.write(chunk)
                await writer.drain()

    async def _down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while chunk := await reader.read(64 * 1024):
                await asyncio.sleep(self.line.round_trip_s / 2)
                writer.write(chunk)
                await writer.drain()
