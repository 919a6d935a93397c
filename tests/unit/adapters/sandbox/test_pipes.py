from pathlib import Path

import pytest

from adapters.sandbox.pipes import ERROR_TAIL_CHARACTERS, MAX_LINE_BYTES
from adapters.sandbox.process import Outcome, RunLimits, run

pytestmark = pytest.mark.anyio

LONG_LIMITS = RunLimits(wall_s=20)


async def shell(script: str, folder: Path, *, watch: RunLimits = LONG_LIMITS) -> tuple[Outcome, list[str]]:
    """Run a script, and collect its output."""
    printed: list[str] = []
    return await run(["/bin/sh", "-c", script], folder=folder, limits=watch, on_output=printed.append), printed


async def test_a_failure_keeps_the_end_of_the_output(tmp_path: Path) -> None:
    """At most 4 KiB, however much a hostile file makes the program print."""
    outcome, _ = await shell("for i in $(seq 5000); do echo line $i >&2; done; exit 3", tmp_path)
    assert outcome.exit_code == 3
    assert len(outcome.error_tail) <= ERROR_TAIL_CHARACTERS
    assert outcome.error_tail.endswith("line 5000\n")


async def test_an_endless_line_is_cut_off(tmp_path: Path) -> None:
    """It does not increase the memory."""
    _, printed = await shell("head -c 3000000 /dev/zero | tr '\\0' x; echo; echo after", tmp_path)
    assert [len(line) for line in printed] == [MAX_LINE_BYTES, len("after")]
