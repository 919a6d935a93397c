"""Chromium plays a video with poster, captions and storyboard on a page of another origin, without any token."""

import json
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from telecine_client.client import Client
from tests.e2e.chromium import reported
from tests.e2e.commands import put
from tests.e2e.processes import Telecine, running, wait_until
from tests.media import make
from tests.services.s3 import S3Server, running_moto

CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:02.000\nGrüße\n"
CORS = """<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod>
<AllowedMethod>PUT</AllowedMethod><AllowedHeader>content-type</AllowedHeader></CORSRule></CORSConfiguration>"""

PAGE = """<!doctype html><meta charset="utf-8">
<img id="poster" crossorigin><img id="storyboard" crossorigin>
<video id="video" crossorigin muted playsinline><track id="track" kind="captions" default></video>
<script>
const playback = PLAYBACK;
const report = (result) => fetch("/result", { method: "POST", body: JSON.stringify(result) });
const event = (element, name) => new Promise((resolve, reject) => {
  element.addEventListener(name, resolve, { once: true });
  element.addEventListener("error", () => reject(new Error(`${element.id}: ${name}`)), { once: true });
});
const loaded = (id, url) => { const element = document.getElementById(id); element.src = url; return element; };
(async () => {
  const poster = loaded("poster", playback.poster_url);
  const sheet = loaded("storyboard", playback.storyboard_image_url);
  const track = document.getElementById("track");
  const cues = event(track, "load");
  loaded("track", playback.captions[0].url).srclang = playback.captions[0].language;
  track.track.mode = "showing";
  const video = loaded("video", playback.url);
  await Promise.all([event(poster, "load"), event(sheet, "load"), event(video, "loadeddata"), cues]);
  const moved = event(video, "timeupdate");
  await video.play();
  await moved;
  const board = await (await fetch(playback.storyboard_url)).text();
  await report({
    poster: poster.naturalWidth, storyboard: sheet.naturalWidth, board: board.slice(0, 6),
    width: video.videoWidth, duration: video.duration, time: video.currentTime,
    cue: track.track.cues[0].text, language: track.srclang,
  });
})().catch((error) => report({ error: String(error) }));
</script>"""


@pytest.fixture(params=["folder", "s3"])
def telecine(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Telecine]:
    """A server without a transcriber, over each kind of bucket; clients reach S3 by another name."""
    with (
        _bucket(str(request.param)) as environment,
        running(tmp_path / "data", TELECINE_TRANSCRIBER="none", **environment) as started,
    ):
        yield started
        assert started.stop() == 0


@contextmanager
def _bucket(kind: str) -> Generator[dict[str, str]]:
    if kind == "folder":
        yield {}
        return
    with running_moto() as server:
        server.ask("PUT", f"/{server.bucket}", {"cors": ""}, content=CORS.encode())
        yield _environment(server)


def _environment(server: S3Server) -> dict[str, str]:
    return {
        "TELECINE_S3_BUCKET": server.bucket,
        "TELECINE_S3_ENDPOINT_URL": server.endpoint_url,
        "TELECINE_S3_PUBLIC_ENDPOINT_URL": server.endpoint_url.replace("127.0.0.1", "localhost"),
        "TELECINE_S3_REGION": server.region,
        "TELECINE_S3_ACCESS_KEY_ID": server.access_key_id,
        "TELECINE_S3_SECRET_ACCESS_KEY": server.secret_access_key,
    }


def _processed(telecine: Telecine, clip: Path) -> dict[str, Any]:
    """The playback of a processed video with captions, as a viewer's token gets it."""
    with closing(Client(telecine.url, telecine.token())) as client:
        grant = client.request_upload(clip.name, clip.stat().st_size, "")
        put(client, grant, clip)
        client.complete(grant["video_id"])
        wait_until(lambda: client.status(grant["video_id"])["status"] in {"completed", "failed"}, timeout_s=300)
    base = f"{telecine.url}/api/videos/{grant['video_id']}"
    owner = {"Authorization": f"Bearer {telecine.token()}"}
    captions = {**owner, "Content-Type": "text/vtt"}
    httpx.put(f"{base}/transcript.vtt?language=de", content=CAPTIONS.encode(), headers=captions).raise_for_status()
    token = httpx.post(f"{base}/playback-tokens", json={"expires_in": 600}, headers=owner).raise_for_status().json()
    viewer = {"Authorization": f"Bearer {token['token']}"}
    body: dict[str, Any] = httpx.get(f"{base}/playback", headers=viewer).raise_for_status().json()
    return body


def test_chromium_plays_it_on_a_page_of_another_origin(telecine: Telecine, tmp_path: Path) -> None:
    """The elements of a page send no `Authorization`, and `crossorigin` makes the browser check CORS."""
    clip = make.video(tmp_path / "clip.mp4", duration_s=3, sound=None)
    page = PAGE.replace("PLAYBACK", json.dumps(_processed(telecine, clip)))
    shown = reported(tmp_path, {"/": page.encode()})
    assert "error" not in shown, shown
    assert min(shown["poster"], shown["storyboard"], shown["width"], shown["duration"], shown["time"]) > 0
    assert (shown["board"], shown["cue"], shown["language"]) == ("WEBVTT", "Grüße", "de")
