"""An S3 server for uploads larger than the disk: `python -m benchmarks.sink PORT KEY_ID SECRET`.

It checks every signature, and supports the operations that an upload needs. It keeps an object's size and first bytes;
the kernel drops the other bytes, so that nothing copies or hashes them.
"""

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import MSG_TRUNC
from typing import ClassVar
from urllib.parse import parse_qsl, unquote

from tests.services.r2_signature import SignedCall, refusal_of

from benchmarks.processes import HOST
from benchmarks.sink_bucket import KEPT_BYTES, Answer, Received, SinkBucket, begun, joined, listed, refused

_DROPPED_AT_ONCE = 4 * 1024 * 1024
_UNTOUCHED = bytearray(_DROPPED_AT_ONCE)
_FROM_THE_START = re.compile(r"bytes=0-(\d+)")


@dataclass(frozen=True, slots=True)
class Call:
    """A request whose body was received and dropped."""

    key: str
    query: Mapping[str, str]
    wanted_range: str
    size_bytes: int
    first_bytes: bytes

    @property
    def upload_id(self) -> str:
        """The id of the multipart upload; empty if there is none."""
        return self.query.get("uploadId", "")


def put(bucket: SinkBucket, call: Call) -> Answer:
    """Store an object or a part; creating a bucket always succeeds."""
    if call.upload_id:
        number = int(call.query["partNumber"])
        received = bucket.put_part(call.upload_id, number, call.size_bytes, call.first_bytes)
    elif call.key:
        received = bucket.put(call.key, call.size_bytes, call.first_bytes)
    else:
        return Answer()
    return Answer(headers={"ETag": received.etag})


def post(bucket: SinkBucket, call: Call) -> Answer:
    """Create a multipart upload, or complete it."""
    if call.upload_id:
        return joined(bucket.complete(call.key, call.upload_id))
    return begun(bucket.begin())


def get(bucket: SinkBucket, call: Call) -> Answer:
    """List parts, or send the first bytes of an object."""
    if call.upload_id:
        parts, is_truncated = bucket.parts_after(call.upload_id, int(call.query.get("part-number-marker", 0)))
        return listed(parts, is_truncated=is_truncated)
    received, wanted = bucket.objects[call.key], _FROM_THE_START.fullmatch(call.wanted_range)
    if wanted is None or int(wanted[1]) >= KEPT_BYTES:
        return refused(501, "NotImplemented")
    body = received.first_bytes[: int(wanted[1]) + 1]
    content_range = f"bytes 0-{len(body) - 1}/{received.size_bytes}"
    return Answer(206, body, {"ETag": received.etag, "Content-Range": content_range})


def head(bucket: SinkBucket, call: Call) -> Answer:
    """Describe an object; a bucket always exists."""
    if not call.key:
        return Answer()
    received: Received = bucket.objects[call.key]
    return Answer(headers={"ETag": received.etag}, length=received.size_bytes)


def delete(bucket: SinkBucket, call: Call) -> Answer:
    """Abort an upload, or delete an object."""
    if call.upload_id:
        bucket.abort(call.upload_id)
    else:
        bucket.objects.pop(call.key, None)
    return Answer(204)


_OPERATIONS: Mapping[str, Callable[[SinkBucket, Call], Answer]] = {
    "PUT": put,
    "POST": post,
    "GET": get,
    "HEAD": head,
    "DELETE": delete,
}


class Sink(BaseHTTPRequestHandler):
    """Handles one connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    bucket: ClassVar = SinkBucket()
    keys: ClassVar[dict[str, str]] = {}

    def serve(self) -> None:
        """Answer one request."""
        size_bytes = int(self.headers.get("Content-Length", 0))
        self._send(self._answer(size_bytes, self._drain(size_bytes)))

    do_PUT = do_POST = do_GET = do_HEAD = do_DELETE = serve  # noqa: N815 (http.server looks up these names)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing: thousands of lines would cost more than the requests."""

    def _drain(self, size_bytes: int) -> bytes:
        """Receive the whole body, and return its first bytes."""
        kept = self.rfile.read(min(size_bytes, KEPT_BYTES))
        rest = size_bytes - len(kept)
        if rest:  # Empties the read-ahead buffer of `rfile`.
            rest -= len(self.rfile.read1(rest))
        while rest:
            dropped = self.connection.recv_into(_UNTOUCHED, min(rest, _DROPPED_AT_ONCE), MSG_TRUNC)
            if not dropped:
                raise ConnectionResetError
            rest -= dropped
        return kept

    def _answer(self, size_bytes: int, first_bytes: bytes) -> Answer:
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        refusal = refusal_of(SignedCall(self.command, path, query, headers), self.keys, datetime.now(UTC))
        if refusal is not None:
            return refused(*refusal)
        key = unquote(path).lstrip("/").partition("/")[2]
        parameters = dict(parse_qsl(query, keep_blank_values=True))
        call = Call(key, parameters, headers.get("range", ""), size_bytes, first_bytes)
        try:
            return _OPERATIONS[self.command](self.bucket, call)
        except KeyError:
            return refused(404, "NoSuchUpload" if call.upload_id else "NoSuchKey")

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body) if answer.length is None else answer.length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)


class SinkServer(ThreadingHTTPServer):
    """Serves each connection in a separate thread."""

    daemon_threads = True
    request_queue_size = 128


def main(port: str, access_key_id: str, secret_access_key: str) -> None:
    """Serve until the process is killed."""
    Sink.keys[access_key_id] = secret_access_key
    SinkServer((HOST, int(port)), Sink).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
