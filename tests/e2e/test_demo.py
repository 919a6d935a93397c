"""`telecine demo`, the first command that a new user runs."""

import os
import re
from pathlib import Path

import httpx

from entrypoints.cli.commands.demo import SAMPLE
from tests.e2e.commands import Shell
from tests.e2e.processes import wait_until


def test_the_demo_prints_the_transcript_and_ends(tmp_path: Path) -> None:
    """The transcript goes to standard output, everything else to standard error; the server ends with the demo.

    The demo ignores TELECINE_PUBLIC_URL.
    """
    data_dir = tmp_path / "data"
    # The default model is used in `test_journey.py`; this one is faster.
    settings = {"TELECINE_PUBLIC_URL": "http://telecine.invalid", "TELECINE_TRANSCRIPTION_MODEL": "tiny.en"}
    ended = Shell(tmp_path, settings).run("demo", "--data-dir", str(data_dir))
    assert ended.returncode == 0, ended.stderr
    assert "Welcome to your own video service." in ended.stdout
    assert "is completed" in ended.stderr
    (rendition,) = data_dir.rglob("*-rendition.mp4")
    assert 0 < rendition.stat().st_size < SAMPLE.stat().st_size
    assert not list((data_dir / "bucket" / "objects").glob("videos/*"))
    assert not [path for path in Path("/proc").glob("[0-9]*") if _works_in(path, data_dir)]


def test_the_demo_stays_and_names_the_page_that_shows_its_video(tmp_path: Path) -> None:
    """The page signs in as the user of the demo; a stop signal ends the server, too."""
    shell = Shell(tmp_path, {"TELECINE_TRANSCRIBER": "none", "TELECINE_COMPRESSION_PRESET": "ultrafast"})
    with shell.running("demo", "--stay") as demo:
        demo.says("Press Ctrl-C")
        shown = re.search(r"Open (http://127\.0\.0\.1:\d+)(/v/\S+)", demo.log.read_text())
        assert shown is not None
        with httpx.Client(base_url=shown[1], trust_env=False) as browser:
            assert browser.get(shown[2]).headers["content-type"].startswith("text/html")
            session = browser.post("/session/local", headers={"Origin": shown[1], "Sec-Fetch-Site": "same-origin"})
            token = {"Authorization": f"Bearer {session.json()['token']}"}
            videos = browser.get("/api/videos", headers=token).json()["items"]
        assert [f"/v/{video['video_id']}" for video in videos] == [shown[2]]
        assert demo.stop(timeout_s=60) == 0
        wait_until(lambda: not [path for path in Path("/proc").glob("[0-9]*") if _works_in(path, shell.data_dir)])


def test_the_demo_reports_why_it_cannot_start(tmp_path: Path) -> None:
    """Another process uses the data folder; the log of an earlier demo is kept."""
    shell = Shell(tmp_path, {"TELECINE_TRANSCRIBER": "none"})
    with shell.running("dev", "--port", "0") as dev:
        dev.url()
        log = shell.data_dir / "demo.log"
        log.write_text("Error: an older one\n")
        result = shell.run("demo")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: The server did not start: Another Telecine process uses ")
    assert "(data_folder_in_use)" in result.stderr
    assert log.read_text().startswith("Error: an older one\n")


def _works_in(process: Path, data_dir: Path) -> bool:
    try:
        return str(data_dir).encode() in (process / "cmdline").read_bytes() and process.name != str(os.getpid())
    except OSError:
        return False  # The process ended after it was listed.
