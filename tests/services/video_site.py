"""A loopback stand-in for YouTube that serves scripted answers: videos, errors, and pages that hang or never end."""

import threading
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlsplit

from tests.services.threaded_server import ThreadedServer

BLOCK = bytes(64 * 1024)


@dataclass(frozen=True)
class Page:
    """One scripted answer to a request for a video's page."""

    status: int = 200
    body: bytes = b""
    content_type: str = "video/mp4"
    is_endless: bool = False
    hangs: bool = False


HANG = Page(hangs=True)
ARTICLE = Page(body=b"<!doctype html><title>News</title><p>Nothing moves here.", content_type="text/html")


class VideoSite(ThreadedServer):
    """Answers requests for the page from `script` in order; after its end, and for other paths, from its folder."""

    daemon_threads = False

    def __init__(self, folder: Path, video: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.video = video
        self.script: deque[Page] = deque()
        self.requested_urls: list[str] = []
        self.is_hanging = threading.Event()
        self.is_closing = threading.Event()

    @property
    def watch_url(self) -> str:
        """The URL of a video's page, with the placeholder `{id}`."""
        return f"http://127.0.0.1:{self.server_port}/watch?v={{id}}"

    def page(self, path: str) -> Page:
        """Record the request, and return its answer."""
        self.requested_urls.append(path)
        name = urlsplit(path).path.removeprefix("/")
        if name == "watch" and self.script:
            return self.script.popleft()
        content = self.folder / (self.video if name == "watch" else name)
        kind = "application/dash+xml" if content.suffix == ".mpd" else "video/mp4"
        return Page(body=content.read_bytes(), content_type=kind)


@contextmanager
def running_video_site(folder: Path, video: str = "video.mp4") -> Generator[VideoSite]:
    """Run a site whose page is one video of the folder; it serves the folder's other files too."""
    with VideoSite(folder, video) as site:
        thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield site
        finally:
            site.is_closing.set()
            site.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        site = self.server
        assert isinstance(site, VideoSite)
        page = site.page(self.path)
        if page.hangs:
            site.is_hanging.set()
            site.is_closing.wait()
            return
        # A client may hang up once it has read enough.
        with suppress(ConnectionError):
            self._send(page)
            while page.is_endless and not site.is_closing.is_set():
                self.wfile.write(BLOCK)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
        """Keep access lines out of the test output."""

    def _send(self, page: Page) -> None:
        self.send_response(page.status)
        self.send_header("Content-Type", page.content_type)
        if not page.is_endless:
            self.send_header("Content-Length", str(len(page.body)))
        self.end_headers()
        self.wfile.write(page.body)
