from collections.abc import Generator
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from benchmarks.seeds import SOURCE
from benchmarks.sending import Slice, Source, put_to_bucket
from benchmarks.sink import Sink, SinkServer

from adapters.s3.query_signer import QuerySigner

SIZE = 3 * 1024 * 1024 + 1


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Generator[str]:
    """A sink that accepts one key."""
    monkeypatch.setitem(Sink.keys, "key", "secret")
    with SinkServer(("127.0.0.1", 0), Sink) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def signed(url: str, method: str, *, is_good: bool = True) -> str:
    """A URL for one call."""
    secret = "secret" if is_good else "another"
    signer = QuerySigner(url, region="auto", access_key_id="key", secret_access_key=secret)
    return signer.sign(method, "/videos/a.mp4", query={}, now=datetime.now(UTC), expires_in_s=60)


def sent(connection: HTTPConnection, url: str, source: Source) -> None:
    """Send the whole file in one PUT."""
    put_to_bucket(connection, url, {}, Slice(source, 0, source.size_bytes))


def request(connection: HTTPConnection, method: str, url: str, headers: dict[str, str]) -> tuple[int, bytes]:
    """The status and the body of a response."""
    parts = urlsplit(url)
    connection.request(method, f"{parts.path}?{parts.query}", headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


@pytest.mark.parametrize("size_bytes", [len(SOURCE), 64 * 1024, 64 * 1024 + 1, 70_000, SIZE])
def test_a_connection_can_be_reused_after_a_body_was_dropped(url: str, tmp_path: Path, size_bytes: int) -> None:
    """Exactly the body is consumed, so the next request on the connection is parsed correctly."""
    source = Source.made(tmp_path / "source.mp4", size_bytes)
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    sent(connection, signed(url, "PUT"), source)
    sent(connection, signed(url, "PUT"), source)
    status, body = request(connection, "GET", signed(url, "GET"), {"Range": f"bytes=0-{len(SOURCE) - 1}"})
    connection.close()
    assert (status, body) == (206, SOURCE)
    assert Sink.bucket.objects["a.mp4"].size_bytes == size_bytes


def test_a_paced_upload_sends_the_same_bytes(url: str, tmp_path: Path) -> None:
    """A rate-limited upload sends the same size as a fast one."""
    source = Source.made(tmp_path / "source.mp4", SIZE, bytes_per_s=1e9)
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    sent(connection, signed(url, "PUT"), source)
    connection.close()
    assert Sink.bucket.objects["a.mp4"].size_bytes == SIZE


def test_a_wrong_signature_is_refused(url: str) -> None:
    """The sink checks signatures as strictly as a bucket."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    status, body = request(connection, "GET", signed(url, "GET", is_good=False), {})
    connection.close()
    assert status == 403
    assert b"SignatureDoesNotMatch" in body
