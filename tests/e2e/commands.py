"""Runs `telecine` commands as separate processes in a new folder."""

import os
import re
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from telecine_client.client import Client
from telecine_client.uploads.source_file import SourceFile
from tests.e2e.processes import wait_until

_LISTENS_ON = re.compile(r"Telecine listens on (http://\S+)")


@dataclass(frozen=True)
class Running:
    """A running command and its log."""

    process: subprocess.Popen[bytes]
    log: Path

    def url(self) -> str:
        """Wait until the server has started; return the URL that it listens on."""
        self.says("startup complete")
        line = _LISTENS_ON.search(self.log.read_text())
        assert line is not None, self.log.read_text()
        return line[1]

    def says(self, text: str) -> None:
        """Wait until the log contains this text; fail if the command ends first."""

        def has_text() -> bool:
            assert self.process.poll() is None, self.log.read_text()
            return text in self.log.read_text()

        wait_until(has_text)

    def stop(self, *, timeout_s: float) -> int:
        """Request a clean shutdown (SIGTERM); return the exit code."""
        self.process.terminate()
        return self.process.wait(timeout_s)


@dataclass(frozen=True)
class Shell:
    """Runs commands with a common data folder, in a folder without an `.env` file."""

    folder: Path
    environment: dict[str, str]

    @property
    def data_dir(self) -> Path:
        """The data folder of all commands."""
        return self.folder / "state"

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            _command(arguments),
            cwd=self.folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    @contextmanager
    def running(self, *arguments: str) -> Generator[Running]:
        """Run a command in the background; it is killed at the end of the block."""
        log = self.folder / f"{arguments[0]}.log"
        with log.open("wb") as stream:
            process = subprocess.Popen(
                _command(arguments), cwd=self.folder, env=self._environment(), stdout=stream, stderr=stream
            )
        try:
            yield Running(process, log)
        finally:
            process.kill()
            process.wait()

    def token(self) -> str:
        """Issue a bearer token with `telecine token`."""
        return self.run("token", "--user", "ada").stdout.strip()

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "TELECINE_DATA_DIR": str(self.data_dir), **self.environment}


def _command(arguments: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", "entrypoints.cli", *arguments]


def put(client: Client, grant: dict[str, Any], file: Path) -> None:
    """Send the file to the bucket in one PUT."""
    size_bytes = file.stat().st_size
    chunks = SourceFile.open_at(file).chunks(0, size_bytes, lambda _sent: None)
    client.put_bytes(grant["upload_url"], grant["headers"], chunks, size_bytes)
