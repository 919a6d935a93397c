"""A private Redis server, which tests can stop, pause, empty and fill."""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import cast

import redis

from tests.services.ports import free_port

HOST = "127.0.0.1"
START_TIMEOUT_S = 180.0


@dataclass
class RunningRedis:
    """A Redis server with its folder and its port; `process` is set while it runs."""

    folder: Path
    port: int
    maxmemory: str = "0"
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def url(self) -> str:
        """The server's URL for clients."""
        return f"redis://{HOST}:{self.port}/0"

    def start(self) -> None:
        """Start the server and wait until it answers; it loads its append-only file."""
        self.process = subprocess.Popen(
            [*_die_with_parent(), "redis-server", *self._options()],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = monotonic() + START_TIMEOUT_S
        while not self._answers():
            assert self.process.poll() is None, (self.folder / "redis.log").read_text()
            assert monotonic() < deadline, "Redis did not start in time"
            sleep(0.02)

    def stop(self) -> None:
        """Kill the server, like a crash."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def restart(self) -> None:
        """Shut the server down cleanly, and start it again."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
        self.start()

    def pause(self) -> None:
        """Freeze the server: the kernel accepts connections, but no command gets a reply."""
        if self.process is not None:
            self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Continue after `pause`."""
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)

    def flushall(self) -> None:
        """Delete all keys."""
        self.ask("FLUSHALL")

    def fill(self) -> None:
        """Set a memory limit that is already exceeded: the server refuses every write that needs memory."""
        self.set_maxmemory("1")

    def set_maxmemory(self, maxmemory: str) -> None:
        """Set the memory limit, in Redis's notation; 0 is no limit."""
        self.ask("CONFIG", "SET", "maxmemory", maxmemory)

    def ask(self, *words: str | bytes) -> object:
        """Run any command, and return its reply."""
        with redis.Redis(host=HOST, port=self.port, socket_timeout=START_TIMEOUT_S) as client:
            return cast("Callable[..., object]", client.execute_command)(*words)

    def _options(self) -> list[str]:
        options = {
            "bind": HOST,
            "port": str(self.port),
            "dir": str(self.folder),
            "logfile": str(self.folder / "redis.log"),
            "save": "",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "maxmemory": self.maxmemory,
            "maxmemory-policy": "noeviction",
        }
        return [word for name, value in options.items() for word in (f"--{name}", value)]

    def _answers(self) -> bool:
        try:
            return bool(self.ask("PING"))
        except redis.RedisError:
            return False


@contextmanager
def running_redis(*, maxmemory: str = "0") -> Generator[RunningRedis]:
    """Run a server in a temporary folder until the block ends."""
    if shutil.which("redis-server") is None:
        from tests.services.missing import missing  # noqa: PLC0415 (benchmarks use this without pytest)

        missing("redis-server", "Install Redis: `apt install redis-server`.")
    with tempfile.TemporaryDirectory(prefix="telecine-redis-") as folder:
        server = RunningRedis(Path(folder), free_port(), maxmemory)
        try:
            server.start()
            yield server
        finally:
            server.stop()


def _die_with_parent() -> list[str]:
    """The kernel kills the server when the thread that started it ends, even if the tests are killed."""
    return ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []
