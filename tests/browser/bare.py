"""A page of another origin that only imports the upload module, and a Telecine whose bucket is behind a proxy."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.e2e.processes import Telecine
from tests.services.proxy import Proxy, running_proxy
from tests.services.threaded_server import ThreadedServer

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "src" / "entrypoints" / "http" / "web" / "static"
MIB = 1024 * 1024
PART_BYTES = 5 * MIB
TIMEOUT_MS = 60_000
HELD_BYTES_PER_S = 64 * 1024

PAGE = """<!doctype html><meta charset="utf-8"><title>bare</title><link rel="icon" href="data:,">
<script type="module">
import * as telecine from "/telecine-upload.js";
const MIB = 1024 * 1024;
const head = new Uint8Array(MIB);
head.set(new TextEncoder().encode("\\0\\0\\0\\x18ftypisom\\0\\0\\x02\\0isommp42"));
const rest = new Blob([new Uint8Array(MIB).fill(7)]);
window.film = (mib) =>
  new File([head, ...Array(mib - 1).fill(rest)], "film.mp4", { type: "video/mp4", lastModified: 1 });
window.begin = (mib, options) =>
  follow(telecine.uploadVideo(film(mib), { until: "uploaded", retry: { base: 0.1, cap: 1 }, ...options }));
// The chunks of a recording of this many MiB.
window.chunks = async function* (mib, perSecond) {
  const blob = film(mib);
  for (let at = 0; at < blob.size; at += MIB) {
    yield blob.slice(at, at + MIB);
    await new Promise((resolve) => setTimeout(resolve, 1000 / perSecond));
  }
};
window.beginRecording = (mib, perSecond, options) =>
  follow(telecine.recordVideo(chunks(mib, perSecond), { until: "uploaded", retry: { base: 0.1, cap: 1 }, ...options }));
// A picture of noise, which no codec makes small, so that parts fill within seconds; and the camera's sound.
window.record = async (options, size = [640, 360]) => {
  const noise = new OffscreenCanvas(2 * size[0], 2 * size[1]);
  const pixels = new ImageData(noise.width, noise.height);
  for (let at = 0; at < pixels.data.length; at += 65536) crypto.getRandomValues(pixels.data.subarray(at, at + 65536));
  pixels.data.forEach((_, at) => at % 4 === 3 && (pixels.data[at] = 255));
  noise.getContext("2d").putImageData(pixels, 0, 0);
  const shown = Object.assign(document.createElement("canvas"), { width: size[0], height: size[1] });
  const draw = () => shown.getContext("2d").drawImage(noise, -Math.random() * size[0], -Math.random() * size[1]);
  setInterval(draw, 40);
  draw();
  const sound = await navigator.mediaDevices.getUserMedia({ audio: true });
  window.stream = new MediaStream([...shown.captureStream(25).getTracks(), ...sound.getTracks()]);
  const recorder = { videoBitsPerSecond: 100_000_000, mimeType: "video/webm;codecs=vp8,opus" };
  follow(telecine.recordVideo(stream, { until: "uploaded", retry: { base: 0.1, cap: 1 }, recorder, ...options }));
};
window.follow = (upload) => {
  window.states = [];
  window.fallbacks = [];
  window.ratios = [];
  window.error = window.video = null;
  upload.addEventListener("state", ({ detail }) => states.push(detail));
  upload.addEventListener("progress", ({ detail }) => ratios.push(detail.ratio));
  upload.addEventListener("fallback", ({ detail }) => fallbacks.push(detail.reason));
  upload.promise.then((video) => (window.video = video), (error) => (window.error = { ...error, text: error.message }));
  window.upload = upload;
};
window.telecine = telecine;
</script>"""


@dataclass
class Stage:
    """The server, the proxy in front of its bucket, and the page's address."""

    server: Telecine
    bucket: Proxy
    page_url: str
    token: str

    def options(self, **more: object) -> dict[str, object]:
        """Options of an upload in parts."""
        return {"api": self.server.url, "token": self.token, **more}

    def open(self, page: Page) -> None:
        """Open the page, with the bucket as it should be."""
        self.bucket.injected_faults.clear()
        self.bucket.pace_bytes_per_s = None
        self.bucket.sent_bytes = 0
        self.bucket.restore()
        page.goto(self.page_url)
        page.wait_for_function("window.telecine")

    def hold(self) -> None:
        """Let almost nothing reach the bucket, so that no upload ends before the test has acted."""
        self.bucket.pace_bytes_per_s = HELD_BYTES_PER_S

    def begin(self, page: Page, mib: int, **options: object) -> None:
        """Begin an upload of this many MiB in the page."""
        page.evaluate("([mib, options]) => begin(mib, options)", [mib, self.options(**options)])

    def record(self, page: Page, **options: object) -> None:
        """Begin a recording in the page."""
        page.evaluate("options => record(options)", self.options(**options))


def wait_for(page: Page, condition: str) -> None:
    """Wait until an expression about the page's upload is true."""
    page.wait_for_function(condition, timeout=TIMEOUT_MS, polling=50)


def uploaded(page: Page) -> dict[str, Any]:
    """Wait for the end of the page's upload; return its video."""
    wait_for(page, "window.video || window.error")
    assert page.evaluate("error") is None
    video: dict[str, Any] = page.evaluate("video")
    return video


def refused(page: Page) -> dict[str, Any]:
    """Wait for the end of the page's upload; return its error."""
    wait_for(page, "window.video || window.error")
    error: dict[str, Any] = page.evaluate("error")
    assert error is not None
    return error


@contextmanager
def running_stage(folder: Path, pages: Path = STATIC) -> Generator[Stage]:
    """Run everything until the block ends; the page's server also serves the files of a folder."""
    with page_server(pages) as page_url:
        settings = {
            "TELECINE_TRANSCRIBER": "none",
            "TELECINE_MULTIPART_PART_BYTES": str(PART_BYTES),
            "TELECINE_CORS_ALLOWED_ORIGINS": page_url.rstrip("/"),
        }
        server = Telecine(folder / "data", environment=settings)
        with running_proxy(server.url) as bucket:
            server.environment["TELECINE_PUBLIC_URL"] = bucket.url
            try:
                server.start()
                yield Stage(server, bucket, page_url, server.token())
            finally:
                server.kill()


class _Pages(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path != "/":
            super().do_GET()
            return
        body = PAGE.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's own name)
        """Keep access lines out of the test output."""


@contextmanager
def page_server(folder: Path = STATIC) -> Generator[str]:
    """Serve the page, and the files of a folder, on a free port; yield the URL of the page."""
    with ThreadedServer(("127.0.0.1", 0), partial(_Pages, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
