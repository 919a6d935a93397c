"""The complete path of a video through HTTP, on real adapters: SQLite, a folder, ffmpeg, faster-whisper."""

import json
import subprocess
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from entrypoints.cli.commands.demo import SAMPLE
from telecine_client.client import Client
from telecine_client.errors import ErrorResponse
from tests.e2e.commands import put
from tests.e2e.processes import Telecine, running, wait_until
from tests.media import make
from tests.media.languages import GERMAN_WORDS, german_film

SPOKEN = ("your own video service", "straight to your own storage", "read the captions", "nothing is lost")


@pytest.fixture(scope="module")
def telecine(tmp_path_factory: pytest.TempPathFactory) -> Generator[Telecine]:
    """One server for all tests of this module; at the end it must have no child process."""
    with running(tmp_path_factory.mktemp("journey") / "data") as started:
        yield started
        assert started.children_left() == []
        assert started.stop() == 0


@pytest.fixture
def client(telecine: Telecine) -> Generator[Client]:
    """An API client."""
    with closing(Client(telecine.url, telecine.token())) as opened:
        yield opened


@pytest.fixture(scope="module")
def sample(telecine: Telecine) -> dict[str, Any]:
    """The sample clip after processing."""
    with closing(Client(telecine.url, telecine.token())) as client:
        return _sent(client, SAMPLE)


def _sent(client: Client, file: Path, *, name: str | None = None) -> dict[str, Any]:
    """Upload as a browser does, and wait until the video is terminal."""
    size_bytes = file.stat().st_size
    grant = client.request_upload(name or file.name, size_bytes, "")
    put(client, grant, file)
    client.complete(grant["video_id"])
    wait_until(lambda: client.status(grant["video_id"])["status"] in {"completed", "failed"}, timeout_s=300)
    return client.video(grant["video_id"])


def _probe(content: bytes, folder: Path) -> dict[str, Any]:
    path = folder / "played.mp4"
    path.write_bytes(content)
    command = ["ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_streams", str(path)]
    answer: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return answer


def test_the_sample_becomes_small_and_readable(
    telecine: Telecine, client: Client, sample: dict[str, Any], tmp_path: Path
) -> None:
    """A real clip gets smaller, can be played and has captions at the right times; its original is erased."""
    video = sample
    assert video["status"] == "completed"
    assert [stage["state"] for stage in video["stages"]] == ["done"] * 6

    playback = client.playback(video["video_id"])
    rendition = httpx.get(playback["url"]).content
    probed = _probe(rendition, tmp_path)
    assert len(rendition) < SAMPLE.stat().st_size
    assert [stream["codec_name"] for stream in probed["streams"]] == ["h264", "aac"]
    assert float(probed["format"]["duration"]) == pytest.approx(video["media"]["duration_s"], abs=0.5)
    part = httpx.get(playback["url"], headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, rendition[100:200])
    assert httpx.get(playback["poster_url"]).content.startswith(b"\xff\xd8")

    transcript = client.transcript(video["video_id"])
    assert all(words in transcript["text"].lower() for words in SPOKEN)
    starts = [cue["start_s"] for cue in transcript["cues"]]
    assert starts == sorted(starts)
    assert transcript["cues"][-1]["end_s"] <= video["media"]["duration_s"] + 1

    wait_until(lambda: video["r2_key"] not in telecine.stored_keys())
    assert {key.rsplit("-", 1)[1] for key in telecine.stored_keys()} == {
        *("rendition.mp4", "poster.jpg", "storyboard.jpg")
    }


def test_captions_come_in_every_form(telecine: Telecine, client: Client, sample: dict[str, Any]) -> None:
    """JSON, WebVTT, SubRip and plain text have the same content."""
    video_id = sample["video_id"]
    cues = client.transcript(video_id)["cues"]
    headers = {"Authorization": f"Bearer {telecine.token()}"}
    files = {
        form: httpx.get(f"{telecine.url}/api/videos/{video_id}/transcript.{form}", headers=headers)
        for form in ("vtt", "srt", "txt")
    }
    assert files["vtt"].headers["content-type"].startswith("text/vtt")
    assert files["vtt"].text.startswith("WEBVTT\n\n00:00:")
    assert files["vtt"].text.count(" --> ") == files["srt"].text.count(" --> ") == len(cues)
    assert files["txt"].text.splitlines() == [cue["text"] for cue in cues]


def test_a_deleted_video_leaves_nothing(telecine: Telecine, client: Client, tmp_path: Path) -> None:
    """A video is deleted during processing: its row and objects go, and the worker stops."""
    clip = make.video(tmp_path / "long.mp4", duration_s=20, width=1280, height=720)
    size_bytes = clip.stat().st_size
    before = telecine.stored_keys()
    grant = client.request_upload(clip.name, size_bytes, "")
    put(client, grant, clip)
    client.complete(grant["video_id"])
    wait_until(lambda: _stage(client, grant["video_id"], "compress")["percent"] > 0)
    headers = {"Authorization": f"Bearer {telecine.token()}"}
    assert httpx.delete(f"{telecine.url}/api/videos/{grant['video_id']}", headers=headers).status_code == 204
    assert httpx.get(f"{telecine.url}{grant['status_url']}", headers=headers).status_code == 404
    wait_until(lambda: telecine.stored_keys() == before and telecine.children_left() == [])
    assert telecine.rows("SELECT count(*) FROM videos WHERE id = ?", [grant["video_id"]]) == [(0,)]


def test_a_video_without_sound_has_an_empty_transcript(client: Client, tmp_path: Path) -> None:
    """It completes, with no cues."""
    video = _sent(client, make.video(tmp_path / "mute.webm", sound=None))
    assert video["status"] == "completed"
    assert client.transcript(video["video_id"])["cues"] == []


@pytest.mark.parametrize(
    ("maker", "code"),
    [(make.headless, "malformed_video"), (make.subtitles_alone, "not_a_video")],
)
def test_a_file_that_is_no_video_fails_with_its_code(
    client: Client, tmp_path: Path, maker: Callable[[Path], Path], code: str
) -> None:
    """The video fails at once with a code, and the worker continues."""
    video = _sent(client, maker(tmp_path / "clip.mp4"))
    assert (video["status"], video["playable"]) == ("failed", False)
    assert (video["failure"]["stage"], video["failure"]["code"]) == ("probe", code)


def test_a_file_that_does_not_begin_as_a_video_is_not_accepted(client: Client, tmp_path: Path) -> None:
    """The response gives the reason; the client may still send the right file."""
    with pytest.raises(ErrorResponse, match="not in a supported video container or audio format"):
        _sent(client, make.text(tmp_path / "clip.mp4"))


def test_a_truncated_video_keeps_its_original(client: Client, tmp_path: Path) -> None:
    """The first half of a fast-start file is kept and published as it is."""
    clip = make.truncated(tmp_path / "half.mp4")
    video = _sent(client, clip)
    assert (video["status"], video["playable"], video["original_kept"]) == ("completed", True, True)
    assert [warning["code"] for warning in video["warnings"]] == ["source_truncated"]
    assert httpx.get(client.playback(video["video_id"])["url"]).content == clip.read_bytes()


def test_an_empty_put_is_refused(client: Client, telecine: Telecine, tmp_path: Path) -> None:
    """The URL accepts only the declared size; the client may send the right file afterwards."""
    clip = make.video(tmp_path / "clip.mp4")
    size_bytes = clip.stat().st_size
    grant = client.request_upload(clip.name, size_bytes, "video/mp4")
    assert httpx.put(grant["upload_url"], content=b"", headers=grant["headers"]).status_code == 403
    headers = {"Authorization": f"Bearer {telecine.token()}"}
    complete = f"{telecine.url}/api/videos/{grant['video_id']}/upload/complete"
    refused = httpx.post(complete, headers=headers, json={"success": True})
    assert (refused.status_code, refused.json()["code"]) == (400, "upload_missing")
    put(client, grant, clip)
    assert httpx.post(complete, headers=headers, json={"success": True}).status_code == 200


def _stage(client: Client, video_id: str, name: str) -> dict[str, Any]:
    stages: list[dict[str, Any]] = client.status(video_id)["stages"]
    return next(stage for stage in stages if stage["name"] == name)


def test_german_speech_has_german_captions(client: Client, tmp_path: Path) -> None:
    """Nobody says what language it is, and the camera's tag is wrong."""
    video = _sent(client, german_film(tmp_path / "german.mp4", tag="eng"))
    transcript = client.transcript(video["video_id"])
    assert (video["status"], video["warnings"], transcript["language"]) == ("completed", [], "de")
    assert all(word in transcript["text"].lower() for word in GERMAN_WORDS)
