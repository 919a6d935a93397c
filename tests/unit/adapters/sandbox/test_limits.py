"""What the sandbox adds to a command, and that it works."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import threading
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.sandbox.limits import MAX_MEMORY_BYTES, Allowance, Sandbox
from adapters.sandbox.process import RunLimits, run
from tests.contract.transcoder_fixtures import pids_in
from tests.e2e.processes import wait_until
from tests.services.missing import missing

pytestmark = pytest.mark.anyio

ALLOWANCE = Allowance(wall_s=30, output_bytes=4096, threads=2)
EVERYTHING = Sandbox(prlimit="/usr/bin/prlimit", setpriv="/usr/bin/setpriv", unshare="/usr/bin/unshare")
WORKER = """
import asyncio, pathlib, sys
from adapters.sandbox.process import RunLimits, run
from adapters.sandbox.limits import Allowance, Sandbox

async def main():
    sandbox = await Sandbox.detect()
    argv = sandbox.wrap(["/bin/sh", "-c", "echo up; exec sleep 1000"], Allowance(30, 4096, 1))
    folder = pathlib.Path(sys.argv[1])
    await run(argv, folder=folder, limits=RunLimits(30), on_output=lambda line: print(line, flush=True))

asyncio.run(main())
"""


@pytest.fixture
def _util_linux() -> None:
    """The programs that the sandbox uses."""
    if not (shutil.which("prlimit") and shutil.which("setpriv")):
        missing("util-linux", "Install it with the system's package manager.")


@pytest.fixture
async def _namespaces() -> None:
    """Some hosts forbid namespaces to ordinary users."""
    if not (await Sandbox.detect()).unshare:
        pytest.skip("This host refuses user namespaces.")


needs_namespaces = pytest.mark.usefixtures("_namespaces")
needs_util_linux = pytest.mark.usefixtures("_util_linux")


async def inside(script: str, folder: Path) -> list[str]:
    """The output of a script inside the sandbox of this host."""
    printed: list[str] = []
    argv = (await Sandbox.detect()).wrap(["/bin/sh", "-c", script], ALLOWANCE)
    await run(argv, folder=folder, limits=RunLimits(wall_s=20), on_output=printed.append)
    return printed


def subprocess_says(script: str) -> str:
    """The output of a script outside the sandbox."""
    return subprocess.run(["/bin/sh", "-c", script], check=True, capture_output=True, text=True).stdout


def test_the_order_is_limits_then_network_then_privileges() -> None:
    """A new user namespace would reset the death signal, so that comes last."""
    assert EVERYTHING.wrap(["ffmpeg", "-version"], ALLOWANCE) == [
        *("/usr/bin/prlimit", f"--as={MAX_MEMORY_BYTES}", "--cpu=120:125", "--fsize=4096", "--nofile=64"),
        *("--core=0", "--", "/usr/bin/unshare", "-r", "-n", "--"),
        *("/usr/bin/setpriv", "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all", "--pdeathsig", "KILL", "--"),
        *("ffmpeg", "-version"),
    ]


def test_a_program_that_downloads_keeps_the_network() -> None:
    """It keeps nothing else."""
    alone, connected = (EVERYTHING.wrap(["yt-dlp"], ALLOWANCE, network=network) for network in (False, True))
    assert [word for word in alone if word not in connected] == ["-n"]
    assert len(alone) == len(connected) + 1


def test_capabilities_are_dropped_only_in_a_user_namespace() -> None:
    """Without a user namespace an ordinary user has no capabilities, and may not drop them."""
    assert "--bounding-set=-all" not in replace(EVERYTHING, unshare="").wrap(["ffmpeg"], ALLOWANCE)


def test_what_a_host_lacks_is_named() -> None:
    """For the log line at a worker's start."""
    assert EVERYTHING.missing == []
    assert Sandbox(setpriv="/usr/bin/setpriv").missing == ["limits", "no_network"]


async def test_a_wrapper_that_can_not_be_run_is_no_sandbox() -> None:
    """The wrappers are tested before they are used."""
    assert not await Sandbox(prlimit="/no/such/prlimit").is_working()
    assert not await Sandbox(unshare=shutil.which("false") or "false").is_working()


def test_a_host_without_the_programs_runs_unsandboxed() -> None:
    """Media processing works without a sandbox."""
    assert Sandbox().wrap(["ffmpeg"], ALLOWANCE) == ["ffmpeg"]


@needs_util_linux
async def test_the_limits_hold_inside(tmp_path: Path) -> None:
    """Memory, processor time, open files and core dumps, as the kernel reports them."""
    limits = {line[:25].strip(): line[26:].split()[0] for line in await inside("cat /proc/self/limits", tmp_path)}
    assert limits["Max address space"] == str(MAX_MEMORY_BYTES)
    assert limits["Max cpu time"] == "120"
    assert limits["Max file size"] == "4096"
    assert limits["Max open files"] == "64"
    assert limits["Max core file size"] == "0"


@needs_util_linux
async def test_no_privilege_can_be_gained_inside(tmp_path: Path) -> None:
    """A set-user-id program gets no privileges."""
    assert "NoNewPrivs:\t1" in await inside("cat /proc/self/status", tmp_path)


@needs_namespaces
async def test_there_is_no_network_inside(tmp_path: Path) -> None:
    """Only a loopback interface without any server."""
    interfaces = await inside("sed 1,2d /proc/self/net/dev | cut -d: -f1", tmp_path)
    assert [name.strip() for name in interfaces] == ["lo"]


@needs_namespaces
async def test_no_capability_is_left_inside(tmp_path: Path) -> None:
    """Not even the root of the namespace."""
    powers = [line.split()[1] for line in await inside("grep Cap /proc/self/status", tmp_path)]
    assert powers == ["0" * 16] * 5


@needs_namespaces
async def test_our_own_secrets_can_not_be_read_inside(tmp_path: Path) -> None:
    """They are in this process's environment, which a program of the same user could read."""
    opened = f"head -c 1 /proc/{os.getpid()}/environ >/dev/null && echo opened || echo refused"
    assert subprocess_says(opened) == "opened\n"
    assert await inside(opened, tmp_path) == ["refused"]


@needs_util_linux
async def test_a_file_can_not_outgrow_its_limit(tmp_path: Path) -> None:
    """The kernel stops the writes."""
    await inside("head -c 100000 /dev/zero >big", tmp_path)
    assert (tmp_path / "big").stat().st_size == 4096


@needs_util_linux
def test_the_program_dies_with_us(tmp_path: Path) -> None:
    """A killed worker leaves no ffmpeg running."""
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


@needs_util_linux
def test_a_program_outlives_the_thread_that_asked_for_it(tmp_path: Path) -> None:
    """It depends on the loop's thread, which a worker keeps; the thread that submitted the work may end."""
    loop = asyncio.new_event_loop()
    loop_thread = threading.Thread(target=loop.run_forever)
    loop_thread.start()
    futures: list[Future[list[str]]] = []
    script = "echo up; while [ ! -e done ]; do sleep 0.01; done; echo alive"
    submitter = threading.Thread(
        target=lambda: futures.append(asyncio.run_coroutine_threadsafe(inside(script, tmp_path), loop))
    )
    submitter.start()
    submitter.join()
    wait_until(lambda: pids_in(tmp_path) != [])
    (tmp_path / "done").touch()
    assert futures[0].result(timeout=60) == ["up", "alive"]
    loop.call_soon_threadsafe(loop.stop)
    loop_thread.join()
    loop.close()
