"""`telecine upload` as a real process: killed, cut off or interrupted, it resumes where it stopped."""

import json
import os
import signal
import struct
import subprocess
import sys
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from entrypoints.cli.commands.demo import SAMPLE
from telecine_client.client import Client
from tests.e2e.processes import Telecine, wait_until
from tests.services.proxy import Fault, InjectedFault, Proxy, running_proxy

PART_BYTES = 5 * 1024 * 1024
PART_COUNT = 12
FILE_BYTES = (PART_COUNT - 1) * PART_BYTES + 1_234_567
PUT = r"PUT /bucket/.*partNumber="


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A video of twelve parts; most of it is padding that every reader skips."""
    file = tmp_path / "long.mp4"
    padding = FILE_BYTES - SAMPLE.stat().st_size
    file.write_bytes(SAMPLE.read_bytes() + struct.pack(">I4s", padding, b"free"))
    os.truncate(file, FILE_BYTES)
    return file


class Uploader:
    """Runs the command on one file, through a proxy that can delay and count the parts."""

    def __init__(self, server: Telecine, proxy: Proxy, file: Path) -> None:
        self.file = file
        self.proxy = proxy
        self.state = file.parent / "state" / "telecine" / "uploads"
        self._log = file.parent / "upload.log"
        self._token = server.token()
        self.server = server
        self._others = self._videos()

    def command(self, *options: str, strategy: str = "multipart") -> list[str]:
        """Build the command line."""
        url = ["--url", self.proxy.url, "--strategy", strategy, "--no-follow"]
        return [sys.executable, "-m", "entrypoints.cli", "upload", str(self.file), *url, *options]

    def run(self, *options: str, strategy: str = "multipart") -> subprocess.CompletedProcess[str]:
        """Run the command to its end."""
        return subprocess.run(
            self.command(*options, strategy=strategy),
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    @contextmanager
    def running(self, *options: str) -> Generator[subprocess.Popen[str]]:
        """Run the command in the background; it is killed at the end of the block."""
        process = subprocess.Popen(
            self.command("--parallel", "1", *options),
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with process:
            try:
                yield process
            finally:
                process.kill()

    def slow_down(self, delay_s: float = 0.4) -> InjectedFault:
        """Delay every part from now on; the returned fault counts them."""
        return self.proxy.inject(PUT, Fault.DELAY, times=1000, delay_s=delay_s)

    def count(self) -> InjectedFault:
        """Stop delaying parts, and count them from now on."""
        self.proxy.injected_faults.clear()
        return self.slow_down(0)

    def videos(self) -> list[str]:
        """The ids of the videos that the command created."""
        return sorted(self._videos() - self._others)

    def is_whole(self, video_id: str) -> bool:
        """Whether the source in the bucket equals the file; true as well if processing has already erased it."""
        sources = self.server.data_dir.glob(f"bucket/objects/videos/**/{video_id}.mp4")
        return all(source.read_bytes() == self.file.read_bytes() for source in sources)

    def resumable_id(self) -> str:
        """The id of the video in the command's resume state."""
        (path,) = self.state.glob("*.json")
        video_id: str = json.loads(path.read_text())["video_id"]
        return video_id

    def progress(self, video_id: str) -> dict[str, Any]:
        """The upload's status from the server."""
        with closing(Client(self.server.url, self._token)) as client:
            return client.upload_progress(video_id)

    def wait_for_parts(self, count: int) -> str:
        """Wait until the server has this many parts; return the video's id."""
        wait_until(lambda: bool(list(self.state.glob("*.json"))))
        video_id = self.resumable_id()
        wait_until(lambda: len(self.progress(video_id)["received_parts"]) >= count)
        return video_id

    def _videos(self) -> set[str]:
        return {video_id for (video_id,) in self.server.rows("SELECT id FROM videos")}

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "TELECINE_TOKEN": self._token, "XDG_STATE_HOME": str(self.file.parent / "state")}


@contextmanager
def served(data_dir: Path, **settings: str) -> Generator[tuple[Telecine, Proxy]]:
    """Run a server with small parts, behind a proxy."""
    small = {"TELECINE_TRANSCRIBER": "none", "TELECINE_MULTIPART_PART_BYTES": str(PART_BYTES)}
    server = Telecine(data_dir, environment={**small, **settings})
    with running_proxy(server.url) as proxy:
        server.environment["TELECINE_PUBLIC_URL"] = proxy.url
        try:
            server.start()
            yield server, proxy
        finally:
            server.kill()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Generator[tuple[Telecine, Proxy]]:
    """A server and its proxy, shared by most tests."""
    with served(tmp_path_factory.mktemp("shared") / "data") as running:
        yield running


@pytest.fixture
def uploader(shared: tuple[Telecine, Proxy], file: Path) -> Uploader:
    """The command on a new file."""
    server, proxy = shared
    proxy.injected_faults.clear()
    return Uploader(server, proxy, file)


def test_a_killed_upload_resumes(uploader: Uploader) -> None:
    """After SIGKILL half way, the next run sends only the missing parts of the same video."""
    uploader.slow_down()
    with uploader.running() as process:
        video_id = uploader.wait_for_parts(4)
        process.kill()
        process.wait()
    puts = uploader.count()
    again = uploader.run()
    assert (again.returncode, again.stdout) == (0, f"{video_id}\n"), again.stderr
    assert 0 < puts.hits <= PART_COUNT - 4
    there, whole = (PART_COUNT - puts.hits) * PART_BYTES / 1e6, FILE_BYTES / 1e6
    resuming = f"Resuming video {video_id}: {there:.1f} of {whole:.1f} MB uploaded."
    assert again.stderr.splitlines() == [resuming, f"Uploaded as video {video_id}"]
    assert uploader.videos() == [video_id]
    assert list(uploader.state.iterdir()) == []


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_upload_says_how_to_resume(uploader: Uploader, number: signal.Signals, code: int) -> None:
    """It prints one line at once, with the exit code that shells expect; the id alone suffices to resume."""
    uploader.slow_down(2.0)
    with uploader.running() as process:
        video_id = uploader.wait_for_parts(1)
        process.send_signal(number)
        output = process.communicate(timeout=60)
    assert (process.returncode, *output) == (
        code,
        "",
        "Interrupted. Run the same command again to resume the upload.\n",
    )
    for path in uploader.state.iterdir():
        path.unlink()
    uploader.count()
    assert uploader.run("--resume", video_id).stdout == f"{video_id}\n"


def test_a_second_upload_of_the_same_file_is_refused(uploader: Uploader) -> None:
    """While the first one runs, a second run is refused, and so is resuming it with another file."""
    uploader.slow_down()
    with uploader.running():
        video_id = uploader.wait_for_parts(1)
        second = uploader.run()
        other = uploader.file.with_name("other.mp4")
        other.write_bytes(SAMPLE.read_bytes())
        uploader.file = other
        wrong = uploader.run("--resume", video_id)
    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr.endswith("(upload_in_progress)\n")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.endswith("(other_file)\n")


def test_urls_that_expire_are_signed_again(tmp_path: Path, file: Path) -> None:
    """The upload takes several times as long as a URL is valid."""
    with served(tmp_path / "data", TELECINE_PRESIGNED_URL_EXPIRATION_SECONDS="1") as (server, proxy):
        uploader = Uploader(server, proxy, file)
        puts = uploader.slow_down(0.5)
        done = uploader.run("--parallel", "2")
        assert done.returncode == 0, done.stderr
        assert puts.hits >= PART_COUNT
        (video_id,) = uploader.videos()
        assert uploader.is_whole(video_id)


def test_an_upload_outlives_a_restart_of_the_server(uploader: Uploader) -> None:
    """The server is killed and restarted during the upload; parts that it has are not sent again."""
    puts = uploader.slow_down()
    with uploader.running() as process:
        video_id = uploader.wait_for_parts(3)
        uploader.server.kill()
        uploader.server.start()
        output = process.communicate(timeout=300)
    assert (process.returncode, *output) == (0, f"{video_id}\n", f"Uploaded as video {video_id}\n")
    assert puts.hits < 2 * PART_COUNT
    assert uploader.is_whole(video_id)


@pytest.mark.parametrize("strategy", ["single", "multipart"])
def test_a_faulty_network_loses_nothing(uploader: Uploader, strategy: str) -> None:
    """Every kind of call is cut off once before and once after the server processed it; one video results."""
    for call in ("POST /api/videos/upload/presigned", "POST .*/upload/parts", "PUT /bucket/", "POST .*/complete"):
        for fault in (Fault.LOSE_ANSWER, Fault.DROP, Fault.RESET):
            uploader.proxy.inject(call, fault)
    done = uploader.run(strategy=strategy)
    assert done.returncode == 0, done.stderr
    (video_id,) = uploader.videos()
    assert uploader.is_whole(video_id)


def test_an_upload_whose_file_changes_is_cancelled(uploader: Uploader) -> None:
    """The command reports it, and keeps no resume state."""
    uploader.slow_down()
    with uploader.running() as process:
        video_id = uploader.wait_for_parts(2)
        with uploader.file.open("ab") as stream:
            stream.write(b"more")
        uploader.count()
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "")
    assert err.endswith("(file_changed)\n")
    assert uploader.progress(video_id)["status"] == "failed"
    assert list(uploader.state.iterdir()) == []
