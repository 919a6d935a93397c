"""Telecine's processes, started as in production."""

import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.services.ports import free_port
from tests.services.s3 import S3Server

from benchmarks.processes import HOST, Server, plain_environment, running, says

SECRET = "a secret of the benchmarks, long enough for HS256"  # noqa: S105 (guards nothing)
USER = "bench"


@dataclass(frozen=True, slots=True)
class Bucket:
    """An S3 endpoint and its keys; a benchmark that only signs URLs needs no server there."""

    endpoint_url: str = f"http://{HOST}:9"
    name: str = "videos"
    region: str = "auto"
    access_key_id: str = "AKIDEXAMPLE0000000000"
    secret_access_key: str = field(default="made-up-secret-access-key-of-40-letters0", repr=False)

    @classmethod
    def of(cls, server: S3Server) -> "Bucket":
        """The bucket of a running server."""
        return cls(server.endpoint_url, server.bucket, server.region, server.access_key_id, server.secret_access_key)

    def for_telecine(self) -> dict[str, str]:
        """The bucket as Telecine's settings."""
        return {
            "TELECINE_S3_BUCKET": self.name,
            "TELECINE_S3_ENDPOINT_URL": self.endpoint_url,
            "TELECINE_S3_REGION": self.region,
            "TELECINE_S3_ACCESS_KEY_ID": self.access_key_id,
            "TELECINE_S3_SECRET_ACCESS_KEY": self.secret_access_key,
        }

    def for_peers(self) -> dict[str, str]:
        """The bucket as environment variables of the peers."""
        return {
            "BENCH_BUCKET": self.name,
            "BENCH_ENDPOINT": self.endpoint_url,
            "BENCH_REGION": self.region,
            "BENCH_KEY_ID": self.access_key_id,
            "BENCH_SECRET": self.secret_access_key,
        }


@dataclass(frozen=True, slots=True)
class Installation:
    """A folder and the settings that all processes of one installation share."""

    folder: Path
    settings: Mapping[str, str]

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the processes."""
        return {
            **plain_environment(),
            "TELECINE_DATA_DIR": str(self.folder / "data"),
            "TELECINE_LOG_FORMAT": "json",
            "TELECINE_TRANSCRIBER": "none",
            **self.settings,
        }

    def headers(self) -> dict[str, str]:
        """The headers that a client sends."""
        return {"Content-Type": "application/json", "Authorization": f"Bearer {self.command('token', '--user', USER)}"}

    def command(self, *words: str) -> str:
        """Run a `telecine` command, and return its output."""
        answer = subprocess.run(
            _telecine(*words), check=True, capture_output=True, text=True, cwd=self.folder, env=self.environment
        )
        return answer.stdout.strip()

    @contextmanager
    def serving(
        self, command: str = "serve", *, core: int | None = None, logs: Path | None = None
    ) -> Generator[Server]:
        """Run `telecine serve` or `telecine dev`; its log is in `logs`, by default the installation's folder."""
        port = free_port()
        argv = _telecine(command, "--port", str(port))
        environment = self.environment
        with running("telecine", argv, folder=logs or self.folder, environment=environment, core=core, port=port) as it:
            yield it

    @contextmanager
    def working(self, name: str = "worker", *options: str) -> Generator[Server]:
        """Run `telecine worker`."""
        data_dir = {"TELECINE_DATA_DIR": str(self.folder / name)}
        environment = self.environment | data_dir
        argv = _telecine("worker", *options)
        ready = says("The worker is ready.")
        with running(name, argv, folder=self.folder, environment=environment, is_ready=ready) as worker:
            yield worker


def on_postgres(folder: Path, database_url: str, bucket: Bucket, redis_url: str | None = None) -> Installation:
    """A production-like installation with a migrated database."""
    settings = {"TELECINE_DATABASE_URL": database_url, "TELECINE_JWT_SECRET": SECRET, **bucket.for_telecine()}
    if redis_url is not None:
        settings["TELECINE_REDIS_URL"] = redis_url
    installation = Installation(folder, settings)
    installation.command("migrate")
    return installation


def _telecine(*words: str) -> list[str]:
    return [sys.executable, "-m", "entrypoints.cli", *words]
