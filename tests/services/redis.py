"""A Redis server of one's own, which tests may stop, pause, empty and fill."""

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
START_TIMEOUT_S = 20.0


@dataclass
class RunningRedis:
    """One folder, one port, and the `redis-server` that runs on them, when one does."""

    folder: Path
    port: int
    maxmemory: str = "0"
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def url(self) -> str:
        """Where clients find it."""
        return f"redis://{HOST}:{self.port}/0"

    def start(self) -> None:
        """Start the server and wait until it answers; what it had kept is there again."""
        self.process = subprocess.Popen(
            [*_dies_with_us(), "redis-server", *self._options()],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = monotonic() + START_TIMEOUT_S
        while not self._answers():
            assert self.process.poll() is None, (self.folder / "redis.log").read_text()
            assert monotonic() < deadline, "Redis never answered"
            sleep(0.02)

    def stop(self) -> None:
        """End the server at once, as a crash would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def restart(self) -> None:
        """End in good order, and come back."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
        self.start()

    def pause(self) -> None:
        """Fall silent: connections are accepted and nothing is answered."""
        if self.process is not None:
            self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Answer again."""
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)

    def flushall(self) -> None:
        """Lose everything."""
        self.ask("FLUSHALL")

    def fill(self) -> None:
        """Be full from now on: nothing more is taken in."""
        self.set_maxmemory("1")

    def set_maxmemory(self, maxmemory: str) -> None:
        """Change how much it may hold; 0 is no limit."""
        self.ask("CONFIG", "SET", "maxmemory", maxmemory)

    def ask(self, *words: str | bytes) -> object:
        """The answer to any command."""
        with redis.Redis(host=HOST, port=self.port, socket_timeout=5) as client:
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
    """A server that answers, in a folder of its own; both are gone when the block ends."""
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


def _dies_with_us() -> list[str]:
    """However the tests end, the server ends with the thread that started it."""
    return ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []
