"""Runs a page in Chromium, and returns what its script posts to `/result`."""

import json
import os
import shutil
import subprocess
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

from tests.services.missing import missing
from tests.services.threaded_server import ThreadedServer

TIMEOUT_S = 180
MEDIA_TYPES = {".js": "text/javascript", "": "text/html; charset=utf-8"}


class Page(BaseHTTPRequestHandler):
    """Serves the files, and receives the result of the script."""

    files: dict[str, bytes]
    results: "Queue[dict[str, Any]]"

    def do_GET(self) -> None:
        """Serve a file."""
        self._answer(self.files.get(self.path))

    def do_POST(self) -> None:
        """Receive the result."""
        self.results.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self._answer(b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name of the base class)
        """Write no log."""

    def _answer(self, body: bytes | None) -> None:
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Type", MEDIA_TYPES.get(Path(self.path).suffix, MEDIA_TYPES[""]))
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")


def reported(folder: Path, files: dict[str, bytes], *, port: int = 0) -> dict[str, Any]:
    """What the page `/` of these files reports; `folder` gets the profile and the log of Chromium."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        missing("chromium", "Install the system's package chromium.")
    results: Queue[dict[str, Any]] = Queue()
    handler = type("ServedPage", (Page,), {"files": files, "results": results})
    with ThreadedServer(("127.0.0.1", port), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        command = [
            *(
                chromium,
                "--headless",
                "--enable-logging=stderr",
                "--disable-gpu",
                "--no-first-run",
                "--disable-dev-shm-usage",
            ),
            *("--autoplay-policy=no-user-gesture-required", "--no-proxy-server"),
            *(["--no-sandbox"] if os.geteuid() == 0 else []),
            f"--user-data-dir={folder / 'profile'}",
            f"http://127.0.0.1:{server.server_port}/",
        ]
        with (folder / "chromium.log").open("wb") as log:
            browser = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
            try:
                return results.get(timeout=TIMEOUT_S)
            finally:
                os.killpg(browser.pid, 9)
                browser.wait()
                server.shutdown()
