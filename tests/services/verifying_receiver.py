"""A receiver in a thread that verifies every request with the specification's library, and fails some of them."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

HOST = "127.0.0.1"


@dataclass
class VerifyingReceiver:
    """What arrived: accepted events by message id and as headers and bytes, and the number of wrong signatures.

    `fails` decides, by message id and how often it arrived before, whether a valid request gets a 500.
    """

    fails: Callable[[str, int], bool] = lambda _message_id, _count: False
    secret: str = ""
    url: str = ""
    bad_signatures: int = 0
    requests: list[str] = field(default_factory=list[str])
    messages: list[tuple[dict[str, str], bytes]] = field(default_factory=list[tuple[dict[str, str], bytes]])
    accepted: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    lock: threading.Lock = field(default_factory=threading.Lock)

    def status_of(self, headers: dict[str, str], body: bytes) -> int:
        """Verify a request, record it, and return the status of the answer."""
        with self.lock:
            try:
                event = Webhook(self.secret).verify(body, headers)
            except WebhookVerificationError:
                self.bad_signatures += 1
                return 401
            message_id = headers["webhook-id"]
            count = self.requests.count(message_id)
            self.requests.append(message_id)
            if self.fails(message_id, count):
                return 500
            self.accepted[message_id] = event
            self.messages.append((headers, body))
            return 204


@contextmanager
def running_verifying_receiver() -> Generator[VerifyingReceiver]:
    """Run a receiver on a loopback address until the block ends."""
    receiver = VerifyingReceiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 60

        def do_POST(self) -> None:
            """Answer one request."""
            body = self.rfile.read(int(self.headers["content-length"]))
            self.send_response(receiver.status_of({name.lower(): text for name, text in self.headers.items()}, body))
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's own name)
            """Say nothing."""

    with ThreadingHTTPServer((HOST, 0), Handler) as server:
        server.daemon_threads = True
        receiver.url = f"http://{HOST}:{server.server_port}/hook"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
