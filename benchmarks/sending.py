"""Clients that upload a file, directly to the bucket or through the API, and measure how long they occupy the API."""

import json
import os
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from time import monotonic, perf_counter, sleep
from typing import Any
from urllib.parse import urlsplit

from benchmarks.processes import Server
from benchmarks.seeds import SOURCE

TIMEOUT_S = 300.0
MAX_SIGNED_AT_ONCE = 100
_PACED_BYTES = 256 * 1024
_BOUNDARY = "the-boundary-of-the-form"
_FORM_BEGINS = (
    f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="holiday.mp4"\r\n'
    "Content-Type: video/mp4\r\n\r\n"
).encode()
_FORM_ENDS = f"\r\n--{_BOUNDARY}--\r\n".encode()

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """The file to send, at full speed or at a limited rate."""

    path: Path
    size_bytes: int
    bytes_per_s: float | None = None

    @classmethod
    def made(cls, path: Path, size_bytes: int, bytes_per_s: float | None = None) -> "Source":
        """Create a sparse file that begins like a video; the rest is zeros that take no disk space."""
        path.write_bytes(SOURCE)
        os.truncate(path, size_bytes)
        return cls(path, size_bytes, bytes_per_s)


@dataclass(slots=True)
class Api:
    """A server as used by one client; `busy_s` is the total time during which the client's requests were open."""

    server: Server
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    busy_s: float = 0.0

    def ask(self, path: str, document: Document) -> Document:
        """POST a JSON document, and return the response."""
        body = json.dumps(document).encode()
        return self.send(path, {"Content-Type": "application/json", "Content-Length": str(len(body))}, [body])

    def send(self, path: str, headers: Mapping[str, str], body: "Iterable[bytes | Slice]") -> Document:
        """POST a body that may be large, and return the response."""
        began = perf_counter()
        with closing(HTTPConnection(urlsplit(self.server.url).netloc, timeout=TIMEOUT_S)) as connection:
            answer = _exchanged(connection, "POST", path, {**self.headers, **headers}, body)
        self.busy_s += perf_counter() - began
        answered: Document = json.loads(answer)
        return answered


@dataclass(frozen=True, slots=True)
class Slice:
    """A range of a file."""

    source: Source
    offset: int
    size_bytes: int

    def pour(self, connection: HTTPConnection) -> None:
        """Send the range with sendfile(2): the kernel copies it from the file to the socket."""
        began, pace = monotonic(), self.source.bytes_per_s
        at_once = self.size_bytes if pace is None else _PACED_BYTES
        with self.source.path.open("rb") as stream:
            for start in range(0, self.size_bytes, at_once):
                end = min(start + at_once, self.size_bytes)
                connection.sock.sendfile(stream, self.offset + start, end - start)
                if pace is not None:
                    sleep(max(0.0, began + end / pace - monotonic()))


Sender = Callable[[Api, Source], None]


def send_in_one_put(api: Api, source: Source) -> None:
    """Request a URL, PUT the file to the bucket, and report the upload complete."""
    grant = api.ask("/api/videos/upload/presigned", _declared(source, "single"))
    with _bucket(grant["upload_url"]) as connection:
        put_to_bucket(connection, grant["upload_url"], grant["headers"], Slice(source, 0, source.size_bytes))
    _complete(api, grant)


def send_in_parts(api: Api, source: Source) -> None:
    """Request URLs for parts, PUT the parts to the bucket one by one, and report the upload complete."""
    grant = api.ask("/api/videos/upload/presigned", _declared(source, "multipart"))
    part_size: int = grant["part_size"]
    with _bucket(grant["parts"][0]["url"]) as connection:
        for part in _parts(api, grant):
            put_to_bucket(
                connection,
                part["url"],
                part["headers"],
                Slice(source, (part["part_number"] - 1) * part_size, part["size"]),
            )
    _complete(api, grant)


def send_as_form(path: str) -> Sender:
    """Send the file to a route as a form, as a page without scripts does."""

    def send(api: Api, source: Source) -> None:
        length = len(_FORM_BEGINS) + source.size_bytes + len(_FORM_ENDS)
        headers = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}", "Content-Length": str(length)}
        api.send(path, headers, [_FORM_BEGINS, Slice(source, 0, source.size_bytes), _FORM_ENDS])

    return send


def _declared(source: Source, strategy: str) -> Document:
    return {
        "filename": "holiday.mp4",
        "file_size": source.size_bytes,
        "content_type": "video/mp4",
        "strategy": strategy,
    }


def _parts(api: Api, grant: Document) -> Generator[Document]:
    """All parts: the first ones came with the grant, the others are requested as needed."""
    yield from grant["parts"]
    for first in range(len(grant["parts"]) + 1, grant["part_count"] + 1, MAX_SIGNED_AT_ONCE):
        numbers = list(range(first, min(first + MAX_SIGNED_AT_ONCE, grant["part_count"] + 1)))
        yield from api.ask(f"/api/videos/{grant['video_id']}/upload/parts", {"part_numbers": numbers})["parts"]


def _complete(api: Api, grant: Document) -> None:
    api.ask(f"/api/videos/{grant['video_id']}/upload/complete", {"success": True})


@contextmanager
def _bucket(url: str) -> Generator[HTTPConnection]:
    with closing(HTTPConnection(urlsplit(url).netloc, timeout=TIMEOUT_S)) as connection:
        yield connection


def put_to_bucket(connection: HTTPConnection, url: str, headers: Mapping[str, str], body: Slice) -> None:
    """Send a range of the file to a presigned URL."""
    parts = urlsplit(url)
    _exchanged(
        connection, "PUT", f"{parts.path}?{parts.query}", {**headers, "Content-Length": str(body.size_bytes)}, [body]
    )


def _exchanged(
    connection: HTTPConnection, method: str, path: str, headers: Mapping[str, str], body: Iterable[bytes | Slice]
) -> bytes:
    connection.putrequest(method, path)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    for piece in body:
        if isinstance(piece, Slice):
            piece.pour(connection)
        else:
            connection.send(piece)
    return _read(connection.getresponse(), f"{method} {path.partition('?')[0]}")


def _read(answer: HTTPResponse, what: str) -> bytes:
    body = answer.read()
    if not 200 <= answer.status < 300:  # noqa: PLR2004 (success)
        raise RuntimeError(f"{what} returned {answer.status}: {body.decode()[:500]}")
    return body
