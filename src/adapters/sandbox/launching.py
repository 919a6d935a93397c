"""The worker's side of the launcher: one launcher for each event loop, started with the first program."""

import asyncio
import errno
import os
import signal
import socket
import sys
import weakref
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from adapters.sandbox.launcher import encoded

_SOURCES = Path(__file__).resolve().parents[2]
_SERVE = f"import sys; sys.path.insert(0, {str(_SOURCES)!r}); from adapters.sandbox.launcher import main; main()"
_KILLED = -9
# A launcher that has not answered by then is ended; a busy machine answers earlier.
START_S = 120.0


@dataclass(slots=True)
class Launched:
    """A program that the launcher started: its process id, and when it has ended, its exit code."""

    number: str
    pid: int = 0
    exit_code: int = 0
    is_started: asyncio.Event = field(default_factory=asyncio.Event)
    exited: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class Command:
    """A program with its variables and the policies that confine it; see `confine.py`."""

    arguments: list[str]
    variables: dict[str, str]
    policies: list[str]

    def words(self) -> list[str]:
        """The command as the launcher reads it."""
        groups = ([f"{name}={value}" for name, value in self.variables.items()], self.policies, self.arguments)
        return [word for group in groups for word in (str(len(group)), *group)]


class Launcher:
    """Starts programs through the launcher of this event loop."""

    def __init__(self, connection: socket.socket, pid: int, end: Callable[[], object]) -> None:
        self.is_lost = False
        self._connection = connection
        self._pid = pid
        self._end = end
        self._running: dict[str, Launched] = {}
        self._received = b""
        self._count = 0
        # Messages with their pipes, in order; of the first one, the beginning may have been sent.
        self._outgoing: deque[tuple[bytes, list[int]]] = deque()
        asyncio.get_running_loop().add_reader(connection, self._receive)

    async def start(self, command: Command, folder: Path, pipes: list[int]) -> Launched:
        """Start a program in a folder with these pipes as its output and its errors.

        Raises:
            OSError: the launcher has died, does not answer, or can fork no process.
        """
        self._check()
        self._count += 1
        launched = self._running[str(self._count)] = Launched(str(self._count))
        self._say(encoded("start", launched.number, str(folder), *command.words()), pipes)
        try:
            async with asyncio.timeout(START_S):
                await launched.is_started.wait()
        except TimeoutError:
            os.kill(self._pid, signal.SIGKILL)
            self._lose()
        if not launched.pid:
            self._check()
            raise OSError(errno.EAGAIN, "no process could be forked")
        return launched

    def _check(self) -> None:
        if self.is_lost:
            raise OSError(errno.EPIPE, "the launcher has died")

    def reap(self, launched: Launched) -> None:
        """Let the process id of an ended program be used again."""
        if not self.is_lost:
            self._say(encoded("reap", launched.number), [])

    def _say(self, message: bytes, pipes: list[int]) -> None:
        self._outgoing.append((message, pipes))
        self._send()

    def _send(self) -> None:
        """Send what the socket takes, and go on when it takes more."""
        loop = asyncio.get_running_loop()
        try:
            while self._outgoing:
                message, pipes = self._outgoing[0]
                sent = socket.send_fds(self._connection, [message], pipes)
                self._outgoing.popleft()
                if sent < len(message):
                    self._outgoing.appendleft((message[sent:], []))
        except BlockingIOError:
            loop.add_writer(self._connection, self._send)
        except OSError:
            self._lose()
        else:
            loop.remove_writer(self._connection)

    def _receive(self) -> None:
        try:
            content = self._connection.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            content = b""
        if not content:
            self._lose()
        *lines, self._received = (self._received + content).split(b"\n")
        for line in lines:
            verb, number, value = line.decode().split(" ")
            if verb == "started":
                launched = self._running[number] if value != "0" else self._running.pop(number)
                launched.pid = int(value)
                launched.is_started.set()
            else:
                launched = self._running.pop(number)
                launched.exit_code = int(value)
                launched.exited.set()

    def _lose(self) -> None:
        """The launcher has died, and every program with it."""
        if self.is_lost:
            return
        self.is_lost = True
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._connection)
        loop.remove_writer(self._connection)
        self._end()
        for launched in self._running.values():
            launched.exit_code = _KILLED
            launched.is_started.set()
            launched.exited.set()
        self._running.clear()


_launchers: "weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Launcher]" = weakref.WeakKeyDictionary()


def running_launcher() -> Launcher:
    """The launcher of the running event loop; a new one if there is none, or if it has died.

    Raises:
        OSError: Python could not be started.
    """
    loop = asyncio.get_running_loop()
    launcher = _launchers.get(loop)
    if launcher is None or launcher.is_lost:
        launcher = _launchers[loop] = _spawned(loop)
    return launcher


def _spawned(loop: asyncio.AbstractEventLoop) -> Launcher:
    """Start a launcher; our end of its socket is closed at the latest with the event loop."""
    ours, its = socket.socketpair()
    with its:
        pid = os.posix_spawn(
            sys.executable,
            [sys.executable, "-I", "-S", "-c", _SERVE],
            {"LC_ALL": "C"},
            file_actions=[(os.POSIX_SPAWN_DUP2, its.fileno(), 0), (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
            setsid=True,
        )
    ours.settimeout(0)
    return Launcher(ours, pid, weakref.finalize(loop, _end, ours, pid))


def _end(connection: socket.socket, pid: int) -> None:
    """Without its socket, the launcher ends."""
    connection.close()
    with suppress(ChildProcessError):
        os.waitpid(pid, 0)
