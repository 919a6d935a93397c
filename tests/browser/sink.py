"""A bucket that forgets: it accepts every PUT of a page and keeps nothing."""

import asyncio
import re
import threading
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from queue import Queue

_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
_ANSWER = (
    b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: PUT\r\n"
    b"Access-Control-Allow-Headers: *\r\nContent-Length: 0\r\n\r\n"
)


@contextmanager
def running_sink() -> Generator[str]:
    """Run it on a free port of 127.0.0.1; yield its URL."""
    loop, ports = asyncio.new_event_loop(), Queue[int]()
    thread = threading.Thread(target=_run, args=(loop, ports))
    thread.start()
    try:
        yield f"http://127.0.0.1:{ports.get(timeout=60)}"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def _run(loop: asyncio.AbstractEventLoop, ports: Queue[int]) -> None:
    server = loop.run_until_complete(asyncio.start_server(_serve, "127.0.0.1", 0, limit=1024 * 1024))
    ports.put(server.sockets[0].getsockname()[1])
    loop.run_forever()
    server.close()
    loop.run_until_complete(_end())
    loop.close()


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with closing(writer), suppress(asyncio.IncompleteReadError, OSError):
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            left = int(length[1]) if length else 0
            while left:
                chunk = await reader.read(min(left, 1024 * 1024))
                if not chunk:
                    return
                left -= len(chunk)
            writer.write(_ANSWER)
            await writer.drain()


async def _end() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0)  # The transports close in the next round of the loop.
