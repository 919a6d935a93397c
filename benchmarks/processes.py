"""Processes that a benchmark starts and waits for, and whose CPU time it measures."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import clock_gettime, monotonic, sleep

from benchmarks.cores import on_cores

HOST = "127.0.0.1"
START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running process, and its port if it listens."""

    name: str
    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def url(self) -> str:
        """The base URL of the server."""
        return f"http://{HOST}:{self.port}"

    def cpu_s(self) -> float:
        """The CPU time of all its threads, in user and kernel mode."""
        # The clock id that clock_getcpuclockid(3) returns for the process; /proc counts in ticks, which are too coarse.
        return clock_gettime((~self.process.pid << 3) | 2)

    def accepts(self) -> bool:
        """Whether its port accepts connections."""
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex((HOST, self.port)) == 0

    def check(self) -> None:
        """Check that the process runs.

        Raises:
            RuntimeError: the process has ended; the message has the end of its log.
        """
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.name} has ended:\n{self.log.read_text(encoding='utf-8')[-3000:]}")


@contextmanager
def running(
    name: str,
    argv: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    core: int | None = None,
    port: int = 0,
    is_ready: Callable[[Server], bool] = Server.accepts,
) -> Generator[Server]:
    """Run a process, on one core or on any, until the block ends; it is killed if this process ends first."""
    log = folder / f"{name}.log"
    cores = os.sched_getaffinity(0) if core is None else {core}
    with on_cores(*cores), log.open("wb") as stream:
        process = subprocess.Popen(
            [need("setpriv", "Install util-linux."), "--pdeathsig", "KILL", "--", *argv],
            cwd=folder,
            env=dict(environment),
            stdout=stream,
            stderr=stream,
        )
    server = Server(name, process, port, log)
    try:
        wait_until(lambda: _ready(server, is_ready), f"{name} to be ready", timeout_s=START_TIMEOUT_S)
        yield server
    finally:
        _stop(process)


def _ready(server: Server, is_ready: Callable[[Server], bool]) -> bool:
    server.check()
    return is_ready(server)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def says(text: str) -> Callable[[Server], bool]:
    """A readiness check for a process without a port: its log contains this text."""
    return lambda server: text in server.log.read_text(encoding="utf-8")


def wait_until(condition: Callable[[], bool], what: str, *, timeout_s: float, every_s: float = 0.05) -> None:
    """Poll until the condition holds.

    Raises:
        TimeoutError: the condition did not hold in time.
    """
    deadline = monotonic() + timeout_s
    while not condition():
        if monotonic() > deadline:
            raise TimeoutError(f"Waited {timeout_s:.0f} s for {what}.")
        sleep(every_s)


def need(program: str, remedy: str) -> str:
    """The path of the program.

    Raises:
        SystemExit: the program is not installed; the message says how to install it.
    """
    path = shutil.which(program)
    if path is None:
        raise SystemExit(f"benchmarks: {program} is not installed. {remedy}")
    return path


def plain_environment() -> dict[str, str]:
    """The environment without variables that configure Telecine."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("TELECINE_", "OPENAI_"))}
