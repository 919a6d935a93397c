"""Telecine's programs as processes that can be killed, paused and restarted."""

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from urllib.parse import urlsplit

from entrypoints.bootstrap.failpoints import VARIABLE as CRASH_AT
from entrypoints.cli.main import main
from tests.e2e.processes import wait_until

READY_TIMEOUT_S = 180.0  # On a machine that is very busy.
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG in <sys/prctl.h>.

# Each process is forked from one that has imported everything, because a run starts hundreds of processes.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    [
        "tests.torture.programs",
        "entrypoints.cli.commands.servers",
        "entrypoints.worker.worker",
        "entrypoints.cli.commands.upload",
    ]
)

# Starting a process polls all others, and two threads must not poll the same process at once.
_POLLING = threading.Lock()


@dataclass
class Program:
    """One command of Telecine with its settings, and the process that runs it while it runs."""

    arguments: tuple[str, ...]
    log: Path
    environment: Mapping[str, str]
    url: str | None = None
    ready_words: str = ""
    process: ForkServerProcess | None = field(default=None)
    _log_start: int = 0

    def start(self, *, crash_at: str = "", environment: Mapping[str, str] | None = None) -> None:
        """Start the process without waiting until it is ready; it kills itself at `crash_at`, if given."""
        armed = {CRASH_AT: crash_at} if crash_at else {}
        self._log_start = self.log.stat().st_size if self.log.exists() else 0
        given = {**os.environ, **self.environment, **(environment or {}), **armed}
        self.process = _FORKS.Process(target=_become, args=(self.arguments, self.log, given), daemon=True)
        with _POLLING:
            self.process.start()

    def wait_ready(self) -> None:
        """Wait until the program is ready."""
        wait_until(self._is_ready_or_dead, timeout_s=READY_TIMEOUT_S)
        assert self.is_alive, self.output()

    @property
    def exit_code(self) -> int | None:
        """The exit code as in `subprocess`; None while the process runs, and before its start."""
        with _POLLING:
            return self.process.exitcode if self.process is not None else None

    @property
    def is_alive(self) -> bool:
        """Whether the process was started and has not ended."""
        return self.process is not None and self.exit_code is None

    def was_killed(self) -> bool:
        """Whether SIGKILL ended the process, as at a crash point."""
        return self.exit_code == -signal.SIGKILL

    def kill(self) -> None:
        """Kill the process (SIGKILL), without a clean shutdown."""
        if self.is_alive:
            self.signal(signal.SIGKILL)
            self.wait()

    def stop(self, *, timeout_s: float = 30.0) -> int:
        """Request a clean shutdown (SIGTERM); return the exit code."""
        self.signal(signal.SIGTERM)
        return self.wait(timeout_s=timeout_s)

    def wait(self, *, timeout_s: float = 30.0) -> int:
        """Wait until the process ends; return its exit code."""
        wait_until(lambda: self.exit_code is not None, timeout_s=timeout_s)
        code = self.exit_code
        assert code is not None
        return code

    def pause(self) -> None:
        """Freeze the process (SIGSTOP)."""
        self.signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Continue a frozen process (SIGCONT)."""
        self.signal(signal.SIGCONT)

    def signal(self, number: signal.Signals) -> None:
        """Send the process a signal, if it runs."""
        process = self.process
        if self.is_alive and process is not None and process.pid is not None:
            os.kill(process.pid, number)

    def output(self) -> str:
        """The log output since the last start."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as stream:
            stream.seek(self._log_start)
            return stream.read().decode(errors="replace")

    def is_ready(self) -> bool:
        """Whether the program says that it is ready."""
        if self.url is None:
            return self.ready_words in self.output()
        where = urlsplit(self.url)
        with closing(HTTPConnection(where.hostname or "", where.port, timeout=5)) as connection:
            try:
                connection.request("GET", "/health/ready")
                return connection.getresponse().status == HTTPStatus.OK
            except (OSError, HTTPException):
                return False

    def _is_ready_or_dead(self) -> bool:
        return not self.is_alive or self.is_ready()


def _become(arguments: tuple[str, ...], log: Path, environment: Mapping[str, str]) -> None:
    """Turn this new process into the command, as if a shell had started it."""
    # The process ends with the run, even if the run is killed.
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    os.chdir(log.parent)
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(descriptor, sys.stdout.fileno())
    os.dup2(descriptor, sys.stderr.fileno())
    os.environ.clear()
    os.environ.update(environment)
    main(list(arguments))


def ffmpeg_left(folder: Path) -> list[str]:
    """The ffmpeg, ffprobe and yt-dlp processes in /proc that work on files inside this folder."""
    lines: list[str] = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue  # The process ended after it was listed.
        is_ours = Path(words[0]).name in {"ffmpeg", "ffprobe"} or "yt_dlp" in words
        if is_ours and any(str(folder) in word for word in words):
            lines.append(" ".join(words))
    return lines
