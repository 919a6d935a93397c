"""Runs an untrusted program: limited in time and output, killed with its whole process group, always reaped."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from adapters.aio.uncancelled import finish
from adapters.sandbox.memory import PeakMemory
from adapters.sandbox.pipes import PIPE_BYTES, OnErrorLine, OnLine, Tail, pump

ProgressMarker = Callable[[], object]

ENVIRONMENT = {"LC_ALL": "C"}

_CHECK_EVERY_S = 1.0
_DRAIN_S = 1.0


class EndReason(StrEnum):
    """What ended a run: the program itself, one of its time limits, or the limit on what it may write."""

    ITSELF = "itself"
    WALL_CLOCK = "wall clock"
    STALL = "stall"
    OUTPUT = "output"


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
    """The limits of a run: its total time, and the time for which `progress_marker` may return the same value.

    `is_output_too_large` is asked every second; the run ends when it returns true.
    """

    wall_s: float
    stall_s: float = float("inf")
    progress_marker: ProgressMarker = field(default=lambda: None)
    is_output_too_large: Callable[[], bool] = field(default=lambda: False)


class Program(Protocol):
    """A program that was started: its pipes, its end, and its exit code once it has ended."""

    @property
    def pid(self) -> int:
        """The process id, which is also that of its group, because the program leads its own session."""
        ...

    @property
    def exit_code(self) -> int:
        """Valid once the program has ended."""
        ...

    @property
    def pipes(self) -> tuple[asyncio.StreamReader | None, asyncio.StreamReader | None]:
        """Its output and its errors."""
        ...

    @property
    def exited(self) -> asyncio.Event:
        """Set when the program itself has ended, even if others have its pipes open."""
        ...

    def close(self) -> None:
        """Close its pipes, and let its process id be used again."""
        ...


Start = Callable[[Sequence[str], Path], Awaitable[Program]]


async def run(
    argv: Sequence[str],
    *,
    folder: Path,
    limits: RunLimits,
    on_output: OnLine | None = None,
    on_error: OnErrorLine | None = None,
    start: Start | None = None,
) -> Outcome:
    """Run a program in a folder, without a shell, input or this process's environment, and pass on its lines at once.

    Whatever ends the call (the program, a time limit, an error, a cancellation), the process group is dead before
    it returns. A line is truncated to 4 KiB. `start` replaces the way in which the program is started.

    Raises:
        OSError: the program could not be started.
    """
    tail = Tail(on_error)
    program = await _started(start or start_directly, argv, folder)
    memory = PeakMemory(program.pid)
    output, errors = program.pipes
    tasks = (
        asyncio.ensure_future(_wait(program)),
        asyncio.ensure_future(pump(output, on_output)),
        asyncio.ensure_future(pump(errors, tail)),
    )
    try:
        ended_by = await _wait_for_end(tasks, limits, memory)
    finally:
        await finish(_end(program, tasks))
    _raise_first(tasks)
    return Outcome(program.exit_code, ended_by, tail.text, memory.peak_bytes)


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
class _DirectProgram:
    """A child of this process."""

    transport: asyncio.SubprocessTransport
    protocol: _Protocol

    @property
    def pid(self) -> int:
        return self.transport.get_pid()

    @property
    def exit_code(self) -> int:
        return self.transport.get_returncode() or 0

    @property
    def pipes(self) -> tuple[asyncio.StreamReader | None, asyncio.StreamReader | None]:
        return self.protocol.stdout, self.protocol.stderr

    @property
    def exited(self) -> asyncio.Event:
        return self.protocol.exited

    def close(self) -> None:
        self.transport.close()


async def start_directly(argv: Sequence[str], folder: Path) -> Program:
    """Start a program as a child of this process, without a sandbox."""
    transport, protocol = await asyncio.get_running_loop().subprocess_exec(
        _Protocol,
        *argv,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=folder,
        env=ENVIRONMENT,
        start_new_session=True,
    )
    return _DirectProgram(transport, protocol)


async def _started(start: Start, argv: Sequence[str], folder: Path) -> Program:
    """Start the program; if the call is cancelled during the start, end the new process."""
    starting = asyncio.ensure_future(start(argv, folder))
    try:
        return await finish(starting)
    except asyncio.CancelledError:
        if starting.exception() is None:
            await finish(_end(starting.result(), ()))
        raise


async def _wait(program: Program) -> None:
    """Wait for the program, then kill the children that it left: they would keep its pipes open."""
    await program.exited.wait()
    _kill_group(program)


def _kill_group(program: Program) -> None:
    with suppress(ProcessLookupError):  # The group is empty.
        os.killpg(program.pid, signal.SIGKILL)


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
        if limits.is_output_too_large():
            return EndReason.OUTPUT


async def _end(program: Program, tasks: Sequence["asyncio.Future[None]"]) -> None:
    # After its end, its id may belong to another process; its group has been killed already.
    if not program.exited.is_set():
        _kill_group(program)
    await program.exited.wait()
    if tasks:
        # Once the group is dead its pipes end, unless a child has moved to another session.
        await asyncio.wait(tasks, timeout=_DRAIN_S)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    program.close()


def _raise_first(tasks: Sequence["asyncio.Future[None]"]) -> None:
    """An error in a line callback is raised to the caller that passed it."""
    for task in tasks:
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error
