"""The servers that Telecine is compared with: pinned versions in production mode, one process each."""

import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from shutil import copy, rmtree

from tests.services.ports import free_port

from benchmarks.processes import HOST, Server, need, plain_environment, running

SOURCES = Path(__file__).with_name("peers")
FETCHED = Path(__file__).with_name(".peers")
_NODE, _PYTHON = FETCHED / "node", FETCHED / "python"
_STAMP = FETCHED / "fetched"
MIN_NODE = (20, 19)
NODE_REMEDY = "Two of the peers run on Node.js, 20.19 or newer."


def fetch() -> None:
    """Install the peers, unless the pinned versions are already installed."""
    pinned = (SOURCES / "package.json").read_text() + (SOURCES / "requirements.txt").read_text()
    if _STAMP.exists() and _STAMP.read_text() == pinned:
        return
    _node_program()
    npm = need("npm", NODE_REMEDY)
    uv = need("uv", "See CONTRIBUTING.md.")
    rmtree(FETCHED, ignore_errors=True)
    _NODE.mkdir(parents=True)
    copy(SOURCES / "package.json", _NODE)
    subprocess.run([npm, "install", "--no-audit", "--no-fund", "--no-package-lock", "--silent"], check=True, cwd=_NODE)
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(_PYTHON)], check=True)
    requirements = str(SOURCES / "requirements.txt")
    subprocess.run([uv, "pip", "install", "--quiet", "--python", str(_PYTHON), "-r", requirements], check=True)
    _STAMP.write_text(pinned)


@contextmanager
def companion(folder: Path, bucket: Mapping[str, str], core: int) -> Generator[Server]:
    """Uppy's Companion, embedded in an Express app."""
    with _node("companion", folder, bucket, core, str(folder)) as server:
        yield server


@contextmanager
def better_upload(folder: Path, bucket: Mapping[str, str], core: int) -> Generator[Server]:
    """better-upload, behind Hono."""
    with _node("better_upload", folder, bucket, core) as server:
        yield server


@contextmanager
def fastapi_boto3(folder: Path, bucket: Mapping[str, str], core: int, *, name: str) -> Generator[Server]:
    """FastAPI with one boto3 client, on uvicorn with uvloop, as `uvicorn[standard]` installs it."""
    with _uvicorn(name, "fastapi_boto3", str(_PYTHON / "bin/python"), folder, bucket, core) as server:
        yield server


@contextmanager
def fastapi_upload(folder: Path, bucket: Mapping[str, str], core: int) -> Generator[Server]:
    """FastAPI and boto3 with uploads through the API; its temporary files are in `folder`."""
    settings = {**bucket, "TMPDIR": str(folder)}
    with _uvicorn("fastapi upload", "fastapi_upload", str(_PYTHON / "bin/python"), folder, settings, core) as server:
        yield server


@contextmanager
def litestar_empty(folder: Path, core: int) -> Generator[Server]:
    """A Litestar application with an empty response, on the interpreter and the packages of Telecine."""
    with _uvicorn("litestar empty", "litestar_empty", sys.executable, folder, {}, core) as server:
        yield server


@contextmanager
def litestar_complete(folder: Path, settings: Mapping[str, str], core: int) -> Generator[Server]:
    """HEAD with aiobotocore and a blocking send, on the interpreter and the packages of Telecine."""
    with _uvicorn("litestar complete", "litestar_complete", sys.executable, folder, settings, core) as server:
        yield server


@contextmanager
def _node(name: str, folder: Path, bucket: Mapping[str, str], core: int, *options: str) -> Generator[Server]:
    """Start a Node.js program from the folder of its packages, the only place where it finds them."""
    program = Path(copy(SOURCES / f"{name}.mjs", _NODE))
    port = free_port()
    argv = [_node_program(), str(program), str(port), *options]
    environment = {**plain_environment(), **bucket, "NODE_ENV": "production"}
    with running(name, argv, folder=folder, environment=environment, core=core, port=port) as server:
        yield server


def _node_program() -> str:
    """The path of Node.js.

    Raises:
        SystemExit: Node.js is not installed, or too old.
    """
    node = need("node", NODE_REMEDY)
    version = subprocess.run([node, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    major, minor, _ = version.removeprefix("v").split(".", 2)
    if (int(major), int(minor)) < MIN_NODE:
        raise SystemExit(f"benchmarks: Node.js {version} is too old. {NODE_REMEDY}")
    return node


@contextmanager
def _uvicorn(
    name: str, module: str, python: str, folder: Path, settings: Mapping[str, str], core: int
) -> Generator[Server]:
    port = free_port()
    argv = [
        *(python, "-m", "uvicorn", "--app-dir", str(SOURCES), "--host", HOST, "--port", str(port)),
        *("--http", "httptools", "--no-access-log", "--log-level", "warning", f"{module}:app"),
    ]
    environment = {**plain_environment(), **settings}
    with running(name, argv, folder=folder, environment=environment, core=core, port=port) as server:
        yield server
