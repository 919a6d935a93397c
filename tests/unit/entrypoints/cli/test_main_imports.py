"""Which libraries a command loads: the ones that it uses."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ["aiobotocore", "alembic", "botocore", "dramatiq", "litestar", "redis", "sqlalchemy", "uvicorn"]

# Runs the command in its own process, since other tests have long loaded everything in this one.
_PROGRAM = """
import json, sys
from entrypoints.cli.main import main
try:
    main(sys.argv[1:])
except SystemExit as error:
    status = error.code
print(json.dumps([status, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


def loaded_by(folder: Path, *arguments: str) -> tuple[int, list[str]]:
    """The command's exit status, and the libraries that were loaded when it ended."""
    ended = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    status, libraries = json.loads(ended.stdout.splitlines()[-1])
    return status, libraries


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["--help"], 0),
        (["token", "--user", "ada"], 0),
        (["upload", "clip.mp4", "--url", "http://127.0.0.1:1", "--token", "x"], 1),
    ],
)
def test_a_light_command_loads_no_heavy_library(tmp_path: Path, arguments: list[str], status: int) -> None:
    """A server's libraries would cost a client, and a reader of the help, half a second of CPU time."""
    (tmp_path / "clip.mp4").write_bytes(b"x")
    ended, libraries = loaded_by(tmp_path, *arguments)
    assert ended == status
    assert [name for name in HEAVY if name in libraries] == []


def test_a_heavy_command_loads_what_it_uses(tmp_path: Path) -> None:
    """This shows that the test above would notice."""
    status, libraries = loaded_by(tmp_path, "migrate")
    assert status == 0
    assert {"alembic", "dramatiq", "sqlalchemy"} <= set(libraries)
