"""Programs that a benchmark starts, waits for, and asks for the CPU they have used."""

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
    """A process that runs, and where it listens if it does."""

    name: str
    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def url(self) -> str:
        """Where it is reached."""
        return f"http://{HOST}:{self.port}"

    def cpu_s(self) -> float:
        """The CPU time that all its threads have used, in user mode and in the kernel."""
        # As clock_getcpuclockid(3) makes the clock of another process; /proc counts in ticks, which are too coarse.
        return clock_gettime((~self.process.pid << 3) | 2)

    def accepts(self) -> bool:
        """Whether somebody listens on its port."""
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex((HOST, self.port)) == 0

    def check(self) -> None:
        """Pass while it runs.

        Raises:
            RuntimeError: it has ended, and its last words.
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
    """A process on one core, or on any, from when it is ready until the block ends; it also ends with us."""
    log = folder / f"{name}.log"
    cores = os.sched_getaffinity(0) if core is None else {core}
    with on_cores(*cores), log.open("wb") as stream:
        process = subprocess.Popen(
            [need("setpriv", "It comes with util-linux."), "--pdeathsig", "KILL", "--", *argv],
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
    """For a process without a port: it is ready when it has written this."""
    return lambda server: text in server.log.read_text(encoding="utf-8")


def wait_until(condition: Callable[[], bool], what: str, *, timeout_s: float, every_s: float = 0.05) -> None:
    """Look again and again until the condition holds.

    Raises:
        TimeoutError: it did not in time.
    """
    deadline = monotonic() + timeout_s
    while not condition():
        if monotonic() > deadline:
            raise TimeoutError(f"Waited {timeout_s:.0f} s for {what}.")
        sleep(every_s)


def need(program: str, remedy: str) -> str:
    """The program's path.

    Raises:
        SystemExit: it is not installed, and how to get it.
    """
    path = shutil.which(program)
    if path is None:
        raise SystemExit(f"benchmarks: {program} is not installed. {remedy}")
    return path


def plain_environment() -> dict[str, str]:
    """Our environment without settings that were meant for another Telecine."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("TELECINE_", "OPENAI_"))}
