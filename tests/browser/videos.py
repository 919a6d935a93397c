"""Processed videos with captions for the tests of the page, and what the tests ask of the player."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import httpx
from playwright.sync_api import Page, expect

from telecine_client.client import Client
from tests.e2e.commands import put
from tests.e2e.processes import Telecine, wait_until

USER = "local"
Cue = tuple[float, float, str]


class Videos:
    """The API of a server as the user of its page."""

    def __init__(self, server: Telecine) -> None:
        self.server = server
        self._token = server.token(USER)

    def upload(self, clip: Path, name: str | None = None) -> str:
        """Upload a clip and wait until it is completed; return its id."""
        with closing(Client(self.server.url, self._token)) as client:
            grant = client.request_upload(name or clip.name, clip.stat().st_size, "")
            put(client, grant, clip)
            client.complete(grant["video_id"])
            wait_until(lambda: client.status(grant["video_id"])["status"] in {"completed", "failed"}, timeout_s=300)
        return str(grant["video_id"])

    def put_captions(self, video_id: str, cues: Sequence[Cue], language: str = "en") -> None:
        """Store captions as a client would."""
        path = f"/api/videos/{video_id}/transcript.vtt?language={language}"
        self.call("PUT", path, captions=vtt(cues).encode())

    def listed(self) -> set[str]:
        """The ids of the videos on the first page of the list."""
        return {each["video_id"] for each in self.call("GET", "/api/videos?limit=100").json()["items"]}

    def call(
        self, method: str, path: str, *, captions: bytes | None = None, json: object | None = None
    ) -> httpx.Response:
        """Call the API, with captions or JSON as the body; fail on an error status."""
        headers = {"Authorization": f"Bearer {self._token}"}
        headers |= {} if captions is None else {"Content-Type": "text/vtt"}
        return httpx.request(
            method, f"{self.server.url}{path}", headers=headers, content=captions, json=json
        ).raise_for_status()


def vtt(cues: Sequence[Cue]) -> str:
    """WebVTT with these cues."""
    blocks = [f"{_timestamp(start)} --> {_timestamp(end)}\n{_escaped(text)}" for start, end, text in cues]
    return "\n\n".join(["WEBVTT", *blocks]) + "\n"


def _timestamp(seconds: float) -> str:
    return f"{int(seconds) // 3600:02}:{int(seconds) // 60 % 60:02}:{seconds % 60:06.3f}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Player:
    """The player of a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.captions = page.locator(".player-captions")

    def value(self, name: str) -> object:
        """A property of the video element."""
        value: object = self.page.locator("video").evaluate(f"video => video.{name}")
        return value

    def until(self, condition: str) -> None:
        """Wait until a condition on the element `video` holds."""
        # `wait_for_function` evaluates a text, which the page's policy forbids.
        wait_until(lambda: bool(self.page.locator("video").evaluate(f"video => {condition}")))

    def open(self, url: str) -> None:
        """Open the address of a video and wait until its picture can be shown."""
        self.page.goto(url)
        expect(self.page.locator(".player")).to_be_visible()
        self.until("video.readyState >= 2 && !video.seeking")

    def seek(self, time_s: float) -> None:
        """Go to a time without the page's controls."""
        self.page.locator("video").evaluate("(video, time) => { video.currentTime = time; }", time_s)
        self.until("!video.seeking && video.readyState >= 2")
