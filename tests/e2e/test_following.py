"""`telecine upload` and `telecine watch` as real processes follow a video by its event stream."""

import json
import re
import signal
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from telecine_client.client import Client
from tests.e2e.commands import Shell
from tests.e2e.processes import wait_until
from tests.media import make

UUID = r"[0-9a-f]{8}-[0-9a-f-]{27}"


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Two seconds of video without audio."""
    return make.video(tmp_path / "clip.mp4", duration_s=2, sound=None)


def events_in(log: Path) -> list[dict[str, Any]]:
    """The complete lines of `telecine watch --json`."""
    return [
        json.loads(line)
        for line in log.read_text().splitlines(keepends=True)
        if line.startswith("{") and line.endswith("\n")
    ]


def test_an_upload_is_followed_and_watched_without_polling(tmp_path: Path, clip: Path) -> None:
    """`upload` shows the running stages, `watch --all --json` prints every event once; neither asks for the status."""
    shell = Shell(tmp_path, {"TELECINE_TRANSCRIBER": "none", "FORCE_COLOR": "1"})
    with shell.running("dev", "--port", "0") as dev:
        options = ["--url", dev.url(), "--token", shell.token()]
        with shell.running("watch", "--all", "--json", *options) as watch:
            wait_until(lambda: bool(events_in(watch.log)))  # The snapshot: the stream is open.
            done = shell.run("upload", str(clip), *options)
            assert done.returncode == 0, done.stderr
            wait_until(lambda: events_in(watch.log)[-1]["event"] == "video.completed")
            watch.process.send_signal(signal.SIGINT)
            assert watch.process.wait(timeout=60) == 130
        video_id = re.findall(UUID, done.stderr)[0]
        watched = events_in(watch.log)
        logged = [event for event in watched if event["event"] not in {"snapshot", "progress"}]
        assert [event["event"] for event in logged] == [
            *("upload.completed", "video.processing", "video.playable", "video.completed")
        ]
        assert [int(event["id"]) for event in logged] == sorted({int(event["id"]) for event in logged})
        assert {event["data"]["video_id"] for event in watched if event["event"] != "snapshot"} == {video_id}
        assert "compress" in {event["data"]["stage"] for event in watched if event["event"] == "progress"}
        assert "running" in done.stderr
        requests = [line for line in dev.log.read_text().splitlines() if video_id in line]
        assert any("/events" in line for line in requests)
        assert [line for line in requests if "/status" in line] == []

        seen = shell.run("watch", video_id, "--until-done", *options)
        assert (seen.returncode, "completed" in seen.stdout) == (0, True), seen.stderr
        unknown = shell.run("watch", "unknown", *options)
        assert unknown.returncode == 1
        assert "(video_not_found)" in unknown.stderr
        _check_exit_codes(shell, options)


def _check_exit_codes(shell: Shell, options: list[str]) -> None:
    """3 if the watched video fails, 4 if it is deleted."""
    with closing(Client(options[1], options[3])) as client:
        for code, action in ((3, "cancel"), (4, "delete")):
            video_id = client.request_upload("clip.mp4", 5, "")["video_id"]
            with shell.running("watch", video_id, "--until-done", *options) as watch:
                watch.says("snapshot")
                if action == "cancel":
                    client.cancel(video_id)
                else:
                    httpx.delete(
                        f"{options[1]}/api/videos/{video_id}", headers={"Authorization": f"Bearer {options[3]}"}
                    )
                assert watch.process.wait(timeout=60) == code, watch.log.read_text()
