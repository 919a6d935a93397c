"""The launcher dies, or is asked for more than one program."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from adapters.sandbox import launching
from adapters.sandbox.launching import Command, running_launcher
from adapters.sandbox.limits import Allowance, Sandbox
from adapters.sandbox.process import Outcome, RunLimits
from tests.e2e.processes import wait_until

pytestmark = pytest.mark.anyio

ALLOWANCE = Allowance(wall_s=60, output_bytes=4096, threads=1)


async def shell(script: str, folder: Path, printed: list[str]) -> Outcome:
    """Run a script in the sandbox of this host."""
    sandbox = await Sandbox.detect()
    argv = ["/bin/sh", "-c", script]
    return await sandbox.run(argv, ALLOWANCE, folder=folder, limits=RunLimits(60), on_output=printed.append)


async def test_programs_run_side_by_side(tmp_path: Path) -> None:
    """Each has its own output and its own exit code."""
    outputs: list[list[str]] = [[] for _ in range(30)]
    scripts = [f"echo {number}; exit {number}" for number in range(30)]
    outcomes = await asyncio.gather(*(shell(each, tmp_path, to) for each, to in zip(scripts, outputs, strict=True)))
    assert [outcome.exit_code for outcome in outcomes] == [*range(30)]
    assert outputs == [[str(number)] for number in range(30)]


async def test_a_program_dies_with_its_launcher_and_the_next_one_gets_a_new_launcher(tmp_path: Path) -> None:
    """The run ends as if the program had been killed."""
    printed: list[str] = []
    running = asyncio.ensure_future(shell("echo $PPID; while :; do :; done", tmp_path, printed))
    await asyncio.to_thread(wait_until, lambda: printed != [])
    os.kill(int(printed[0]), signal.SIGKILL)
    assert (await running).exit_code == -signal.SIGKILL
    assert (await shell("exit 7", tmp_path, [])).exit_code == 7


async def test_a_launcher_that_dies_at_the_start_is_an_error(tmp_path: Path) -> None:
    """The job is tried again."""
    await shell("exit 0", tmp_path, [])
    launcher = running_launcher()
    first, second = os.pipe()
    printed: list[str] = []
    running = asyncio.ensure_future(shell("echo $PPID; while :; do :; done", tmp_path, printed))
    await asyncio.to_thread(wait_until, lambda: printed != [])
    os.kill(int(printed[0]), signal.SIGKILL)
    await running
    with pytest.raises(OSError, match="launcher has died"):
        await launcher.start(Command(["/bin/true"], {}, []), tmp_path, [first, second])
    os.close(first)
    os.close(second)


async def test_a_cancelled_run_kills_its_program(tmp_path: Path) -> None:
    """It is dead when the cancellation returns."""
    printed: list[str] = []
    running = asyncio.ensure_future(shell("echo $$; while :; do :; done", tmp_path, printed))
    await asyncio.to_thread(wait_until, lambda: printed != [])
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    status = Path(f"/proc/{printed[0]}/stat")
    await asyncio.to_thread(wait_until, lambda: not status.exists())  # The launcher reaps it.


async def test_a_fork_that_fails_costs_only_its_own_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the host is out of processes, the launcher goes on."""
    failing = "import os\ndef fork(): raise OSError\nos.fork = fork\n"
    monkeypatch.setattr(launching, "_SERVE", failing + launching._SERVE)
    first, second = os.pipe()
    launcher = running_launcher()
    for _ in range(2):
        with pytest.raises(OSError, match="no process could be forked"):
            await launcher.start(Command(["/bin/true"], {}, []), tmp_path, [first, second])
    assert not launcher.is_lost
    os.close(first)
    os.close(second)


async def test_a_killed_program_has_a_negative_exit_code(tmp_path: Path) -> None:
    """As in `subprocess`."""
    assert (await shell("kill -KILL $$", tmp_path, [])).exit_code == -signal.SIGKILL


async def test_many_programs_can_be_started_at_once(tmp_path: Path) -> None:
    """More than the socket holds; every one ends and is reaped."""
    outcomes = await asyncio.gather(*(shell("exit 0", tmp_path, []) for _ in range(120)))
    assert {outcome.exit_code for outcome in outcomes} == {0}


async def test_a_launcher_that_does_not_answer_is_replaced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The run fails after a limit, and the next one works."""
    printed: list[str] = []
    await shell("echo $PPID", tmp_path, printed)
    monkeypatch.setattr(launching, "START_S", 0.5)
    os.kill(int(printed[0]), signal.SIGSTOP)
    launcher = running_launcher()
    first, second = os.pipe()
    with pytest.raises(OSError, match="launcher has died"):
        await launcher.start(Command(["/bin/true"], {}, []), tmp_path, [first, second])
    os.close(first)
    os.close(second)
    monkeypatch.undo()
    assert (await shell("exit 7", tmp_path, [])).exit_code == 7
