"""F4, F5: API cost of an upload directly to the bucket, against one through the API."""

import sys
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import msgspec
from tests.services.ports import free_port
from tests.services.postgres import running_postgres
from tests.services.redis import running_redis

from benchmarks import peers
from benchmarks.cores import beside_the_server
from benchmarks.processes import HOST, plain_environment, running
from benchmarks.scale import Outcome, Scale
from benchmarks.sending import Api, Sender, Source, send_as_form, send_in_one_put, send_in_parts
from benchmarks.telecine import Bucket, Installation, on_postgres
from benchmarks.upload_figures import IN_PARTS, ONE_PUT, OUR_FORM, READ, SPOOLED, Observation, Observations, figures
from benchmarks.usage import Watch

ROOT = Path(__file__).resolve().parents[1]
MEMORY_DISK = Path("/dev/shm")  # noqa: S108 (a memory file system, so logs are not counted as disk writes)

SMALL_BYTES = 200_000_000
PACE_BYTES_PER_S = 20_000_000
PEERS_AT_ONCE = 4
FORMS_AT_ONCE = 8
TIMES_A_ROUND = 3
_WARM_UP_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Way:
    """One upload method, and the server that it uses."""

    name: str
    serving: Callable[[], AbstractContextManager[Api]]
    send: Sender


@dataclass(frozen=True, slots=True)
class Stage:
    """The environment of the uploads: the bucket, the installation and its cores."""

    folder: Path
    core: int
    bucket: Bucket
    installation: Installation
    headers: dict[str, str]
    logs: Path

    def ways(self) -> dict[str, Way]:
        """Every upload method by name."""
        route, ours, peer = "/api/videos/upload", self._telecine, self._fastapi
        ways = (
            Way(ONE_PUT, ours, send_in_one_put),
            Way(IN_PARTS, ours, send_in_parts),
            Way(OUR_FORM, ours, send_as_form(route)),
            Way(SPOOLED, peer, send_as_form("/spooled")),
            Way(READ, peer, send_as_form("/read")),
        )
        return {way.name: way for way in ways}

    @contextmanager
    def _telecine(self) -> Generator[Api]:
        with self.installation.serving(core=self.core, logs=self.logs) as server:
            yield Api(server, self.headers)

    @contextmanager
    def _fastapi(self) -> Generator[Api]:
        with peers.fastapi_upload(self.folder, self.bucket.for_peers(), self.core) as server:
            yield Api(server)


def run(scale: Scale, folder: Path) -> Outcome:
    """Measure every method in turn, each with a fresh server whose core it shares only with Postgres and Redis."""
    peers.fetch()
    with _stage(folder) as stage:
        observations = _observed(stage, scale)
    return Outcome(figures(observations), {"uploads": msgspec.to_builtins(observations)})


@contextmanager
def _stage(folder: Path) -> Generator[Stage]:
    with ExitStack() as stack:
        # Postgres and Redis may use any core, because clients and bucket saturate theirs during an upload.
        url = stack.enter_context(running_postgres()).new_database()
        redis_url = stack.enter_context(running_redis()).url
        core = stack.enter_context(beside_the_server())
        bucket = stack.enter_context(_sink(folder))
        logs = Path(stack.enter_context(TemporaryDirectory(dir=MEMORY_DISK)))
        installation = on_postgres(folder, url, bucket, redis_url)
        yield Stage(folder, core, bucket, installation, installation.headers(), logs)


@contextmanager
def _sink(folder: Path) -> Generator[Bucket]:
    port = free_port()
    bucket = Bucket(f"http://{HOST}:{port}")
    keys = bucket.access_key_id, bucket.secret_access_key
    argv = [sys.executable, "-m", "benchmarks.sink", str(port), *keys]
    environment = {**plain_environment(), "PYTHONPATH": str(ROOT)}
    with running("sink", argv, folder=folder, environment=environment, port=port):
        yield bucket


def _observed(stage: Stage, scale: Scale) -> Observations:
    ways, folder = stage.ways(), stage.folder
    small = Source.made(folder / "small.mp4", SMALL_BYTES)
    paced = Source.made(folder / "paced.mp4", SMALL_BYTES, bytes_per_s=PACE_BYTES_PER_S)
    large = Source.made(folder / "large.mp4", scale.video_bytes)
    medium = Source.made(folder / "medium.mp4", scale.video_bytes // 4)
    compared = [ways[name] for name in (ONE_PUT, IN_PARTS, OUR_FORM, READ)]
    observe = partial(_observe, warm_up=Source.made(folder / "warm-up.mp4", _WARM_UP_BYTES))
    return Observations(
        straight={name: observe(ways[name], large, at_once=scale.uploads) for name in (ONE_PUT, IN_PARTS)},
        spooled=observe(ways[SPOOLED], large, at_once=PEERS_AT_ONCE),
        forms=[observe(ways[OUR_FORM], source, at_once=FORMS_AT_ONCE) for source in (medium, large)],
        rounds=[
            {way.name: observe(way, small, at_once=1, times=TIMES_A_ROUND) for way in compared}
            for _ in range(scale.upload_rounds)
        ],
        paced={way.name: observe(way, paced, at_once=1) for way in compared},
    )


def _observe(way: Way, source: Source, *, warm_up: Source, at_once: int, times: int = 1) -> Observation:
    """Measure the server during `at_once * times` uploads, of which `at_once` run concurrently."""
    sys.stderr.write(f"benchmarks: {at_once * times} uploads of {source.size_bytes:,} bytes, {way.name}\n")
    with way.serving() as api:
        way.send(api, warm_up)  # Modules and caches that the first request loads are not measured.
        watch, began = Watch(api.server), perf_counter()
        with ThreadPoolExecutor(at_once) as pool:
            clients = [Api(api.server, api.headers) for _ in range(at_once * times)]
            busy_s = list(pool.map(partial(_busy_s, way, source), clients))
        return Observation(
            uploads=len(busy_s),
            at_once=at_once,
            size_bytes=source.size_bytes,
            seconds=perf_counter() - began,
            api_s=sum(busy_s) / len(busy_s),
            usage=watch.seen(),
        )


def _busy_s(way: Way, source: Source, client: Api) -> float:
    """Upload once; return for how long a request to the API was open."""
    way.send(client, source)
    return client.busy_s
