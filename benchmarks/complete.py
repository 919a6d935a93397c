"""F3a: CPU time of one `complete`, against aiobotocore's HEAD and a blocking Dramatiq send in a bare Litestar route."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from tests.services.postgres import PostgresServer, running_postgres
from tests.services.redis import running_redis
from tests.services.s3 import running_rclone

from benchmarks import peers
from benchmarks.cores import beside_the_server
from benchmarks.figures import figure
from benchmarks.load import ID_IN_PATH, Round, Subject, measured, medians, ratios
from benchmarks.scale import Outcome, Scale
from benchmarks.seeds import name_in, uploaded_video, videos_like, written
from benchmarks.telecine import Bucket, on_postgres

OURS, PEER = "telecine", "litestar complete"
SECONDS = 3  # Short, because thousands of videos have to be seeded per second.
_BODY = '{"success": true}'
_PATH = f"/api/videos/{ID_IN_PATH}/upload/complete"


def run(scale: Scale, folder: Path) -> Outcome:
    """Measure both in turn, alone on their core; load, Postgres, Redis and the bucket run on the other cores."""
    with beside_the_server() as core, ExitStack() as stack:
        postgres = stack.enter_context(running_postgres())
        redis_url = stack.enter_context(running_redis()).url
        url = postgres.new_database()
        bucket = Bucket.of(stack.enter_context(running_rclone()))
        installation = on_postgres(folder, url, bucket, redis_url)
        headers = installation.headers()
        server = stack.enter_context(installation.serving(core=core))
        video_id = uploaded_video(server, headers)
        key = postgres.execute(f"SELECT source_key FROM videos WHERE id = '{video_id}'", database=name_in(url))  # noqa: S608 (ours)
        settings = {**bucket.for_peers(), "BENCH_KEY": key, "BENCH_REDIS_URL": redis_url}
        peer = stack.enter_context(peers.litestar_complete(folder, settings, core))
        subjects = [
            Subject(server, _PATH, body=_BODY, headers=headers),
            Subject(peer, _PATH, body=_BODY, headers=headers),
        ]
        results = _in_turn(scale, subjects, partial(_fresh_ids, postgres, url, video_id, scale.completions, folder))
    return _outcome(results)


def _in_turn(scale: Scale, subjects: list[Subject], fresh_ids: Callable[[], Path]) -> dict[str, list[Round]]:
    """Give each round of each subject fresh videos, because a repeated `complete` would be cheap."""
    results: dict[str, list[Round]] = {subject.name: [] for subject in subjects}
    for number in range(scale.rounds + 1):
        for subject in subjects:
            result = measured(subject, seconds=SECONDS, ids=fresh_ids())
            if number:  # The first round only warms up.
                results[subject.name].append(result)
    return results


def _fresh_ids(postgres: PostgresServer, url: str, video_id: str, count: int, folder: Path) -> Path:
    return written(videos_like(postgres, url, video_id, count), folder / "ids")


def _outcome(results: dict[str, list[Round]]) -> Outcome:
    ours, theirs = results[OURS], results[PEER]
    reached = figure(
        "F3a",
        "CPU of one complete, against aiobotocore HEAD + blocking send",
        ratios(ours, theirs, "cpu_us"),
        measured=f"{medians(ours).cpu_us:,.0f} µs against {medians(theirs).cpu_us:,.0f} µs",
        at_most=0.5,
    )
    return Outcome([reached], {"complete": results})
