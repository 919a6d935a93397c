"""A loopback server with OpenAI's transcription API that sends scripted answers and records the requests."""

import json
import threading
from collections import deque
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.services.threaded_server import ThreadedServer

SENTENCE = "The quick brown fox jumps over the lazy dog."
VERBOSE: dict[str, Any] = {
    "task": "transcribe",
    "language": "english",
    "duration": 2.9,
    "text": SENTENCE,
    "segments": [
        {"id": 0, "start": 0.0, "end": 1.4, "text": " The quick brown fox", "tokens": [1, 2], "no_speech_prob": 0.01},
        {"id": 1, "start": 1.4, "end": 2.8, "text": " jumps over the lazy dog.", "tokens": [3], "no_speech_prob": 0.01},
    ],
}


@dataclass(frozen=True)
class Answer:
    """One scripted answer; a header given here replaces the default header of that name."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    delay_s: float = 0.0
    hangs: bool = False
    drops_connection: bool = False
    stalls: bool = False


def in_json(content: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """Build a JSON answer."""
    return Answer(json.dumps(content).encode(), status, headers or {})


def refusal(status: int, *, code: str = "refused", headers: Mapping[str, str] | None = None) -> Answer:
    """Build an error answer in OpenAI's format."""
    error = {"message": f"No: {code}.", "type": code, "param": None, "code": code}
    return in_json({"error": error}, status=status, headers=headers)


HANG = Answer(b"", hangs=True)
DROPPED_CONNECTION = Answer(b"", drops_connection=True)


@dataclass(frozen=True)
class Posted:
    """One recorded request, with its form decoded."""

    path: str
    headers: Message
    fields: dict[str, str | list[str]]
    filename: str | None
    content: bytes


class TranscriptionServer(ThreadedServer):
    """Answers requests from `script` in order; after its end, with a sentence in the requested format."""

    daemon_threads = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.base_url = f"http://127.0.0.1:{self.server_port}/v1"
        self.script: deque[Answer] = deque()
        self.posted: list[Posted] = []
        self.is_hanging = threading.Event()
        self.is_closing = threading.Event()

    def stop(self) -> None:
        """Stop listening, and release every request that hangs."""
        self.is_closing.set()
        self.shutdown()
        self.server_close()

    def answer(self, posted: Posted) -> Answer:
        """Record the request; return the next answer of the script, or the sentence after its end."""
        self.posted.append(posted)
        if self.script:
            return self.script.popleft()
        return in_json(VERBOSE if posted.fields.get("response_format") == "verbose_json" else {"text": SENTENCE})


@contextmanager
def running_transcription_server() -> Generator[TranscriptionServer]:
    """Run a server on a free port of 127.0.0.1."""
    with TranscriptionServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, name="transcription")
        thread.start()
        try:
            yield server
        finally:
            server.stop()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    """HTTP/1.0: every response ends its connection, so no idle thread outlives a test."""

    def do_POST(self) -> None:
        server = self.server
        assert isinstance(server, TranscriptionServer)
        answer = server.answer(self._posted())
        server.is_closing.wait(answer.delay_s)
        if answer.hangs:
            server.is_hanging.set()
            server.is_closing.wait()
        elif not answer.drops_connection:
            # A client may hang up once it has read enough.
            with suppress(ConnectionError):
                self._send(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
        """Keep access lines out of the test output."""

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        usual = {"Content-Type": "application/json", "Content-Length": str(len(answer.body))}
        for name, value in {**usual, **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)
        if answer.stalls:
            server = self.server
            assert isinstance(server, TranscriptionServer)
            server.is_closing.wait()

    def _posted(self) -> Posted:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        preamble = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        form = BytesParser(EmailMessage, policy=HTTP).parsebytes(preamble + body)
        fields: dict[str, str | list[str]] = {}
        filename, content = None, b""
        for part in form.iter_parts():
            value = part.get_payload(decode=True)
            assert isinstance(value, bytes)
            name = str(part.get_param("name", header="Content-Disposition"))
            if name == "file":
                filename, content = part.get_filename(), value
            else:
                _add(fields, name, value.decode())
        return Posted(self.path, self.headers, fields, filename, content)


def _add(fields: dict[str, str | list[str]], name: str, value: str) -> None:
    """Add a form field; a name that ends in `[]` makes a list, even of one value."""
    if name.endswith("[]"):
        fields[name] = [*fields.get(name, []), value]
    else:
        fields[name] = value
