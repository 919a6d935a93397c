"""Runs `telecine dev` as a real process, for tests that start, use and kill it."""

import os
import signal
import sqlite3
import ssl
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx

from tests.services.ports import free_port

HOST = "127.0.0.1"
START_TIMEOUT_S = 180.0  # On a machine that is very busy.

# Loading the system's certificates takes longer than a request, and readiness is polled often.
_NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@dataclass
class Telecine:
    """One data folder, one port, and the `telecine dev` process on them while it runs.

    Its working directory is the parent of the data folder, which has no `.env` file.
    """

    data_dir: Path
    port: int = field(default_factory=free_port)
    environment: dict[str, str] = field(default_factory=dict[str, str])
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The server's base URL."""
        return f"http://{HOST}:{self.port}"

    @property
    def log(self) -> Path:
        """The log of all its processes, one after the other."""
        return self.data_dir.with_suffix(".log")

    def start(self) -> None:
        """Start the process and wait until it is ready."""
        options = ["--port", str(self.port), "--data-dir", str(self.data_dir)]
        with self.log.open("ab") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "entrypoints.cli", "dev", *options],
                stdout=stream,
                stderr=stream,
                cwd=self.data_dir.parent,
                env={**os.environ, **self.environment},
            )
        deadline = monotonic() + START_TIMEOUT_S
        while not self.is_ready():
            assert self.process.poll() is None, self.log.read_text()
            assert monotonic() < deadline, self.log.read_text()
            sleep(0.05)

    def is_ready(self) -> bool:
        """Whether the server answers that it is ready."""
        try:
            return httpx.get(f"{self.url}/health/ready", verify=_NO_CERTIFICATES).is_success
        except httpx.HTTPError:
            return False

    def kill(self) -> None:
        """Kill the process (SIGKILL), without a clean shutdown."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> int:
        """Request a clean shutdown (SIGTERM); return the exit code."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def token(self, user: str = "ada") -> str:
        """Issue a bearer token with `telecine token`."""
        command = [sys.executable, "-m", "entrypoints.cli", "token", "--user", user, "--data-dir", str(self.data_dir)]
        environment = {**os.environ, **self.environment}
        return subprocess.run(
            command, check=True, capture_output=True, text=True, cwd=self.data_dir.parent, env=environment
        ).stdout.strip()

    def rows(self, query: str, parameters: Sequence[object] = ()) -> list[Any]:
        """Run a query on the database; return its rows."""
        connection = sqlite3.connect(self.data_dir / "telecine.db", timeout=20)
        try:
            return connection.execute(query, parameters).fetchall()
        finally:
            connection.close()

    def stored_keys(self) -> set[str]:
        """The keys of the objects in the bucket."""
        objects = self.data_dir / "bucket" / "objects"
        # Unlike `rglob`, this passes over a folder that is erased at the same time.
        return {str(Path(folder, name).relative_to(objects)) for folder, _, names in os.walk(objects) for name in names}

    def children_left(self) -> list[str]:
        """Command lines of ffmpeg processes that work inside the data folder."""
        work = str(self.data_dir)
        return [line for line in _command_lines() if "ffmpeg" in line.split(" ")[0] and work in line]


@contextmanager
def running(data_dir: Path, **environment: str) -> Generator[Telecine]:
    """Run a server that is ready, until the block ends."""
    telecine = Telecine(data_dir, environment=environment)
    try:
        telecine.start()
        yield telecine
    finally:
        telecine.kill()


def wait_until(condition: Callable[[], bool], *, timeout_s: float = 180.0) -> None:
    """Poll until the condition holds; fail after the timeout."""
    deadline = monotonic() + timeout_s
    while not condition():
        assert monotonic() < deadline, "the condition did not hold in time"
        sleep(0.05)


def _command_lines() -> list[str]:
    lines: list[str] = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue  # The process ended after it was listed.
    return lines
