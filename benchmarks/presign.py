"""F1, F2, F3: presigned uploads per second, with a durable row and a verified token, against servers without either."""

import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
from tests.services.postgres import PostgresServer, running_postgres

from benchmarks import peers
from benchmarks.cores import beside_the_server
from benchmarks.figures import Figure, figure
from benchmarks.load import Round, Subject, in_turn, medians, ratios
from benchmarks.scale import Outcome, Scale
from benchmarks.seeds import name_in
from benchmarks.telecine import Bucket, on_postgres

OURS, COMPANION, BETTER_UPLOAD, EMPTY = "telecine", "companion", "better_upload", "litestar empty"
FASTAPI_SYNC, FASTAPI_ASYNC = "fastapi + boto3, sync", "fastapi + boto3, async"

DECLARED = {"filename": "holiday.mp4", "file_size": 73_400_320, "content_type": "video/mp4"}
_OTHERS_DECLARED = {
    "route": "videos",
    "files": [{"name": "holiday.mp4", "size": 73_400_320, "type": "video/mp4"}],
}
_JSON = {"Content-Type": "application/json"}

Results = dict[str, list[Round]]


def run(scale: Scale, folder: Path) -> Outcome:
    """Measure each server in turn, alone on its core; the load and Postgres run on the other cores."""
    peers.fetch()
    with beside_the_server() as core, running_postgres() as postgres:
        url = postgres.new_database()
        with _subjects(folder, url, core) as subjects:
            for subject in subjects:
                _check(subject)
            results = in_turn(subjects, rounds=scale.rounds, seconds=scale.seconds)
        _check_rows(postgres, url, results[OURS])
    return Outcome(_figures(results), {"presign": results})


@contextmanager
def _subjects(folder: Path, database_url: str, core: int) -> Generator[list[Subject]]:
    bucket = Bucket()
    installation = on_postgres(folder, database_url, bucket)
    keys = bucket.for_peers()
    declared, others_declared = json.dumps(DECLARED), json.dumps(_OTHERS_DECLARED)
    with ExitStack() as stack:
        ours = stack.enter_context(installation.serving(core=core))
        empty = stack.enter_context(peers.litestar_empty(folder, core))
        companion = stack.enter_context(peers.companion(folder, keys, core))
        better = stack.enter_context(peers.better_upload(folder, keys, core))
        sync = stack.enter_context(peers.fastapi_boto3(folder, keys, core, name=FASTAPI_SYNC))
        on_loop = stack.enter_context(peers.fastapi_boto3(folder, keys, core, name=FASTAPI_ASYNC))
        yield [
            Subject(ours, "/api/videos/upload/presigned", body=declared, headers=installation.headers()),
            Subject(companion, "/s3/params?filename=holiday.mp4&type=video%2Fmp4", method="GET"),
            Subject(sync, "/sync", body=declared, headers=_JSON),
            Subject(on_loop, "/async", body=declared, headers=_JSON),
            Subject(better, "/upload", body=others_declared, headers=_JSON),
            Subject(empty, "/", body=declared, headers=_JSON),
        ]


def _check(subject: Subject) -> None:
    """Check that the subject really signs, because a server that responds with anything else would be fast."""
    request = httpx.Request(
        subject.method, f"{subject.server.url}{subject.path}", content=subject.body, headers=dict(subject.headers)
    )
    with httpx.Client() as client:
        answer = client.send(request)
    answer.raise_for_status()
    if subject.name != EMPTY and "signature" not in answer.text.lower():
        raise RuntimeError(f"{subject.name} returned no signature: {answer.text[:500]}")


def _check_rows(postgres: PostgresServer, url: str, rounds: Sequence[Round]) -> None:
    """Check that the database has a row for every counted response."""
    answered = sum(each.requests for each in rounds)
    rows = int(postgres.execute("SELECT count(*) FROM videos", database=name_in(url)))
    if rows < answered:
        raise RuntimeError(f"{answered} uploads were granted, but the database has {rows} videos.")


def _figures(results: Results) -> list[Figure]:
    ours = results[OURS]
    fastest = max((FASTAPI_SYNC, FASTAPI_ASYNC), key=lambda name: medians(results[name]).requests_per_s)
    return [
        _rate(results, "F1", COMPANION, at_least=4),
        figure(
            "F1",
            "p99 of a presign, against companion's",
            ratios(ours, results[COMPANION], "p99_ms"),
            measured=f"{medians(ours).p99_ms:.1f} ms against {medians(results[COMPANION]).p99_ms:.1f} ms",
            at_most=1,
        ),
        _rate(results, "F2", fastest, at_least=2),
        _rate(results, "F2", BETTER_UPLOAD, at_least=1.2),
        figure(
            "F3",
            "CPU of a presign, against an empty Litestar answer",
            ratios(ours, results[EMPTY], "cpu_us"),
            measured=f"{medians(ours).cpu_us:.0f} µs against {medians(results[EMPTY]).cpu_us:.0f} µs",
            at_most=3,
        ),
    ]


def _rate(results: Mapping[str, Sequence[Round]], goal: str, peer: str, *, at_least: float) -> Figure:
    ours, theirs = results[OURS], results[peer]
    return figure(
        goal,
        f"presigns a second, against {peer.replace('_', '-')}",
        ratios(ours, theirs, "requests_per_s"),
        measured=f"{medians(ours).requests_per_s:,.0f}/s against {medians(theirs).requests_per_s:,.0f}/s",
        at_least=at_least,
    )
