"""The layers in their order, on a kernel that only records; `tests/confinement` shows what the real one refuses."""

import errno
import os
import resource
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.sandbox import confine
from adapters.sandbox.confine import FAILED, OWN_PID, running_tasks

Call = tuple[str, tuple[object, ...]]
NO_NEW_PRIVILEGES, DEATH_SIGNAL, SECCOMP, DROP = 38, 1, 22, 24
CREATE, ADD, RESTRICT = 444, 445, 446


class Kernel:
    """Records the calls of the C library; one of them may fail."""

    def __init__(self, failing: str = "") -> None:
        self.calls: list[Call] = []
        self._failing = failing

    def __getattr__(self, name: str) -> Callable[..., int]:
        def call(*arguments: object) -> int:
            self.calls.append((name, arguments))
            if name == self._failing or arguments[:2] == (DROP, 41):
                return -1
            return os.open("/dev/null", os.O_RDONLY) if arguments[0] == CREATE else 0

        return call


class Ended(Exception):
    """The process would have ended."""


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, tuple[int, int]]]:
    """The resource limits that would have been set, and an end that only raises."""
    found: list[tuple[int, tuple[int, int]]] = []

    def end(code: int) -> None:
        raise Ended(code)

    def record(number: int, pair: tuple[int, int]) -> None:
        found.append((number, pair))

    monkeypatch.setattr(resource, "setrlimit", record)
    monkeypatch.setattr(os, "_exit", end)
    return found


def confined(monkeypatch: pytest.MonkeyPatch, policies: list[str], failing: str = "") -> list[Call]:
    """The calls that these policies make."""
    kernel = Kernel(failing)
    monkeypatch.setattr(confine, "_libc", kernel)
    confine.confine(policies, os.getppid())
    return kernel.calls


def test_privileges_go_before_files_and_files_before_system_calls(
    monkeypatch: pytest.MonkeyPatch, limits: list[object], tmp_path: Path
) -> None:
    """Landlock and the filter need the promise of no new privileges; the filter would refuse what precedes it."""
    (tmp_path / "file").touch()
    policies = [
        "seccomp=0600000001000000",
        "handled=65535:3:3",
        f"path=65535:{tmp_path}",
        f"path=65535:{tmp_path / 'file'}",
        f"path=1:{tmp_path / 'absent'}",
        "port=443",
        "limit=1:2:3",
    ]
    calls = confined(monkeypatch, policies)
    assert limits == [(1, (2, 3))]
    numbers = [arguments[0] for _, arguments in calls if arguments[0] != DROP]
    assert numbers[:2] == [DEATH_SIGNAL, NO_NEW_PRIVILEGES]
    assert numbers[3:] == [CREATE, ADD, ADD, ADD, RESTRICT, SECCOMP]
    assert [name for name, _ in calls].index("capset") < [arguments[0] for _, arguments in calls].index(CREATE)


def test_ports_need_a_kernel_that_limits_them(monkeypatch: pytest.MonkeyPatch, limits: list[object]) -> None:
    """An older one has a shorter structure."""
    calls = confined(monkeypatch, ["handled=8191:0:0", "port=443"])
    assert [arguments[0] for _, arguments in calls][-2:] == [CREATE, RESTRICT]
    assert limits == []


@pytest.mark.parametrize(("hard", "expected"), [(resource.RLIM_INFINITY, 1034), (50, 50)])
def test_processes_are_limited_beyond_those_that_run(
    monkeypatch: pytest.MonkeyPatch, limits: list[object], hard: int, expected: int
) -> None:
    """A hard limit of the host stays."""

    def ten(uid: int) -> int:
        return 10

    def current(number: int) -> tuple[int, int]:
        return hard, hard

    monkeypatch.setattr(confine, "running_tasks", ten)
    monkeypatch.setattr(resource, "getrlimit", current)
    confined(monkeypatch, ["processes=1024"])
    assert limits == [(resource.RLIMIT_NPROC, (expected, expected))]


def test_threads_are_counted_as_the_kernel_counts_them() -> None:
    """For their user."""
    stop = threading.Event()
    threads = [threading.Thread(target=stop.wait) for _ in range(5)]
    for thread in threads:
        thread.start()
    assert running_tasks(os.getuid()) >= 6
    assert running_tasks(2**31 - 2) == 0
    stop.set()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("failing", ["prctl", "capset", "syscall"])
def test_a_layer_that_fails_ends_the_process(
    monkeypatch: pytest.MonkeyPatch, limits: list[object], capfd: pytest.CaptureFixture[str], failing: str
) -> None:
    """The program does not start with less than was asked for."""
    monkeypatch.setattr("ctypes.get_errno", lambda: errno.EINVAL)
    with pytest.raises(Ended, match=str(FAILED)):
        confined(monkeypatch, ["handled=1:0:0"], failing)
    assert capfd.readouterr().err == f"confine: {failing}: Invalid argument\n"


def test_a_process_whose_parent_has_died_ends(monkeypatch: pytest.MonkeyPatch, limits: list[object]) -> None:
    """It would not get the signal of its parent's death any more."""
    monkeypatch.setattr(confine, "_libc", Kernel())
    with pytest.raises(Ended):
        confine.confine([], os.getppid() + 1)


def test_the_program_replaces_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the environment that it is given."""
    called: list[object] = []

    def record(*words: object) -> None:
        called.extend(words)

    monkeypatch.setattr(confine, "_replace", record)
    confine.become(["/bin/true", "x"], {"A": "b"})
    assert called == ["/bin/true", ["/bin/true", "x"], {"A": "b"}]


def test_the_mark_of_the_own_process_is_no_number_of_a_process() -> None:
    """Linux has at most 2^22 processes."""
    assert OWN_PID > 2**22
