"""How an untrusted program is run: its environment, its limits, and that no process is left."""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.sandbox.process import EndReason, Outcome, RunLimits, run
from tests.contract.transcoder_fixtures import pids_in
from tests.e2e.processes import wait_until

pytestmark = pytest.mark.anyio

LONG_LIMITS = RunLimits(wall_s=20)


@pytest.fixture(autouse=True)
def _nothing_stays(tmp_path: Path) -> Iterator[None]:
    """Check that no process is left in the test's folder, where every run works; a killed one may need a moment."""
    yield
    wait_until(lambda: pids_in(tmp_path) == [], timeout_s=60.0)


async def shell(script: str, folder: Path, *, watch: RunLimits = LONG_LIMITS) -> tuple[Outcome, list[str]]:
    """Run a script, and collect its output."""
    printed: list[str] = []
    return await run(["/bin/sh", "-c", script], folder=folder, limits=watch, on_output=printed.append), printed


async def test_lines_are_handed_out_as_they_come(tmp_path: Path) -> None:
    """The last line needs no line break."""
    outcome, printed = await shell("echo one; printf two", tmp_path)
    assert (outcome.exit_code, outcome.ended_by, printed) == (0, EndReason.ITSELF, ["one", "two"])


async def test_a_program_sees_neither_our_environment_nor_our_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It cannot read a secret in the worker's environment."""
    monkeypatch.setenv("TELECINE_JWT_SECRET", "canary")
    _, printed = await shell("cat; tr '\\0' '\\n' </proc/self/environ; pwd", tmp_path)
    assert "LC_ALL=C" in printed
    assert str(tmp_path) in printed
    assert not any("canary" in line or line.startswith("HOME=") for line in printed)


async def test_a_signal_is_a_negative_exit_code(tmp_path: Path) -> None:
    """A killed program differs from one that fails."""
    outcome, _ = await shell("kill -KILL $$", tmp_path)
    assert (outcome.exit_code, outcome.ended_by) == (-9, EndReason.ITSELF)


async def test_the_peak_memory_is_reported(tmp_path: Path) -> None:
    """As far as it was read while the program ran."""
    script = "x=$(head -c 30000000 /dev/zero | tr '\\0' x); sleep 1000"
    outcome, _ = await shell(script, tmp_path, watch=RunLimits(wall_s=3))
    assert 30_000_000 < outcome.peak_memory_bytes < 500_000_000


async def test_the_wall_clock_ends_a_run(tmp_path: Path) -> None:
    """Whatever the program is doing."""
    outcome, _ = await shell("while :; do echo busy; done", tmp_path, watch=RunLimits(wall_s=0.2))
    assert outcome.ended_by is EndReason.WALL_CLOCK


async def test_a_run_without_a_pulse_has_stalled(tmp_path: Path) -> None:
    """Repeated output is no pulse."""
    outcome, _ = await shell("while :; do echo same; done", tmp_path, watch=RunLimits(wall_s=20, stall_s=0.2))
    assert outcome.ended_by is EndReason.STALL


async def test_a_pulse_keeps_a_slow_run_alive(tmp_path: Path) -> None:
    """Work that makes progress may take longer than the stall limit."""
    beats = iter(range(10**9))
    watch = RunLimits(wall_s=20, stall_s=0.2, progress_marker=lambda: next(beats))
    outcome, _ = await shell("sleep 0.6", tmp_path, watch=watch)
    assert (outcome.exit_code, outcome.ended_by) == (0, EndReason.ITSELF)


@pytest.mark.parametrize("ending", ["exit 0", "exit 1", "kill -KILL $$"])
async def test_children_left_behind_are_killed(tmp_path: Path, ending: str) -> None:
    """The call does not wait for them, even if they hold the pipes open."""
    outcome, printed = await shell(f"sleep 1000 & echo started; {ending}", tmp_path)
    assert (outcome.ended_by, printed) == (EndReason.ITSELF, ["started"])


async def test_a_process_outside_the_group_is_not_waited_for(tmp_path: Path) -> None:
    """A process in its own session escapes the kill, but does not delay the call."""
    outcome, printed = await shell("setsid sleep 1000 & echo $!", tmp_path)
    os.kill(int(printed[0]), signal.SIGKILL)
    assert outcome.ended_by is EndReason.ITSELF
    while pids_in(tmp_path):
        os.sched_yield()


async def test_a_cancellation_kills_the_whole_group(tmp_path: Path) -> None:
    """The group is dead and reaped before the cancelled call returns."""
    started = asyncio.Event()
    running = asyncio.ensure_future(
        run(
            ["/bin/sh", "-c", "trap '' TERM INT; sleep 1000 & echo started; sleep 1000"],
            folder=tmp_path,
            limits=LONG_LIMITS,
            on_output=lambda _: started.set(),
        )
    )
    await started.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert pids_in(tmp_path) == []


async def test_a_cancellation_while_starting_leaves_nothing(tmp_path: Path) -> None:
    """The process may exist already when the cancellation arrives."""
    running = asyncio.ensure_future(run(["/bin/sh", "-c", "sleep 1000"], folder=tmp_path, limits=LONG_LIMITS))
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_an_error_of_a_callback_is_raised(tmp_path: Path) -> None:
    """It also ends the program."""

    def refuse(line: str) -> None:
        raise ValueError(line)

    with pytest.raises(ValueError, match="hello"):
        await run(["/bin/sh", "-c", "echo hello; sleep 1000"], folder=tmp_path, limits=LONG_LIMITS, on_output=refuse)


async def test_a_missing_program_is_an_error_of_the_operating_system(tmp_path: Path) -> None:
    """The caller translates it."""
    with pytest.raises(FileNotFoundError):
        await run(["/no/such/program"], folder=tmp_path, limits=LONG_LIMITS)


async def test_a_program_leads_its_own_session(tmp_path: Path) -> None:
    """A Ctrl-C in the terminal reaches only us, and we can kill the whole group."""
    _, printed = await shell("cut -d' ' -f1,5,6 /proc/self/stat; cut -d' ' -f1,5,6 /proc/$$/stat", tmp_path)
    pid, group, session = printed[1].split()
    assert pid == group == session != str(os.getsid(0))


async def test_a_run_that_writes_too_much_is_ended(tmp_path: Path) -> None:
    """The caller says what is too much."""
    written = tmp_path / "written"
    limits = RunLimits(wall_s=60, is_output_too_large=written.exists)
    outcome, _ = await shell("touch written; sleep 1000", tmp_path, watch=limits)
    assert outcome.ended_by is EndReason.OUTPUT
    assert not outcome.is_success
