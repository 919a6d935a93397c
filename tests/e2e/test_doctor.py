"""`telecine doctor` as an operator runs it: while the installation is running."""

import json
from pathlib import Path

import httpx
import pytest

from tests.e2e.commands import Shell

MAX_STOP_S = 60.0


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A shell in an empty folder, without a transcriber."""
    return Shell(tmp_path, {"TELECINE_TRANSCRIBER": "none"})


def test_the_doctor_does_not_disturb_a_running_server(shell: Shell) -> None:
    """It takes no lock, and finds database, secret and bucket where the running process has them."""
    with shell.running("dev", "--port", "0") as dev:
        url = dev.url()
        before = {path for path in shell.data_dir.rglob("*") if path.is_file()}
        result = shell.run("doctor", "--json")
        report = {each["name"]: each for each in json.loads(result.stdout)}
        assert (result.returncode, result.stderr) == (0, "")
        assert {path for path in shell.data_dir.rglob("*") if path.is_file()} == before
        assert httpx.get(f"{url}/health/ready").is_success
        assert dev.stop(timeout_s=MAX_STOP_S) == 0
    assert report["database"]["seen"].endswith(", up to date")
    assert report["token secret"]["seen"].endswith("jwt.secret")
    assert report["bucket"]["level"] == "ok"


def test_every_finding_is_followed_by_its_remedy(tmp_path: Path) -> None:
    """With unreachable servers the exit code is 1, and all checks are reported, without passwords or tracebacks."""
    environment = {
        "TELECINE_TRANSCRIBER": "none",
        "TELECINE_DATABASE_URL": "postgresql://ann:canary-1@127.0.0.1:1/telecine",
        "TELECINE_REDIS_URL": "redis://:canary-2@127.0.0.1:1/0",
        "TELECINE_JWT_SECRET": "canary-3-0123456789abcdefghijklmnop",
        "TELECINE_S3_BUCKET": "videos",
        "TELECINE_S3_ENDPOINT_URL": "http://127.0.0.1:1",
        "TELECINE_S3_ACCESS_KEY_ID": "key",
        "TELECINE_S3_SECRET_ACCESS_KEY": "canary-4",
    }
    result = Shell(tmp_path, environment).run("doctor")
    *lines, summary = result.stdout.splitlines()
    assert (result.returncode, result.stderr) == (1, "")
    assert "canary" not in result.stdout
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith(("warning", "FAILED")):
            assert below.startswith("        → ")
    failed = {line[8:32].strip() for line in lines if line.startswith("FAILED")}
    assert {"database", "database level", "redis", "bucket", "bucket PUT", "bucket CORS", "bucket clean-up"} <= failed
    assert summary.endswith(f"{len(failed)} failed")
