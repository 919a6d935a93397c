"""A confined program as `process.run` sees it."""

import asyncio
import os
from pathlib import Path

import pytest

from adapters.sandbox import confined
from adapters.sandbox.confined import start_confined
from adapters.sandbox.launching import Command, Launcher

pytestmark = pytest.mark.anyio


def open_descriptors() -> set[str]:
    """Those of this process."""
    return {path.name for path in Path("/proc/self/fd").iterdir()}


async def test_a_program_has_pipes_and_a_process_id(tmp_path: Path) -> None:
    """Its output ends with it."""
    program = await start_confined(Command(["/bin/sh", "-c", "echo out; echo err >&2; exit 4"], {}, []), tmp_path)
    output, errors = program.pipes
    assert output is not None
    assert errors is not None
    assert (await output.read(), await errors.read()) == (b"out\n", b"err\n")
    await asyncio.wait_for(program.exited.wait(), 60)
    assert program.exit_code == 4
    assert program.pid > 1
    program.close()


async def test_a_failed_start_leaves_no_descriptor_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker runs many programs."""
    program = await start_confined(Command(["/bin/true"], {}, []), tmp_path)
    await asyncio.wait_for(program.exited.wait(), 60)
    program.close()
    await asyncio.sleep(0)  # The transports close in the next round of the loop.

    async def fail(self: Launcher, command: Command, folder: Path, pipes: list[int]) -> None:
        raise OSError(os.EX_OSERR, "refused")

    monkeypatch.setattr(confined.Launcher, "start", fail)
    before = open_descriptors()
    with pytest.raises(OSError, match="refused"):
        await start_confined(Command(["/bin/true"], {}, []), tmp_path)
    assert open_descriptors() == before
