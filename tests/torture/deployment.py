"""Deployments under test: their processes and settings, with access to their database and bucket from outside."""

import os
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from domain.model.uploads.multipart import MIN_PART_BYTES
from entrypoints.config.imports import TEST_SITE_VARIABLE
from tests.e2e.processes import HOST
from tests.services.ports import free_port
from tests.services.postgres import PostgresServer, running_postgres
from tests.services.redis import RunningRedis, running_redis
from tests.services.s3 import S3Server, running_rclone
from tests.services.transcription_server import TranscriptionServer, running_transcription_server
from tests.services.video_site import VideoSite, running_video_site
from tests.torture.buckets import Bucket, FolderBucket, S3Bucket, files_below
from tests.torture.programs import Program
from tests.torture.rows import PostgresRows, Row, Rows, SqliteRows

LEASE_S = 3.0
WORKERS = 2
OWNER = "ada"
_SECRET = "torture-torture-torture-torture-torture"

# Short times, so that lost work is found within seconds; settings that are not listed have their defaults.
_SHORT_TIMES = {
    "TELECINE_JOB_LEASE_SECONDS": str(LEASE_S),
    "TELECINE_JOB_RENEW_SECONDS": "0.75",
    "TELECINE_JOB_RESEND_SECONDS": "2",
    "TELECINE_SWEEP_SECONDS": "0.5",
    "TELECINE_COMPRESSION_PRESET": "ultrafast",
    "TELECINE_FFMPEG_THREADS": "1",
    "TELECINE_MULTIPART_PART_BYTES": str(MIN_PART_BYTES),
    "TELECINE_DISK_RESERVE_BYTES": "0",
    "TELECINE_TRANSCRIBER": "openai",
    "TELECINE_YOUTUBE_IMPORT": "true",
    "TELECINE_YOUTUBE_MAX_BYTES": "100000000",
    "TELECINE_JWT_SECRET": _SECRET,
    "TELECINE_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
    "OPENAI_API_KEY": "torture",
}


@dataclass
class Deployment:
    """One installation; an embedded one runs the API and its only worker in one program."""

    folder: Path
    api: Program
    workers: list[Program]
    rows: Rows
    bucket: Bucket
    transcription: TranscriptionServer
    token: str = field(repr=False)
    site: VideoSite | None = None
    more_apis: list[Program] = field(default_factory=list[Program])

    @property
    def apis(self) -> list[Program]:
        """Every API."""
        return [self.api, *self.more_apis]

    @property
    def programs(self) -> list[Program]:
        """The APIs and the workers, each program once."""
        return [*self.apis, *(worker for worker in self.workers if worker is not self.api)]

    @property
    def is_embedded(self) -> bool:
        """Whether one program is both API and worker."""
        return self.api in self.workers

    def start(self) -> None:
        """Start every program that does not run, and wait until all are ready."""
        for program in self.programs:
            if not program.is_alive:
                program.start()
        for program in self.programs:
            program.wait_ready()

    def kill(self) -> None:
        """Kill every process."""
        for program in self.programs:
            program.kill()

    def show(self, clip: Path) -> None:
        """Make the stand-in site for imports serve this clip."""
        assert self.site is not None
        self.site.folder, self.site.video = clip.parent, clip.name

    def run(self, *arguments: str) -> str:
        """Run a command with the settings of the programs; return its output."""
        return _run(self.folder, self.api.environment, *arguments)

    def unsettled_jobs(self) -> list[Row]:
        """Jobs that run, are due, or wait for a retry."""
        return self.rows.read(
            "SELECT id, video_id, kind, state, attempt, last_error FROM jobs WHERE state = 'running' "  # noqa: S608
            f"OR (state = 'queued' AND (attempt > 0 OR run_after <= {self.rows.now}))"
        )

    def leftover_files(self) -> list[str]:
        """Folders of job attempts, and files of objects that were never moved into the bucket."""
        state = self.folder / "state"
        folders = [folder for folder, _, _ in os.walk(state / "work") if Path(folder).name.startswith("job-")]
        return [*folders, *(path.as_posix() for path, _ in files_below(state / "bucket" / "incoming"))]


@dataclass(frozen=True)
class Services:
    """The servers that the production deployments of one run share."""

    postgres: PostgresServer
    redis: RunningRedis
    s3: S3Server
    objects: Path
    numbers: "count[int]" = field(default_factory=count)


@contextmanager
def running_services(folder: Path) -> Generator[Services]:
    """Run Postgres, Redis and an S3 server; they end with the thread that enters the block."""
    objects = folder / "objects"
    objects.mkdir()
    with running_postgres() as postgres, running_redis() as redis, running_rclone(objects) as s3:
        yield Services(postgres, redis, s3, objects)


@contextmanager
def embedded(folder: Path, *, settings: Mapping[str, str] | None = None) -> Generator[Deployment]:
    """Run `telecine dev` on SQLite and a folder."""
    with running_transcription_server() as transcription, running_video_site(folder) as site:
        environment = {**_SHORT_TIMES, **_at(folder, transcription, site), **(settings or {})}
        port = free_port()
        url = f"http://{HOST}:{port}"
        dev = Program(("dev", "--port", str(port)), folder / "dev.log", environment, url=url)
        rows = SqliteRows(folder / "state" / "telecine.db")
        bucket = FolderBucket(folder / "state" / "bucket" / "objects")
        yield from _used(Deployment(folder, dev, [dev], rows, bucket, transcription, _token(folder, environment), site))


@contextmanager
def production(
    folder: Path,
    services: Services,
    *,
    endpoint_url: str | None = None,
    settings: Mapping[str, str] | None = None,
    apis: int = 1,
    workers: int = WORKERS,
) -> Generator[Deployment]:
    """Run APIs and workers on a new Postgres database, Redis database and bucket."""
    with ExitStack() as stack:
        transcription = stack.enter_context(running_transcription_server())
        site = stack.enter_context(running_video_site(folder))
        bucket = S3Bucket(services.objects / services.s3.new_bucket(), services.s3)
        database_url = services.postgres.new_database()
        environment = {
            **_SHORT_TIMES,
            **_at(folder, transcription, site),
            **_s3(bucket, endpoint_url),
            "TELECINE_DATABASE_URL": database_url,
            "TELECINE_REDIS_URL": f"redis://{HOST}:{services.redis.port}/{next(services.numbers)}",
            **(settings or {}),
        }
        _run(folder, environment, "migrate")
        api, *more_apis = [_api(folder, environment, number) for number in range(apis)]
        rows = PostgresRows(database_url)
        stack.callback(rows.close)
        yield from _used(
            Deployment(
                folder,
                api,
                [_worker(folder, environment, number) for number in range(workers)],
                rows,
                bucket,
                transcription,
                _token(folder, environment),
                site,
                more_apis,
            )
        )


def _api(folder: Path, environment: Mapping[str, str], number: int) -> Program:
    port = free_port()
    arguments = ("serve", "--port", str(port))
    return Program(arguments, folder / f"api-{number}.log", environment, url=f"http://{HOST}:{port}")


def _worker(folder: Path, environment: Mapping[str, str], number: int) -> Program:
    log = folder / f"worker-{number}.log"
    return Program(("worker",), log, environment, ready_words="The worker is ready")


def _used(deployment: Deployment) -> Generator[Deployment]:
    try:
        deployment.start()
        deployment.rows.audit()
        yield deployment
    finally:
        deployment.kill()


def _at(folder: Path, transcription: TranscriptionServer, site: VideoSite) -> dict[str, str]:
    return {
        "TELECINE_DATA_DIR": str(folder / "state"),
        "OPENAI_BASE_URL": transcription.base_url,
        TEST_SITE_VARIABLE: site.watch_url,
    }


def _s3(bucket: S3Bucket, endpoint_url: str | None) -> dict[str, str]:
    server = bucket.server
    return {
        "TELECINE_S3_BUCKET": bucket.objects.name,
        "TELECINE_S3_ENDPOINT_URL": endpoint_url or server.endpoint_url,
        "TELECINE_S3_REGION": server.region,
        "TELECINE_S3_ACCESS_KEY_ID": server.access_key_id,
        "TELECINE_S3_SECRET_ACCESS_KEY": server.secret_access_key,
    }


def _token(folder: Path, environment: Mapping[str, str]) -> str:
    return _run(folder, environment, "token", "--user", OWNER).strip()


def _run(folder: Path, environment: Mapping[str, str], *arguments: str) -> str:
    """Run a command to its end; return its output."""
    command = [sys.executable, "-m", "entrypoints.cli", *arguments]
    ended = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=folder, env={**os.environ, **environment}
    )
    if ended.returncode != 0:
        raise RuntimeError(f"`{' '.join(arguments)}` failed: {ended.stderr[-2000:]}")
    return ended.stdout
