"""The layers of the sandbox: what each does to a program."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import Future
from pathlib import Path

import pytest

from adapters.sandbox import landlock, syscalls
from adapters.sandbox.confine import FAILED
from adapters.sandbox.limits import MAX_MEMORY_BYTES, NO_ACCESS, Access, Allowance, Sandbox
from adapters.sandbox.process import Outcome, RunLimits
from tests.contract.transcoder_fixtures import pids_in
from tests.e2e.processes import wait_until
from tests.services.missing import missing

pytestmark = pytest.mark.anyio

ALLOWANCE = Allowance(wall_s=30, output_bytes=4096, threads=2)
WORKER = """
import asyncio, pathlib, sys
from adapters.sandbox.process import RunLimits
from adapters.sandbox.limits import Allowance, Sandbox

async def main():
    sandbox = await Sandbox.detect()
    folder = pathlib.Path(sys.argv[1])
    await sandbox.run(
        ["/bin/sh", "-c", "echo up; exec sleep 1000"],
        Allowance(30, 4096, 1),
        folder=folder,
        limits=RunLimits(30),
        on_output=lambda line: print(line, flush=True),
    )

asyncio.run(main())
"""


@pytest.fixture(autouse=True)
def _linux() -> None:
    """The sandbox is Linux's."""
    if not sys.platform.startswith("linux"):
        missing("linux", "Run the tests on Linux.")


async def inside(script: str, folder: Path, access: Access = NO_ACCESS) -> tuple[list[str], Outcome]:
    """The output of a script inside the sandbox of this host, and how it ended."""
    printed: list[str] = []
    sandbox = await Sandbox.detect()
    argv = ["/bin/sh", "-c", script]
    limits = RunLimits(wall_s=60)
    return printed, await sandbox.run(argv, ALLOWANCE, access, folder=folder, limits=limits, on_output=printed.append)


def test_what_a_host_lacks_is_named() -> None:
    """For the log line at a worker's start."""
    assert Sandbox(is_confining=True, landlock_version=1, has_seccomp=True).missing == []
    assert Sandbox(is_confining=True, has_seccomp=True).missing == ["no_foreign_files"]
    assert Sandbox().missing == ["dies_with_worker", "limits", "no_foreign_files", "no_network", "no_processes"]


async def test_a_layer_that_can_not_be_applied_is_no_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each layer is tried before it is used."""

    def invalid(**_: bool) -> bytes:
        return bytes(8)

    monkeypatch.setattr(syscalls, "filter_program", invalid)
    assert await Sandbox.detect() == Sandbox(is_confining=True, landlock_version=landlock.supported_version())


async def test_a_host_without_layers_runs_unconfined(tmp_path: Path) -> None:
    """Media processing works without a sandbox."""
    outcome = await Sandbox().run(["/bin/true"], ALLOWANCE, folder=tmp_path, limits=RunLimits(60))
    assert outcome.is_success


async def test_the_limits_hold_inside(tmp_path: Path) -> None:
    """Memory, processor time, open files and core dumps, as the kernel reports them."""
    printed, _ = await inside("exec cat /proc/self/limits", tmp_path)
    limits = {line[:25].strip(): line[26:].split()[0] for line in printed}
    assert limits["Max address space"] == str(MAX_MEMORY_BYTES)
    assert limits["Max cpu time"] == "120"
    assert limits["Max file size"] == "4096"
    assert limits["Max open files"] == "64"
    assert limits["Max core file size"] == "0"


async def test_no_privilege_is_left_inside(tmp_path: Path) -> None:
    """No capability, not even one to regain, and a set-user-id program gives none."""
    printed, _ = await inside("exec cat /proc/self/status", tmp_path)
    status = dict(line.split(":\t", 1) for line in printed if ":\t" in line)
    assert {status[name] for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {"0" * 16}
    assert os.getuid() or status["CapBnd"] == "0" * 16
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")


async def test_only_named_files_can_be_used(tmp_path: Path) -> None:
    """Inputs are read, outputs are filled, and nothing else changes."""
    source, output, secret = (tmp_path / name for name in ("source", "output", "secret"))
    for path in (source, output, secret):
        path.write_text(f"{path.name}\n")
    script = (
        f"read a <{source}; echo $a >{output}; read b <{secret}; echo found $b; echo x >{source}; echo x >{secret}2"
    )
    printed, _ = await inside(script, tmp_path, Access(reads=(source,), fills=(output,)))
    assert (printed, output.read_text(), source.read_text()) == (["found"], "source\n", "source\n")
    assert await asyncio.to_thread(lambda: sorted(path.name for path in tmp_path.iterdir())) == [
        "output",
        "secret",
        "source",
    ]


async def test_a_lower_limit_of_the_host_stays(tmp_path: Path) -> None:
    """A service may have been given less memory; no layer is lost by that."""
    program = "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30)); "
    program += (
        "from adapters.sandbox.limits import Sandbox; import asyncio; print(asyncio.run(Sandbox.detect()).missing)"
    )
    environment = {"PYTHONPATH": os.pathsep.join(sys.path), "PATH": os.environ["PATH"]}
    ran = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout == "[]\n"


async def test_a_file_can_not_outgrow_its_limit(tmp_path: Path) -> None:
    """The kernel stops the writes."""
    output = tmp_path / "big"
    output.touch()
    await inside(f"exec head -c 100000 /dev/zero >{output}", tmp_path, Access(fills=(output,)))
    assert output.stat().st_size == 4096


async def test_a_program_that_downloads_may_work_in_its_folder(tmp_path: Path) -> None:
    """It may start programs there, but sees no other file of this user."""
    secret, folder = tmp_path / "secret", tmp_path / "job"
    secret.write_text("secret")
    folder.mkdir()
    script = f"mkdir made && echo x >made/file && (cat made/file); cat {secret}; kill -0 {os.getpid()} && echo reached"
    printed, outcome = await inside(script, folder, Access(folder=folder, network=True))
    assert (printed, (folder / "made" / "file").read_text()) == (["x"], "x\n")
    assert "Permission denied" in outcome.error_tail


async def test_what_a_program_leaves_behind_is_killed(tmp_path: Path) -> None:
    """A program that may start others is ended with them."""
    printed, _ = await inside("sleep 1000 & echo up", tmp_path, Access(folder=tmp_path, network=True))
    assert printed == ["up"]
    await asyncio.to_thread(wait_until, lambda: pids_in(tmp_path) == [])


async def test_what_leaves_its_session_is_killed_too(tmp_path: Path) -> None:
    """The launcher becomes its parent when the program ends, and kills it before that is reported."""
    script = "setsid sh -c 'sleep 1000 & sleep 1000' >/dev/null 2>&1 & sleep 0.2; echo up"
    printed, _ = await inside(script, tmp_path, Access(folder=tmp_path, network=True))
    assert (printed, pids_in(tmp_path)) == (["up"], [])


async def test_a_missing_program_is_an_error_of_the_host(tmp_path: Path) -> None:
    """The launcher says so with an exit code of its own."""
    outcome = await (await Sandbox.detect()).run(["/no/such/program"], ALLOWANCE, folder=tmp_path, limits=RunLimits(60))
    assert (outcome.exit_code, outcome.error_tail) == (FAILED, "confine: No such file or directory\n")


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
    wait_until(lambda: pids_in(tmp_path) == [])


def test_what_a_program_has_started_dies_with_us(tmp_path: Path) -> None:
    """As Deno, which yt-dlp starts."""
    script = (
        WORKER.replace("exec sleep 1000", "sleep 1000 & wait")
        .replace("Allowance(30, 4096, 1),", "Allowance(30, 4096, 1), Access(folder=folder, network=True),")
        .replace("import Allowance", "import Access, Allowance")
    )
    environment = {"PYTHONPATH": os.pathsep.join(sys.path), "PATH": os.environ["PATH"]}
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        wait_until(lambda: len(pids_in(tmp_path)) > 1)
        process.send_signal(signal.SIGKILL)
    wait_until(lambda: pids_in(tmp_path) == [])


def test_a_program_outlives_the_thread_that_asked_for_it(tmp_path: Path) -> None:
    """It depends on the loop's thread, which a worker keeps; the thread that submitted the work may end."""
    loop = asyncio.new_event_loop()
    loop_thread = threading.Thread(target=loop.run_forever)
    loop_thread.start()
    futures: list[Future[tuple[list[str], Outcome]]] = []
    script = "echo up; while [ ! -e done ]; do :; done; echo alive"
    submitter = threading.Thread(
        target=lambda: futures.append(asyncio.run_coroutine_threadsafe(inside(script, tmp_path), loop))
    )
    submitter.start()
    submitter.join()
    wait_until(lambda: pids_in(tmp_path) != [])
    (tmp_path / "done").touch()
    assert futures[0].result(timeout=60)[0] == ["up", "alive"]
    loop.call_soon_threadsafe(loop.stop)
    loop_thread.join()
    loop.close()


def test_a_program_for_the_network_may_have_only_some_ports() -> None:
    """Landlock handles ports if there are rules for them, or no network at all."""
    sandbox = Sandbox(is_confining=True, landlock_version=4)

    def handled(access: Access) -> list[str]:
        policies = sandbox.policies("/bin/true", ALLOWANCE, access)
        return [policy for policy in policies if policy.startswith(("handled=", "port=", "processes="))]

    assert handled(NO_ACCESS) == ["handled=32767:3:0"]
    assert handled(Access(network=True)) == ["processes=1024", "handled=32767:0:0"]
    assert handled(Access(network=True, ports=(80, 443))) == [
        *("processes=1024", "handled=32767:3:0", "port=80", "port=443")
    ]


CONNECT = """
import socket, sys
for port in map(int, sys.argv[1:]):
    made = socket.socket()
    try:
        made.connect(("127.0.0.1", port))
        print("connected")
    except OSError as error:
        print(error.strerror)
for act in (lambda: socket.socket().bind(("127.0.0.1", 0)), lambda: socket.socket().listen()):
    try:
        act()
        print("done")
    except OSError as error:
        print(error.strerror)
"""


@pytest.mark.skipif(landlock.supported_version() < 4, reason="Linux limits ports since 6.7.")
async def test_only_the_ports_of_the_run_can_be_reached(tmp_path: Path) -> None:
    """And no port can be opened to others."""
    with socket.create_server(("127.0.0.1", 0)) as allowed, socket.create_server(("127.0.0.1", 0)) as other:
        ports = [server.getsockname()[1] for server in (allowed, other)]
        access = Access(folder=tmp_path, network=True, ports=(ports[0],))
        printed: list[str] = []
        argv = [sys.executable, "-I", "-B", "-c", CONNECT, *map(str, ports)]
        outcome = await (await Sandbox.detect()).run(
            argv, ALLOWANCE, access, folder=tmp_path, limits=RunLimits(60), on_output=printed.append
        )
    assert outcome.error_tail == ""
    assert printed == ["connected", "Permission denied", "Permission denied", "Operation not permitted"]
