"""E1, E2, E3: the delay of an event, the memory of an idle stream, and what idle streams cost other requests."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import httpx
from tests.services.postgres import running_postgres
from tests.services.redis import running_redis

from benchmarks.cores import beside_the_server
from benchmarks.figures import Figure, figure
from benchmarks.load import Round, Subject, measured, medians, ratios
from benchmarks.presign import DECLARED
from benchmarks.processes import HOST, Server
from benchmarks.scale import Outcome, Scale
from benchmarks.telecine import Bucket, Installation, on_postgres

STREAMS = 1000
AT_ONCE = 50
EVENTS_PER_ROUND = 40
SETTLE_S = 3.0


def run(scale: Scale, folder: Path) -> Outcome:
    """Measure two API processes of one installation, one of which has a thousand idle streams."""
    with beside_the_server() as core, running_postgres() as postgres, running_redis() as redis:
        installation = on_postgres(folder, postgres.new_database(), Bucket(), redis.url)
        installation = Installation(
            folder, {**installation.settings, "TELECINE_MAX_STREAMS_PER_USER": str(STREAMS + 10)}
        )
        # A user without videos: their snapshot would take memory while a stream is opened.
        idle = {"Authorization": f"Bearer {installation.command('token', '--user', 'idle')}"}
        other = folder / "other"
        other.mkdir()
        with installation.serving(core=core) as server, installation.serving(core=core, logs=other) as bare:
            outcome = asyncio.run(_measure(scale, server, bare, installation.headers(), idle))
    return _with_embedded(outcome, scale, folder / "embedded")


def _with_embedded(outcome: Outcome, scale: Scale, folder: Path) -> Outcome:
    """Add the delay of an event on the embedded defaults."""
    folder.mkdir()
    installation = Installation(folder, {})
    with installation.serving("dev") as server:
        count = scale.rounds * EVENTS_PER_ROUND
        delays_ms, requests_ms = asyncio.run(_delays_ms(server, installation.headers(), count))
    details = outcome.details["streams"] | {"embedded_delays_ms": delays_ms}
    return Outcome([*_delay_figures("embedded", delays_ms, requests_ms), *outcome.figures], {"streams": details})


async def _measure(
    scale: Scale, server: Server, bare: Server, headers: Mapping[str, str], idle: Mapping[str, str]
) -> Outcome:
    ours, theirs = (
        Subject(each, "/api/videos/upload/presigned", body=json.dumps(DECLARED), headers=headers)
        for each in (server, bare)
    )
    for subject in (ours, theirs):  # Warms the processes up.
        await asyncio.to_thread(measured, subject, seconds=scale.seconds)
    delays_ms, requests_ms = await _delays_ms(server, headers, scale.rounds * EVENTS_PER_ROUND)
    empty_kib = _resident_kib(server)
    async with _idle_streams(server, idle):
        await asyncio.sleep(SETTLE_S)
        stream_kib = (_resident_kib(server) - empty_kib) / STREAMS
        rounds = [
            [await asyncio.to_thread(measured, subject, seconds=scale.seconds) for subject in (ours, theirs)]
            for _ in range(scale.rounds)
        ]
    beside, without = ([pair[which] for pair in rounds] for which in (0, 1))
    details = {"delays_ms": delays_ms, "stream_kib": stream_kib, "without": without, "beside": beside}
    return Outcome(_figures(delays_ms, requests_ms, stream_kib, without, beside), {"streams": details})


async def _delays_ms(server: Server, headers: Mapping[str, str], count: int) -> tuple[list[float], list[float]]:
    """Cancel uploads; return the times from each request to its event on the stream, and those to its response."""
    delays_ms, requests_ms = list[float](), list[float]()
    async with httpx.AsyncClient(base_url=server.url, headers=dict(headers), timeout=60) as http:
        reader, writer = await _opened(server, headers)
        for _ in range(count):
            granted = await http.post("/api/videos/upload/presigned", content=json.dumps(DECLARED))
            started_at = perf_counter()
            cancelling = asyncio.create_task(http.delete(f"/api/videos/{granted.json()['video_id']}/upload"))
            cancelling.add_done_callback(lambda _, at=started_at: requests_ms.append((perf_counter() - at) * 1000))
            await reader.readuntil(b"event: upload.cancelled\n")
            delays_ms.append((perf_counter() - started_at) * 1000)
            (await cancelling).raise_for_status()
        writer.transport.abort()
    return delays_ms, requests_ms


@asynccontextmanager
async def _idle_streams(server: Server, headers: Mapping[str, str]) -> AsyncGenerator[None]:
    opened = [
        each
        for _ in range(STREAMS // AT_ONCE)
        for each in await asyncio.gather(*(_opened(server, headers) for _ in range(AT_ONCE)))
    ]
    try:
        yield
    finally:
        for _, writer in opened:
            writer.transport.abort()


async def _opened(server: Server, headers: Mapping[str, str]) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A stream of the user that has received its snapshot."""
    reader, writer = await asyncio.open_connection(HOST, server.port, limit=2**24)
    request = f"GET /api/events HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: {headers['Authorization']}\r\n\r\n"
    writer.write(request.encode())
    await reader.readuntil(b"event: snapshot\n")
    await reader.readuntil(b"\n\n")
    return reader, writer


def _resident_kib(server: Server) -> int:
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="utf-8")
    found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
    return int(found.group(1)) if found else 0


def _figures(
    delays_ms: list[float], requests_ms: list[float], stream_kib: float, without: list[Round], beside: list[Round]
) -> list[Figure]:
    return [
        *_delay_figures("Redis", delays_ms, requests_ms),
        figure("E2", "memory of an idle stream", [stream_kib], measured=f"{STREAMS} streams", unit="KiB", at_most=40),
        figure(
            "E3",
            "p50 of a presign beside idle streams, against without",
            ratios(beside, without, "p50_ms"),
            measured=f"{medians(beside).p50_ms:.2f} ms against {medians(without).p50_ms:.2f} ms",
            at_most=1.1,
        ),
    ]


def _delay_figures(deployment: str, delays_ms: list[float], requests_ms: list[float]) -> list[Figure]:
    p50, p99 = median(delays_ms), quantiles(delays_ms, n=100)[98]
    count = f"{len(delays_ms)} events, from the request to the socket; to the response {median(requests_ms):.1f} ms"
    return [
        figure("E1", f"{deployment}: delay of an event, p50", [p50], measured=count, unit="ms", at_most=50),
        figure("E1", f"{deployment}: delay of an event, p99", [p99], measured=count, unit="ms", at_most=250),
    ]
