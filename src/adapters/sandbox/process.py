"""Runs an untrusted program: limited in time and output, killed with its whole process group, always reaped."""

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from adapters.aio.uncancelled import finish
from adapters.sandbox.memory import PeakMemory
from adapters.sandbox.pipes import PIPE_BYTES, OnErrorLine, OnLine, Tail, pump

ProgressMarker = Callable[[], object]

ENVIRONMENT = {"LC_ALL": "C"}

_CHECK_EVERY_S = 1.0
_DRAIN_S = 1.0


class EndReason(StrEnum):
    """What ended a run: the program itself, or one of its time limits."""

    ITSELF = "itself"
    WALL_CLOCK = "wall clock"
    STALL = "stall"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended; a negative exit code is the signal that killed it, as in `subprocess`.

    `peak_memory_bytes` is the highest peak that was read: 0 if the program ended before the first reading.
    """

    exit_code: int
    ended_by: EndReason
    error_tail: str
    peak_memory_bytes: int = 0

    @property
    def is_success(self) -> bool:
        """Whether the program ended by itself with exit code 0."""
        return self.ended_by is EndReason.ITSELF and self.exit_code == 0


@dataclass(frozen=True, slots=True)
class RunLimits:
    """The limits of a run: its total time, and the time for which `progress_marker` may return the same value."""

    wall_s: float
    stall_s: float = float("inf")
    progress_marker: ProgressMarker = field(default=lambda: None)


async def run(
    argv: Sequence[str],
    *,
    folder: Path,
    limits: RunLimits,
    on_output: OnLine | None = None,
    on_error: OnErrorLine | None = None,
) -> Outcome:
    """Run a program in a folder, without a shell, input or this process's environment, and pass on its lines at once.

    Whatever ends the call (the program, a time limit, an error, a cancellation), the process group is dead and reaped
    before it returns. A line is truncated to 4 KiB.

    Raises:
        OSError: the program could not be started.
    """
    tail = Tail(on_error)
    process = await _start(argv, folder)
    memory = PeakMemory(process.transport.get_pid())
    tasks = (
        asyncio.ensure_future(process.wait()),
        asyncio.ensure_future(pump(process.protocol.stdout, on_output)),
        asyncio.ensure_future(pump(process.protocol.stderr, tail)),
    )
    try:
        ended_by = await _wait_for_end(tasks, limits, memory)
    finally:
        await finish(_end(process, tasks))
    _raise_first(tasks)
    return Outcome(process.exit_code, ended_by, tail.text, memory.peak_bytes)


class _Protocol(asyncio.subprocess.SubprocessStreamProtocol):
    """Signals the end of the program itself; asyncio also waits for every other process that has its pipes open."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        super().__init__(limit=PIPE_BYTES, loop=loop)
        self.exited = asyncio.Event()

    def process_exited(self) -> None:
        super().process_exited()
        self.exited.set()


@dataclass(frozen=True, slots=True)
class _Process:
    transport: asyncio.SubprocessTransport
    protocol: _Protocol

    @property
    def exit_code(self) -> int:
        """Valid once the program has ended."""
        return self.transport.get_returncode() or 0

    async def wait(self) -> None:
        """Wait for the program, then kill the children that it left: they would keep its pipes open."""
        await self.protocol.exited.wait()
        self.kill_group()

    def kill_group(self) -> None:
        """The program leads its own session, so its process id is also the id of its group."""
        with suppress(ProcessLookupError):  # The group is empty.
            os.killpg(self.transport.get_pid(), signal.SIGKILL)


async def _start(argv: Sequence[str], folder: Path) -> _Process:
    """Start the program; if the call is cancelled during the start, end the new process."""
    starting = asyncio.ensure_future(
        asyncio.get_running_loop().subprocess_exec(
            _Protocol,
            *argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=folder,
            env=ENVIRONMENT,
            start_new_session=True,
        )
    )
    try:
        await finish(starting)
    except asyncio.CancelledError:
        if starting.exception() is None:
            await finish(_end(_Process(*starting.result()), ()))
        raise
    return _Process(*starting.result())


async def _wait_for_end(tasks: Sequence["asyncio.Future[None]"], limits: RunLimits, memory: PeakMemory) -> EndReason:
    """Wait until the program (the first task) ends, a task fails, or a limit is reached."""
    clock = asyncio.get_running_loop().time
    started_at = moved_at = clock()
    last_marker = limits.progress_marker()
    while True:
        await asyncio.wait(
            tasks,
            timeout=min(_CHECK_EVERY_S, limits.wall_s / 4, limits.stall_s / 4),
            return_when=asyncio.FIRST_EXCEPTION,
        )
        if tasks[0].done() or any(task.done() and task.exception() for task in tasks):
            return EndReason.ITSELF
        memory.read()
        if (marker := limits.progress_marker()) != last_marker:
            last_marker, moved_at = marker, clock()
        if clock() - started_at > limits.wall_s:
            return EndReason.WALL_CLOCK
        if clock() - moved_at > limits.stall_s:
            return EndReason.STALL


async def _end(process: _Process, tasks: Sequence["asyncio.Future[None]"]) -> None:
    # After its end, its id may belong to another process; its group has been killed already.
    if not process.protocol.exited.is_set():
        process.kill_group()
    await process.protocol.exited.wait()
    if tasks:
        # Once the group is dead its pipes end, unless a child has moved to another session.
        await asyncio.wait(tasks, timeout=_DRAIN_S)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    process.transport.close()


def _raise_first(tasks: Sequence["asyncio.Future[None]"]) -> None:
    """An error in a line callback is raised to the caller that passed it."""
    for task in tasks:
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error
