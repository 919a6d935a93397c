"""A receiver in a thread that verifies every request with the specification's library, and fails some of them."""

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

from tests.services.threaded_server import ThreadedServer

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Arrival:
    """One request: when it arrived, how often the message arrived until then, and what was answered."""

    at: datetime
    message_id: str
    event_type: str
    attempt: int
    is_verified: bool
    status: int

    def __str__(self) -> str:
        """The request as a line of a log."""
        verified = "verified" if self.is_verified else "NOT VERIFIED"
        return (
            f"{self.at:%H:%M:%S.%f} {self.message_id} {self.event_type:<18} attempt {self.attempt} {verified} "
            f"answered {self.status}"
        )


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
    log: list[Arrival] = field(default_factory=list[Arrival])
    lock: threading.Lock = field(default_factory=threading.Lock)

    def status_of(self, headers: dict[str, str], body: bytes) -> int:
        """Verify a request, record it, and return the status of the answer."""
        with self.lock:
            message_id = headers["webhook-id"]
            try:
                event = Webhook(self.secret).verify(body, headers)
            except WebhookVerificationError:
                self.bad_signatures += 1
                self.log.append(Arrival(datetime.now(UTC), message_id, "", 0, is_verified=False, status=401))
                return 401
            count = self.requests.count(message_id)
            self.requests.append(message_id)
            status = 500 if self.fails(message_id, count) else 204
            if status == HTTPStatus.NO_CONTENT:
                self.accepted[message_id] = event
                self.messages.append((headers, body))
            self.log.append(
                Arrival(datetime.now(UTC), message_id, event["type"], count + 1, is_verified=True, status=status)
            )
            return status


def half_of_first_attempts(message_id: str, count: int) -> bool:
    """Whether a receiver fails that refuses every second message once."""
    return count == 0 and int(message_id[-1], 16) % 2 == 0


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

    with ThreadedServer((HOST, 0), Handler) as server:
        server.daemon_threads = True
        receiver.url = f"http://{HOST}:{server.server_port}/hook"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
