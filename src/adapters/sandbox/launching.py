"""The worker's side of the launcher: one launcher for each event loop, started with the first program."""

import asyncio
import errno
import os
import socket
import sys
import weakref
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from adapters.sandbox.launcher import LENGTH, encoded

_SOURCES = Path(__file__).resolve().parents[2]
_SERVE = f"import sys; sys.path.insert(0, {str(_SOURCES)!r}); from adapters.sandbox.launcher import main; main()"
_KILLED = -9


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

    def __init__(self, connection: int) -> None:
        self._connection = connection
        self._running: dict[str, Launched] = {}
        self._received = b""
        self._ended: list[str] = []
        self._count = 0
        self._sending = asyncio.Lock()
        self.is_lost = False
        asyncio.get_running_loop().add_reader(connection, self._receive)

    async def start(self, command: Command, folder: Path, pipes: list[int]) -> Launched:
        """Start a program in a folder with these pipes as its output and its errors.

        Raises:
            OSError: the launcher has died, or can fork no process.
        """
        if self.is_lost:
            raise _died()
        self._count += 1
        launched = self._running[str(self._count)] = Launched(str(self._count))
        message = encoded("start", launched.number, str(folder), *command.words())
        try:
            await self._send(message, pipes)
        except OSError:
            self._running.pop(launched.number, None)
            raise
        await launched.is_started.wait()
        if not launched.pid:
            raise _died() if self.is_lost else OSError(errno.EAGAIN, "no process could be forked")
        return launched

    def reap(self, launched: Launched) -> None:
        """Let the process id of an ended program be used again."""
        self._ended.append(launched.number)
        if not self._sending.locked():
            self._send_ended()

    def _send_ended(self) -> None:
        """Say which programs may be reaped; not while another message is half sent."""
        ended, self._ended = self._ended, []
        if not self.is_lost:
            with suppress(OSError):  # The launcher has died, and with it the zombies.
                os.write(self._connection, b"".join(encoded("reap", number) for number in ended))

    async def _send(self, message: bytes, pipes: list[int]) -> None:
        async with self._sending:
            head, rest = message[: LENGTH.size], message[LENGTH.size :]
            connection = socket.socket(fileno=self._connection)
            try:
                socket.send_fds(connection, [head], pipes)
                await asyncio.get_running_loop().sock_sendall(connection, rest)
                if self._ended:
                    self._send_ended()
            finally:
                connection.detach()

    def _receive(self) -> None:
        try:
            content = os.read(self._connection, 1 << 16)
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
        self.is_lost = True
        asyncio.get_running_loop().remove_reader(self._connection)
        for launched in self._running.values():
            launched.exit_code = _KILLED
            launched.is_started.set()
            launched.exited.set()
        self._running.clear()


def _died() -> OSError:
    return OSError(errno.EPIPE, "the launcher has died")


_launchers: "weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Launcher]" = weakref.WeakKeyDictionary()


def running_launcher() -> Launcher:
    """The launcher of the running event loop; a new one if there is none, or if it has died.

    Raises:
        OSError: Python could not be started.
    """
    loop = asyncio.get_running_loop()
    launcher = _launchers.get(loop)
    if launcher is None or launcher.is_lost:
        connection = _spawned(loop)
        launcher = _launchers[loop] = Launcher(connection)
    return launcher


def _spawned(loop: asyncio.AbstractEventLoop) -> int:
    """Start the launcher; return our end of its socket, which is closed at the latest with the event loop."""
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
    connection = ours.detach()
    weakref.finalize(loop, _end, connection, pid)
    return connection


def _end(connection: int, pid: int) -> None:
    """Without its socket, the launcher ends."""
    os.close(connection)
    with suppress(ChildProcessError):
        os.waitpid(pid, 0)
