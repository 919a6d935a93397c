"""What the sandbox puts around a program, and that it holds."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.programs.program import Watch, run
from adapters.programs.sandbox import MAX_MEMORY_BYTES, Allowance, Sandbox
from tests.contract.transcoder_fixtures import pids_in
from tests.services.missing import missing

pytestmark = pytest.mark.anyio

ALLOWANCE = Allowance(wall_s=30, output_bytes=4096, threads=2)
EVERYTHING = Sandbox(prlimit="/usr/bin/prlimit", setpriv="/usr/bin/setpriv", unshare="/usr/bin/unshare")
WORKER = """
import asyncio, pathlib, sys
from adapters.programs.program import Watch, run
from adapters.programs.sandbox import Allowance, Sandbox

async def main():
    sandbox = await Sandbox.found()
    argv = sandbox.around(["/bin/sh", "-c", "echo up; exec sleep 1000"], Allowance(30, 4096, 1))
    await run(argv, folder=pathlib.Path(sys.argv[1]), watch=Watch(30), on_output=lambda line: print(line, flush=True))

asyncio.run(main())
"""


@pytest.fixture
def _util_linux() -> None:
    """The programs that the sandbox is made of."""
    if not (shutil.which("prlimit") and shutil.which("setpriv")):
        missing("util-linux", "Install it with the system's package manager.")


needs_util_linux = pytest.mark.usefixtures("_util_linux")


async def inside(script: str, folder: Path) -> list[str]:
    """What a script prints inside the sandbox of this host."""
    printed: list[str] = []
    argv = (await Sandbox.found()).around(["/bin/sh", "-c", script], ALLOWANCE)
    await run(argv, folder=folder, watch=Watch(wall_s=20), on_output=printed.append)
    return printed


def test_the_order_is_limits_then_network_then_privileges() -> None:
    """A new user namespace would undo the death signal, so that comes last."""
    assert EVERYTHING.around(["ffmpeg", "-version"], ALLOWANCE) == [
        *("/usr/bin/prlimit", f"--as={MAX_MEMORY_BYTES}", "--cpu=120:125", "--fsize=4096", "--nofile=64"),
        *("--core=0", "--", "/usr/bin/unshare", "-r", "-n", "--"),
        *("/usr/bin/setpriv", "--no-new-privs", "--pdeathsig", "KILL", "--", "ffmpeg", "-version"),
    ]


def test_a_host_without_the_programs_runs_bare() -> None:
    """Where there is no sandbox, media work still goes on."""
    assert Sandbox().around(["ffmpeg"], ALLOWANCE) == ["ffmpeg"]


@needs_util_linux
async def test_the_limits_hold_inside(tmp_path: Path) -> None:
    """Memory, processor time, open files and core dumps, as the kernel knows them."""
    limits = {line[:25].strip(): line[26:].split()[0] for line in await inside("cat /proc/self/limits", tmp_path)}
    assert limits["Max address space"] == str(MAX_MEMORY_BYTES)
    assert limits["Max cpu time"] == "120"
    assert limits["Max file size"] == "4096"
    assert limits["Max open files"] == "64"
    assert limits["Max core file size"] == "0"


@needs_util_linux
async def test_no_privilege_can_be_won_inside(tmp_path: Path) -> None:
    """A set-user-id program gains nothing."""
    assert "NoNewPrivs:\t1" in await inside("cat /proc/self/status", tmp_path)


async def test_there_is_no_network_inside(tmp_path: Path) -> None:
    """Only a loopback that nobody listens on."""
    if not (await Sandbox.found()).unshare:
        pytest.skip("This host refuses user namespaces.")
    interfaces = await inside("sed 1,2d /proc/self/net/dev | cut -d: -f1", tmp_path)
    assert [name.strip() for name in interfaces] == ["lo"]


@needs_util_linux
async def test_a_file_can_not_outgrow_its_limit(tmp_path: Path) -> None:
    """The kernel stops the writing."""
    await inside("head -c 100000 /dev/zero >big", tmp_path)
    assert (tmp_path / "big").stat().st_size == 4096


@needs_util_linux
def test_the_program_dies_with_us(tmp_path: Path) -> None:
    """A worker that is killed outright leaves no ffmpeg behind."""
    environment = {"PYTHONPATH": os.pathsep.join(sys.path), "PATH": os.environ["PATH"]}
    with subprocess.Popen(
        [sys.executable, "-c", WORKER, str(tmp_path)], stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        assert pids_in(tmp_path) != []
        process.send_signal(signal.SIGKILL)
    while pids_in(tmp_path):
        os.sched_yield()
