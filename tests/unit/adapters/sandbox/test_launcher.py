"""The launcher itself, in this process: its messages, its programs and its end."""

import os
import signal
import socket
from collections.abc import Generator
from pathlib import Path

import pytest

from adapters.sandbox import launcher
from adapters.sandbox.launching import Command


class Worker:
    """The other end of the launcher's socket."""

    def __init__(self) -> None:
        self.socket, its = socket.socketpair()
        self.launcher = launcher._Launcher(its)
        self.output, self._output_end = os.pipe()

    def send(self, message: bytes, pipes: list[int] | None = None) -> None:
        """Send a message, and let the launcher act on it."""
        socket.send_fds(self.socket, [message], pipes or [])
        self.launcher.receive()

    def start(self, script: str, folder: Path) -> str:
        """Start a shell; its output is what it printed until its end."""
        words = Command(["/bin/sh", "-c", script], {"GREETING": "hello"}, []).words()
        self.send(launcher.encoded("start", "7", str(folder), *words), [self._output_end] * 2)
        os.close(self._output_end)
        content = b""
        while chunk := os.read(self.output, 4096):
            content += chunk
        return content.decode()

    def close(self) -> None:
        """Close everything."""
        self.socket.close()
        self.launcher._worker.close()
        os.close(self.output)


@pytest.fixture
def worker() -> Generator[Worker]:
    """A launcher and its worker."""
    made = Worker()
    yield made
    made.close()


@pytest.mark.parametrize(("script", "code"), [("exit 3", 3), ("kill -TERM $$", -signal.SIGTERM)])
def test_a_program_stays_a_zombie_until_it_is_reaped(worker: Worker, tmp_path: Path, script: str, code: int) -> None:
    """It gets the folder, the variables and the pipes."""
    assert worker.start(f"echo $GREETING; pwd; {script}", tmp_path) == f"hello\n{tmp_path}\n"
    (pid,) = worker.launcher._running
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    worker.launcher.report_exits()
    assert worker.socket.recv(4096).decode() == f"started 7 {pid}\nexited 7 {code}\n"
    assert Path(f"/proc/{pid}").exists()
    worker.send(launcher.encoded("reap", "7"))
    assert not Path(f"/proc/{pid}").exists()


def test_a_program_that_cannot_start_says_why(worker: Worker, tmp_path: Path) -> None:
    """On its own error output."""
    assert worker.start("true", tmp_path / "absent") == "confine: No such file or directory\n"
    (pid,) = worker.launcher._running
    assert os.waitpid(pid, 0)[1] >> 8 == launcher.FAILED


def test_a_message_may_come_in_pieces(worker: Worker) -> None:
    """Unknown messages are passed over; the end of the socket ends the launcher."""
    message = launcher.encoded("other", "1")
    for byte in message:
        worker.send(bytes([byte]))
    assert worker.launcher._received == b""
    worker.socket.shutdown(socket.SHUT_WR)
    worker.launcher.receive()
    assert not worker.launcher.is_open


def test_the_launcher_ends_with_its_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """It reports exits until then."""
    ours, its = socket.socketpair()
    woken, waker = socket.socketpair()
    handlers: list[object] = []
    codes: list[int] = []

    def its_socket(fileno: int) -> socket.socket:
        return its

    def record(*words: object) -> None:
        handlers.extend(words)

    monkeypatch.setattr(launcher.socket, "socket", its_socket)
    monkeypatch.setattr(launcher.socket, "socketpair", lambda: (woken, waker))
    monkeypatch.setattr(signal, "set_wakeup_fd", handlers.append)
    monkeypatch.setattr(signal, "signal", record)
    monkeypatch.setattr(os, "_exit", codes.append)
    ours.close()
    launcher.main()
    for each in (its, woken, waker):
        each.close()
    assert codes == [0]
    assert signal.SIGCHLD in handlers


def test_words_are_grouped_by_their_numbers() -> None:
    """As `Command.words` writes them."""
    command = Command(["a", "b"], {"X": "1"}, [])
    assert launcher._groups(command.words()) == [["X=1"], [], ["a", "b"]]
