import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from benchmarks.processes import Server
from benchmarks.usage import Watch

MIB = 1024 * 1024
# It executes each line that it reads, and confirms it.
PROGRAM = "import sys\nfor line in sys.stdin:\n    exec(line)\n    print('done', flush=True)\n"


@pytest.fixture
def server(tmp_path: Path) -> Generator[Server]:
    """A process that executes the lines that it reads."""
    argv = [sys.executable, "-c", PROGRAM]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tmp_path) as process:
        server = Server("server", process, 0, tmp_path / "log")
        execute(server, "pass")
        yield server


def execute(server: Server, line: str) -> None:
    """Execute a line in the server, and wait for its end."""
    stdin, stdout = server.process.stdin, server.process.stdout
    assert stdin is not None
    assert stdout is not None
    stdin.write(f"{line}\n".encode())
    stdin.flush()
    assert stdout.readline() == b"done\n"


def test_memory_is_seen_at_its_peak(server: Server) -> None:
    """Memory that was freed before the measurement counts, too."""
    watch = Watch(server)
    execute(server, f"b'x' * {64 * MIB}")
    assert 60 * MIB < watch.seen().grown_bytes < 80 * MIB


def test_an_earlier_peak_does_not_count(server: Server) -> None:
    """Each measurement starts with a new peak."""
    execute(server, f"b'x' * {64 * MIB}")
    assert Watch(server).seen().grown_bytes < 8 * MIB


def test_writes_count_from_the_start_of_the_measurement(server: Server) -> None:
    """Whether or not they have reached the disk; the file system may add a page or two."""
    execute(server, f"open('before', 'wb').write(bytes({MIB}))")
    watch = Watch(server)
    execute(server, f"open('file', 'wb').write(bytes({2 * MIB}))")
    assert 2 * MIB <= watch.seen().written_bytes < 2 * MIB + 64 * 1024


def test_cpu_is_that_of_the_process(server: Server) -> None:
    """Computing takes CPU time, waiting takes none."""
    watch = Watch(server)
    execute(server, "import time; time.sleep(0.2)")
    asleep = watch.seen().cpu_s
    execute(server, "sum(range(3_000_000))")
    assert asleep < 0.1
    assert watch.seen().cpu_s - asleep > 0.01
