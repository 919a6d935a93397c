"""The commands as real processes: they start quickly, run next to each other, and end in order."""

import asyncio
import resource
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from entrypoints.bootstrap.tokens import token_authority
from entrypoints.config.tokens import TokenSettings
from telecine_client.client import Client
from tests.e2e.commands import Shell, put
from tests.e2e.processes import Telecine, wait_until
from tests.media import make

# The goal is 0.25 s; the rest is a margin for slow machines. Importing the server costs about 1 s.
MAX_HELP_CPU_S = 0.7
MAX_STOP_S = 60.0


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A shell in an empty folder, without a transcriber."""
    return Shell(tmp_path, {"TELECINE_TRANSCRIBER": "none"})


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One second of video without audio."""
    return make.video(tmp_path_factory.mktemp("media") / "clip.mp4", duration_s=1, sound=None)


@pytest.fixture(scope="module")
def slow_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip whose compression with a slow preset takes much longer than the test waits."""
    return make.video(tmp_path_factory.mktemp("media") / "slow.mp4", duration_s=12, width=1280, height=720, sound=None)


def job(shell: Shell, video_id: str) -> tuple[str, int, int]:
    """State, attempt and fence of the job that processes the video."""
    query = "SELECT state, attempt, fence FROM jobs WHERE kind = 'process' AND video_id = ?"
    with closing(sqlite3.connect(shell.data_dir / "telecine.db", timeout=20)) as connection:
        row: tuple[str, int, int] = connection.execute(query, [video_id]).fetchone()
    return row


def test_help_costs_little_cpu_time(shell: Shell) -> None:
    """The command imports nothing that `--help` does not need; the best of three runs counts."""
    runs_cpu_s: list[float] = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        result = shell.run("--help")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert (result.returncode, result.stderr) == (0, "")
        runs_cpu_s.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(runs_cpu_s) < MAX_HELP_CPU_S


def test_token_prints_a_token_and_nothing_else(shell: Shell) -> None:
    """`TOKEN=$(telecine token --user ada)` works, also on a new installation."""
    result = shell.run("token", "--user", "ada")
    assert (result.returncode, result.stderr, result.stdout.count("\n")) == (0, "", 1)
    authority = token_authority(TokenSettings(), data_dir=shell.data_dir)
    assert asyncio.run(authority.verify(result.stdout.strip())).user_id == "ada"


def test_wrong_settings_end_the_command(tmp_path: Path) -> None:
    """The exit code is 1, and each problem has a line; there is no traceback."""
    result = Shell(tmp_path, {"TELECINE_JWT_SECRET": "short", "TELECINE_SWEEP": "1"}).run("dev", "--port", "0")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.splitlines() == [
        "Error: the settings are wrong",
        "TELECINE_JWT_SECRET: at least 32 bytes are required",
        "TELECINE_SWEEP: there is no such setting",
    ]


def test_a_data_folder_serves_one_process_of_a_kind(shell: Shell) -> None:
    """A second `dev`, `serve` or `worker` reports that and ends; the first continues."""
    with shell.running("dev", "--port", "0") as dev:
        url = dev.url()
        for command in (["dev", "--port", "0"], ["serve", "--port", "0"], ["worker"]):
            result = shell.run(*command)
            assert (result.returncode, result.stdout) == (1, ""), result.stderr
            (line,) = result.stderr.splitlines()
            assert line.startswith("Error: ")
            assert line.endswith("(data_folder_in_use)")
        assert httpx.get(f"{url}/health/ready").is_success
        assert dev.stop(timeout_s=MAX_STOP_S) == 0


def test_a_port_in_use_ends_the_command(shell: Shell, tmp_path: Path) -> None:
    """The port is in use even for a process with another data folder."""
    with shell.running("serve", "--port", "0") as serve:
        port = str(httpx.URL(serve.url()).port)
        result = shell.run("dev", "--port", port, "--data-dir", str(tmp_path / "other"))
        assert (result.returncode, result.stdout) == (1, "")
        assert result.stderr == f"Error: Can't listen on 127.0.0.1:{port}: Address already in use. (address_in_use)\n"


def test_upload_follows_a_video_to_its_end(shell: Shell, clip: Path, tmp_path: Path) -> None:
    """`dev` on a free port processes a clip; a bad token or file is reported in one clear line."""
    with shell.running("dev", "--port", "0") as dev:
        url = dev.url()
        good = ["--url", url, "--token", shell.token()]
        done = shell.run("upload", str(clip), *good)
        assert done.returncode == 0, done.stderr
        assert "became" in done.stderr
        assert "No transcriber is configured. (transcription_disabled)" in done.stderr
        assert done.stdout == ""

        unauthorized = shell.run("upload", str(clip), "--url", url, "--token", "garbage")
        assert (unauthorized.returncode, unauthorized.stdout) == (1, "")
        assert unauthorized.stderr.splitlines()[-1].endswith("(invalid_token)")

        text = shell.run("upload", str(make.text(tmp_path / "words.mp4")), *good)
        assert (text.returncode, text.stdout) == (1, "")
        assert text.stderr.splitlines()[-1].startswith(
            "Error: The file is not in a supported video container or audio format"
        )
        assert text.stderr.splitlines()[-1].endswith("(not_a_video)")

        wrong = shell.run("upload", str(make.text(tmp_path / "words.txt")), *good)
        assert (wrong.returncode, wrong.stdout) == (1, "")
        assert wrong.stderr.splitlines()[-1].endswith("(unsupported_extension)")
        assert "Traceback" not in unauthorized.stderr + text.stderr + wrong.stderr + dev.log.read_text()
        assert dev.stop(timeout_s=MAX_STOP_S) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_releases_the_running_job(tmp_path: Path, slow_clip: Path, number: signal.Signals) -> None:
    """The exit code is 0, no ffmpeg is left, the attempt does not count, and the worker does not use up its time."""
    shell = Shell(tmp_path, {"TELECINE_TRANSCRIBER": "none", "TELECINE_COMPRESSION_PRESET": "veryslow"})
    work = Telecine(shell.data_dir)
    with shell.running("dev", "--port", "0") as dev, closing(Client(dev.url(), shell.token())) as client:
        size_bytes = slow_clip.stat().st_size
        grant = client.request_upload("slow.mp4", size_bytes, "")
        put(client, grant, slow_clip)
        video_id = client.complete(grant["video_id"])["video_id"]
        wait_until(lambda: any("libx264" in line for line in work.children_left()))
        assert job(shell, video_id)[:2] == ("running", 1)
        dev.process.send_signal(number)
        assert dev.process.wait(MAX_STOP_S) == 0, dev.log.read_text()
        assert work.children_left() == []
    state, attempt, fence = job(shell, video_id)
    assert (state, attempt) == ("queued", 0)
    assert fence >= 1
    assert list((shell.data_dir / "work").rglob("job-*")) == []
    assert not [words for words in ("Traceback", "drain_timed_out") if words in dev.log.read_text()]


def test_serve_and_worker_share_a_data_folder(shell: Shell, clip: Path) -> None:
    """Two processes finish a video together; the worker's sweep finds the job that the server stored."""
    sweeping = Shell(shell.folder, {**shell.environment, "TELECINE_SWEEP_SECONDS": "0.2"})
    assert sweeping.run("migrate").returncode == 0
    with sweeping.running("serve", "--port", "0") as serve, sweeping.running("worker") as worker:
        worker.says("The worker is ready.")
        done = sweeping.run("upload", str(clip), "--url", serve.url(), "--token", sweeping.token())
        assert done.returncode == 0, done.stderr
        assert "became" in done.stderr
        assert serve.stop(timeout_s=MAX_STOP_S) == 0
        assert worker.stop(timeout_s=MAX_STOP_S) == 0


def test_migrate_makes_the_newest_tables(shell: Shell) -> None:
    """It works on an empty folder, and again on the tables that it made."""
    for _ in range(2):
        result = shell.run("migrate")
        assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    with closing(sqlite3.connect(shell.data_dir / "telecine.db")) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {"videos", "jobs", "transcripts", "transcript_chunks", "alembic_version"} <= tables


def test_only_the_owner_can_read_the_data_folder(shell: Shell) -> None:
    """No other user of the machine can read secrets, database or videos, whatever the umask is."""
    with shell.running("dev", "--port", "0") as dev:
        dev.url()
        shell.token()
        paths = [shell.data_dir, *shell.data_dir.rglob("*")]
    assert {"jwt.secret", "telecine.db", "bucket", "worker.lock"} <= {path.name for path in paths}
    open_to_others = [path for path in paths if path.exists() and path.stat().st_mode & 0o077]
    assert open_to_others == []
