"""P1, P2, P3: uploads of the module in Chromium, against `curl -T` of the file, and over a line with losses."""

import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import httpx
from playwright.sync_api import Page, sync_playwright
from tests.browser.bare import page_server
from tests.e2e.processes import Telecine

from benchmarks.figures import figure
from benchmarks.lossy_link import Line, running_line
from benchmarks.scale import Outcome, Scale

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
PART_BYTES = 5 * 1024 * 1024
LINE = Line(round_trip_s=0.1, loss=0.01)
LOSSY_PARTS = 4
HEAD = b"\0\0\0\x18ftypisom\0\0\x02\0isommp42"
TIMEOUT_MS = 1_800_000
UPLOAD = """async (options) => {
  const [file] = document.querySelector("input").files;
  const began = performance.now();
  await telecine.uploadVideo(file, { ...options, until: "uploaded", resume: null }).promise;
  return (performance.now() - began) / 1000;
}"""


def run(scale: Scale, folder: Path) -> Outcome:
    """Measure rounds of both ways in turn: on this machine, and over the line."""
    with _page() as (page, page_url):
        large = _file(folder / "large.mp4", scale.video_bytes // 2)
        small = _file(folder / "small.mp4", LOSSY_PARTS * PART_BYTES)
        local = _local(scale, folder / "local", page, page_url, large)
        lossy = _lossy(scale, folder / "lossy", page, page_url, small)
    size_mb = large.stat().st_size / 1e6
    return Outcome(
        [
            figure(
                "P1",
                "upload rate of the module in Chromium in one PUT, against curl -T",
                [each["curl"] / each["single"] for each in local],
                measured=_seconds(local, size_mb),
                at_least=0.9,
            ),
            figure(
                "P2",
                "upload rate of the module in Chromium in parts, against curl -T",
                [each["curl"] / each["parts"] for each in local],
                measured=_seconds(local, size_mb),
                at_least=0.9,
            ),
            figure(
                "P3",
                "parts against one PUT over a line with a round trip of 100 ms and 1 % loss",
                [each["single"] / each["parts"] for each in lossy],
                measured=_seconds(lossy, small.stat().st_size / 1e6),
                at_least=1.5,
            ),
        ],
        {"page_uploads": {"local": local, "lossy": lossy}},
    )


def _seconds(rounds: list[dict[str, float]], size_mb: float) -> str:
    last = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in rounds[-1].items())
    return f"{size_mb:,.0f} MB; last round: {last}"


def _local(scale: Scale, folder: Path, page: Page, page_url: str, file: Path) -> list[dict[str, float]]:
    with _server(folder, page_url) as (server, token):
        page.locator("input").set_input_files(file)
        options = {"api": server.url, "token": token}
        # The first round of each warms up the server, and the cache of the file system.
        rounds = [
            {"curl": _curl(server, token, file), **_both(page, options)} for _ in range(scale.upload_rounds + 1)
        ]
        return rounds[1:]


def _lossy(scale: Scale, folder: Path, page: Page, page_url: str, file: Path) -> list[dict[str, float]]:
    server = Telecine(folder / "data")
    with (
        running_line(server.url, LINE) as bucket_url,
        _server(
            folder,
            page_url,
            server,
            TELECINE_PUBLIC_URL=bucket_url,
            TELECINE_MULTIPART_PART_BYTES=str(PART_BYTES),
        ) as (_, token),
    ):
        page.locator("input").set_input_files(file)
        options = {"api": server.url, "token": token}
        return [_both(page, options) for _ in range(scale.upload_rounds)]


def _curl(server: Telecine, token: str, file: Path) -> float:
    """Send the file to a presigned URL; the upload is cancelled afterwards."""
    api = httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {token}"}, timeout=60)
    declared = {"filename": file.name, "file_size": file.stat().st_size, "content_type": "video/mp4"}
    granted: dict[str, Any] = api.post("/api/videos/upload/presigned", json=declared).raise_for_status().json()
    began = perf_counter()
    argv = ["curl", "-sf", "-o", os.devnull, "-T", str(file), "-H", "Content-Type: video/mp4", granted["upload_url"]]
    subprocess.run(argv, check=True)
    taken_s = perf_counter() - began
    api.delete(f"/api/videos/{granted['video_id']}/upload").raise_for_status()
    api.close()
    sys.stderr.write(f"benchmarks: curl {taken_s:.2f} s\n")
    return taken_s


def _both(page: Page, options: Mapping[str, object]) -> dict[str, float]:
    """The seconds of the module's uploads, from the call to the accepted file."""
    return {
        name: _module(page, {**options, "strategy": strategy})
        for name, strategy in (("single", "single"), ("parts", "multipart"))
    }


def _module(page: Page, options: Mapping[str, object]) -> float:
    taken_s: float = page.evaluate(UPLOAD, options)
    sys.stderr.write(f"benchmarks: module, {options['strategy']}: {taken_s:.2f} s\n")
    return taken_s


def _file(path: Path, size_bytes: int) -> Path:
    """A file that begins as an MP4 and cannot be decoded, so that its processing ends at once."""
    with path.open("wb") as stream:
        stream.write(HEAD)
        stream.write(os.urandom(1024 * 1024))
        stream.truncate(size_bytes)
    return path


@contextmanager
def _server(
    folder: Path, page_url: str, server: Telecine | None = None, **settings: str
) -> Generator[tuple[Telecine, str]]:
    folder.mkdir(exist_ok=True)
    server = server or Telecine(folder / "data")
    server.environment |= {
        "TELECINE_TRANSCRIBER": "none",
        "TELECINE_CORS_ALLOWED_ORIGINS": page_url.rstrip("/"),
        **settings,
    }
    try:
        server.start()
        yield server, server.token()
    finally:
        server.kill()


@contextmanager
def _page() -> Generator[tuple[Page, str]]:
    """A page of another origin with the module and a field for a file."""
    program = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    with page_server() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*sandbox, "--disable-dev-shm-usage"])
        page = browser.new_page()
        page.set_default_timeout(TIMEOUT_MS)
        page.goto(url)
        page.evaluate("document.body.append(Object.assign(document.createElement('input'), { type: 'file' }))")
        page.wait_for_function("window.telecine")
        yield page, url
        browser.close()
