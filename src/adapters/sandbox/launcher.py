"""The launcher: a small process that starts confined programs for its worker.

Starting Python for every program would cost 20 ms of CPU, and forking the worker itself is unsafe, because it has
threads. The launcher has one thread, and no secrets in its memory or environment. It lives as long as its worker: it
ends when the socket on its standard input ends, and kills what it has started.

What a program leaves behind when it ends, also in a session of its own, becomes a child of the launcher and is killed.

The worker sends a message for each program: its number, folder, variables, policies (see `confine.py`) and arguments,
with the pipes for its output. The answers are lines: `started NUMBER PID`, with 0 if it could not be forked, then
`exited NUMBER CODE`. The program stays a zombie, so that its process id cannot belong to another one, until the worker
sends `reap NUMBER`.
"""

import os
import select
import signal
import socket
import struct
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from adapters.sandbox.confine import FAILED, adopt_orphans, become, confine

LENGTH = struct.Struct("=I")
PIPES = 2
MAX_GENERATIONS = 1000
SEPARATOR = b"\0"

_START, _REAP = b"start", b"reap"


def encoded(*words: str) -> bytes:
    """A message to the launcher; no word may contain a zero byte, as in every command line."""
    body = SEPARATOR.join(os.fsencode(word) for word in words)
    return LENGTH.pack(len(body)) + body


def main() -> NoReturn:
    """Serve the socket on standard input until it ends."""
    worker = socket.socket(fileno=0)
    woken, waker = socket.socketpair()
    waker.settimeout(0)
    signal.set_wakeup_fd(waker.fileno())
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    adopt_orphans()
    launcher = _Launcher(worker, has_orphans=True)
    try:
        while launcher.is_open:
            readable, _, _ = select.select([worker, woken], [], [])
            if woken in readable:
                woken.recv(4096)
                launcher.report_exits()
            if worker in readable:
                launcher.receive()
    except OSError:
        pass  # The worker has died.
    finally:
        launcher.kill_all()
        os._exit(0)


class _Launcher:
    def __init__(self, worker: socket.socket, *, has_orphans: bool = False) -> None:
        self.is_open = True
        self._worker = worker
        self._has_orphans = has_orphans
        self._received = b""
        self._pipes: list[int] = []
        self._running: dict[int, str] = {}
        self._exited: dict[str, int] = {}

    def receive(self) -> None:
        """Read what the worker sent, and do what its complete messages say."""
        content, pipes, _, _ = socket.recv_fds(self._worker, 1 << 16, PIPES)
        self.is_open = bool(content)
        self._received += content
        self._pipes += pipes
        while len(self._received) >= LENGTH.size:
            end = LENGTH.size + LENGTH.unpack_from(self._received)[0]
            if len(self._received) < end:
                break
            body, self._received = self._received[LENGTH.size : end], self._received[end:]
            self._do(body.split(SEPARATOR))

    def report_exits(self) -> None:
        """Tell the worker which programs have ended; they stay zombies."""
        for pid in [*self._running]:
            ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is not None:
                number = self._running.pop(pid)
                self._exited[number] = pid
                code = ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status
                self._kill_orphans()
                self._say("exited", number, str(code))

    def _do(self, words: list[bytes]) -> None:
        verb, number = words[0], os.fsdecode(words[1])
        if verb == _START:
            pipes, self._pipes = self._pipes[:PIPES], self._pipes[PIPES:]
            pid = 0
            with suppress(OSError):  # The limit of processes or the memory is used up.
                pid = _fork(words[2:], pipes)
                self._running[pid] = number
            for pipe in pipes:
                os.close(pipe)
            self._say("started", number, str(pid))
        elif verb == _REAP:
            os.waitpid(self._exited.pop(number), 0)

    def kill_all(self) -> None:
        """Kill every program with its group, and what they leave."""
        for pid in self._running:
            with suppress(OSError):  # It has ended meanwhile.
                os.killpg(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
        self._running.clear()
        self._kill_orphans()

    def _kill_orphans(self) -> None:
        """Kill and reap every child that was not started here, and then those that it leaves."""
        for _ in range(MAX_GENERATIONS if self._has_orphans else 0):
            orphans = _children() - self._running.keys() - {*self._exited.values()}
            if not orphans:
                return
            for pid in orphans:
                with suppress(OSError):  # It has ended meanwhile.
                    os.kill(pid, signal.SIGKILL)
                    os.waitpid(pid, 0)

    def _say(self, *words: str) -> None:
        self._worker.sendall(" ".join(words).encode() + b"\n")


def _fork(words: list[bytes], pipes: list[int]) -> int:
    """Start a program: the words are the folder, and the variables, policies and arguments, each with its number."""
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        output, errors = pipes
        os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
        os.dup2(output, 1)
        os.dup2(errors, 2)
        os.closerange(3, max(*pipes, 1024) + 1)
        os.chdir(words[0])
        variables, policies, arguments = _groups([os.fsdecode(word) for word in words[1:]])
        confine(policies, parent)
        become(arguments, dict(variable.split("=", 1) for variable in variables))
    except (OSError, ValueError) as error:
        os.write(2, f"confine: {getattr(error, 'strerror', error)}\n".encode())
    finally:
        os._exit(FAILED)


def _children() -> set[int]:
    """The children of this process; none where the kernel does not list them."""
    pid = os.getpid()
    with suppress(OSError):
        return {int(child) for child in Path(f"/proc/self/task/{pid}/children").read_text().split()}
    return set()


def _groups(words: list[str]) -> list[list[str]]:
    groups: list[list[str]] = []
    while words:
        count = int(words[0])
        groups.append(words[1 : count + 1])
        words = words[count + 1 :]
    return groups
