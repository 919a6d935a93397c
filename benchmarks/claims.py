"""F9: the time from a client's `complete` until an idle worker claims the job."""

import http.client
from collections.abc import Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random
from statistics import median, quantiles
from time import sleep, time

from tests.services.postgres import running_postgres
from tests.services.redis import running_redis
from tests.services.s3 import running_rclone

from benchmarks.figures import Figure, figure
from benchmarks.processes import HOST, Server, wait_until
from benchmarks.rows import Rows, claimed_at, live_videos, note_claims, postgres_rows, sqlite_rows
from benchmarks.scale import Outcome, Scale
from benchmarks.seeds import uploaded_video, videos_like
from benchmarks.telecine import Bucket, Installation, on_postgres

# An idle worker may poll less often over time, so each measurement starts after a pause.
IDLE_S = (0.3, 0.6)


def run(scale: Scale, folder: Path) -> Outcome:
    """Measure through Redis with a separate worker, and inside the single process of `telecine dev`."""
    redis_ms = _through_redis(scale, folder / "redis")
    embedded_ms = _embedded(scale, folder / "embedded")
    figures = [
        _at_most("Redis: complete to claim, p50", redis_ms, median(redis_ms), 50),
        _at_most("Redis: complete to claim, p99", redis_ms, _p99(redis_ms), 250),
        _at_most("embedded: complete to claim, p50", embedded_ms, median(embedded_ms), 20),
    ]
    return Outcome(figures, {"claims": {"redis_ms": redis_ms, "embedded_ms": embedded_ms}})


def _through_redis(scale: Scale, folder: Path) -> list[float]:
    folder.mkdir()
    with ExitStack() as stack:
        postgres = stack.enter_context(running_postgres())
        redis_url = stack.enter_context(running_redis()).url
        bucket = Bucket.of(stack.enter_context(running_rclone()))
        url = postgres.new_database()
        installation = on_postgres(folder, url, bucket, redis_url)
        server = stack.enter_context(installation.serving())
        stack.enter_context(installation.working("worker", "--queues", "media"))
        rows = stack.enter_context(postgres_rows(url))
        headers = installation.headers()
        first = uploaded_video(server, headers)
        videos = videos_like(postgres, url, first, scale.claims)
        return _measured(server, headers, rows, [first, *videos])


def _embedded(scale: Scale, folder: Path) -> list[float]:
    folder.mkdir()
    installation = Installation(folder, {})
    with (
        installation.serving("dev") as server,
        sqlite_rows(folder / "data" / "telecine.db") as rows,
    ):
        headers = installation.headers()
        videos = [uploaded_video(server, headers) for _ in range(1 + scale.claims // 2)]
        return _measured(server, headers, rows, videos)


def _measured(server: Server, headers: Mapping[str, str], rows: Rows, videos: list[str]) -> list[float]:
    """The times in milliseconds, one video at a time; the first video only warms up."""
    note_claims(rows)
    random = Random(1)  # noqa: S311 (repeatable pauses)
    waits_ms: list[float] = []
    for video_id in videos:
        wait_until(lambda: live_videos(rows) == 0, "an idle worker", timeout_s=30)
        sleep(random.uniform(*IDLE_S))
        sent = _complete(server, video_id, headers)
        wait_until(lambda: claimed_at(rows, video_id) is not None, "a claim", timeout_s=30, every_s=0.1)  # noqa: B023 (called at once)
        waits_ms.append(((claimed_at(rows, video_id) or sent) - sent) * 1000)
    return waits_ms[1:]


def _complete(server: Server, video_id: str, headers: Mapping[str, str]) -> float:
    """Report the upload complete; returns the time of sending. The connection is open before, as a client's is."""
    with closing(http.client.HTTPConnection(HOST, server.port)) as connection:
        connection.connect()
        sent = time()
        connection.request("POST", f"/api/videos/{video_id}/upload/complete", '{"success": true}', dict(headers))
        answer = connection.getresponse()
        body = answer.read()
    if answer.status != http.client.OK:
        raise RuntimeError(f"complete returned {answer.status}: {body.decode()}")
    return sent


def _p99(waits_ms: list[float]) -> float:
    return quantiles(waits_ms, n=100, method="inclusive")[98]


def _at_most(what: str, waits_ms: list[float], value: float, limit: float) -> Figure:
    spread = f"{len(waits_ms)} times, {min(waits_ms):.0f} to {max(waits_ms):.0f} ms"
    return figure("F9", what, [value], measured=spread, at_most=limit, unit="ms")
