"""The embedded bucket over HTTP: what the contract suites of the ports do not cover."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn

from domain.model.object_key import ObjectKey
from tests.contract.bucket_gateway_fixtures import GatewaySubject, local_gateway, without_leaked_tasks
from tests.contract.object_store_fixtures import HttpWire, app_serving, wire_to

pytestmark = pytest.mark.anyio

KEY = ObjectKey("videos/auth0%7Cann/1.mp4")
BODY = b"0123456789"
MP4 = {"Content-Type": "video/mp4"}
MEBIBYTE = 1024 * 1024


@pytest.fixture
async def subject(tmp_path: Path) -> AsyncGenerator[GatewaySubject]:
    """An embedded bucket in a folder."""
    async with without_leaked_tasks(), local_gateway(tmp_path) as opened:
        yield opened


@pytest.fixture
async def wire(subject: GatewaySubject) -> AsyncGenerator[HttpWire]:
    """A client of its HTTP routes."""
    async with wire_to(subject.gateway) as opened:
        yield opened


def put_url(subject: GatewaySubject, *, size_bytes: int = len(BODY)) -> str:
    """A URL for an upload."""
    return subject.store.presign_put(
        KEY, content_type="video/mp4", size_bytes=size_bytes, expires_in_s=60, signed_at=subject.clock.now()
    ).url


def get_url(subject: GatewaySubject) -> str:
    """A URL for playback."""
    return subject.store.presign_get(KEY, content_type="video/mp4", expires_in_s=60, signed_at=subject.clock.now())


async def test_put_answers_with_the_etag(subject: GatewaySubject, wire: HttpWire) -> None:
    """As S3 does; CORS lets pages of other origins read it."""
    answer = await wire.client.put(put_url(subject), headers=MP4, content=BODY)
    assert (answer.status_code, answer.content) == (httpx.codes.OK, b"")
    assert answer.headers["etag"] == (await subject.store.head(KEY)).etag
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "ETag" in answer.headers["access-control-expose-headers"]


async def test_put_of_a_part_answers_with_its_etag(subject: GatewaySubject, wire: HttpWire) -> None:
    """It needs no content type; when the upload has ended, the URL gets 404."""
    upload_id = await subject.multipart.create(KEY, content_type="video/mp4", part_bytes=len(BODY))
    url = subject.multipart.presign_part(
        KEY, upload_id, 1, size_bytes=len(BODY), expires_in_s=60, signed_at=subject.clock.now()
    ).url
    answer = await wire.client.put(url, content=BODY)
    (part,) = await subject.multipart.list_parts(KEY, upload_id)
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (httpx.codes.OK, b"", part.etag)
    assert answer.headers["access-control-allow-origin"] == "*"
    await subject.multipart.abort(KEY, upload_id)
    refused = await wire.client.put(url, content=BODY)
    assert (refused.status_code, refused.json()["code"]) == (httpx.codes.NOT_FOUND, "upload_not_found")
    assert refused.headers["connection"] == "close"


async def test_get_says_how_the_object_may_be_used(subject: GatewaySubject, wire: HttpWire) -> None:
    """Ranges are allowed; shared caches and content sniffing are not."""
    await wire.put(put_url(subject), MP4, BODY)
    answer = await wire.get(get_url(subject))
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["cache-control"] == "private, max-age=60"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-length"] == "10"


async def test_head_answers_as_get_would_without_the_body(subject: GatewaySubject, wire: HttpWire) -> None:
    """The same URL serves both."""
    await wire.put(put_url(subject), MP4, BODY)
    got, head = await wire.get(get_url(subject)), await wire.client.head(get_url(subject))
    assert (head.status_code, head.content) == (httpx.codes.OK, b"")
    assert head.headers == got.headers


async def test_an_empty_object_is_served(subject: GatewaySubject, wire: HttpWire) -> None:
    """It exists, although it has no bytes."""
    await wire.put(put_url(subject, size_bytes=0), MP4, b"")
    for headers in ({}, {"Range": "bytes=-5"}, {"Range": "bytes=0-"}):
        answer = await wire.get(get_url(subject), headers)
        assert (answer.status_code, answer.content) == (httpx.codes.OK, b"")
        assert answer.headers["content-length"] == "0"


async def test_a_known_object_is_not_sent_again(subject: GatewaySubject, wire: HttpWire) -> None:
    """`If-None-Match` with its ETag gets a 304."""
    await wire.put(put_url(subject), MP4, BODY)
    etag = (await wire.get(get_url(subject))).headers["etag"]
    answer = await wire.get(get_url(subject), {"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (httpx.codes.NOT_MODIFIED, b"")
    assert answer.headers["etag"] == etag


async def test_a_range_of_a_replaced_object_becomes_the_whole(subject: GatewaySubject, wire: HttpWire) -> None:
    """`If-Range` keeps a player from mixing two files."""
    await wire.put(put_url(subject), MP4, BODY)
    etag = (await wire.get(get_url(subject))).headers["etag"]
    same = await wire.get(get_url(subject), {"Range": "bytes=2-4", "If-Range": etag})
    assert (same.status_code, same.content) == (httpx.codes.PARTIAL_CONTENT, b"234")
    await wire.put(put_url(subject), MP4, BODY[::-1])
    other = await wire.get(get_url(subject), {"Range": "bytes=2-4", "If-Range": etag})
    assert (other.status_code, other.content) == (httpx.codes.OK, BODY[::-1])


async def test_an_unsatisfiable_range_says_how_long_the_object_is(subject: GatewaySubject, wire: HttpWire) -> None:
    """So that the client can correct its request (RFC 9110, section 15.5.17)."""
    await wire.put(put_url(subject), MP4, BODY)
    answer = await wire.get(get_url(subject), {"Range": "bytes=10-"})
    assert answer.headers["content-range"] == "bytes */10"
    assert answer.json()["code"] == "range_not_satisfiable"


async def test_refusals_are_problems_with_a_code(subject: GatewaySubject, wire: HttpWire) -> None:
    """RFC 9457, for every error; pages of other origins may read them."""
    late = get_url(subject)
    subject.clock.advance(3600)
    wrong_length = {**MP4, "Content-Length": "10"}
    answers = {
        "url_expired": await wire.get(late),
        "invalid_signature": await wire.get(late + "0"),
        "repeated_parameter": await wire.get(f"{late}&{late.partition('?')[2]}"),
        "object_not_found": await wire.get(get_url(subject)),
        "incomplete_body": await wire.client.put(put_url(subject), headers=wrong_length, content=b"012"),
        "method_not_allowed": await wire.client.post(put_url(subject), content=BODY),
    }
    statuses = {code: answer.status_code for code, answer in answers.items()}
    assert statuses == {
        "url_expired": 403,
        "invalid_signature": 403,
        "repeated_parameter": 400,
        "object_not_found": 404,
        "incomplete_body": 400,
        "method_not_allowed": 405,
    }
    for code, answer in answers.items():
        problem = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert set(problem) == {"type", "title", "status", "detail", "code"}
        assert (problem["code"], problem["status"]) == (code, answer.status_code)
    assert answers["method_not_allowed"].headers["allow"] == "PUT, GET, HEAD, OPTIONS"


async def test_a_failing_disk_is_a_transient_error(subject: GatewaySubject, wire: HttpWire, tmp_path: Path) -> None:
    """The response contains neither its message nor its paths."""
    (tmp_path / "bucket").symlink_to(tmp_path / "bucket")
    answer = await wire.get(get_url(subject))
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert str(tmp_path) not in answer.text
    assert await wire.put(put_url(subject), MP4, BODY) == 503
    (tmp_path / "bucket").unlink()


@pytest.mark.parametrize("path", ["", "/", "/videos", "/%2e%2e/%2e%2e/etc/passwd", "/a%00b", "/%ff", "/a//b?x=%ff"])
async def test_a_path_of_any_kind_is_refused(wire: HttpWire, path: str) -> None:
    """Without a signature nothing is disclosed, and nothing crashes."""
    for method in ("GET", "HEAD", "PUT"):
        answer = await wire.client.request(method, f"http://bucket.test/bucket{path}")
        assert answer.status_code == httpx.codes.FORBIDDEN


async def test_a_page_of_another_origin_may_upload(subject: GatewaySubject, wire: HttpWire) -> None:
    """The preflight is answered without a signature."""
    answer = await wire.client.options(
        put_url(subject),
        headers={
            "Origin": "https://elsewhere.test",
            "Access-Control-Request-Method": "PUT",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert answer.status_code == httpx.codes.NO_CONTENT
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "PUT" in answer.headers["access-control-allow-methods"]
    assert "content-type" in answer.headers["access-control-allow-headers"]


async def test_without_an_embedded_bucket_the_path_is_not_found(subject: GatewaySubject) -> None:
    """The objects are in S3."""
    async with wire_to(None) as wire:
        answer = await wire.get(get_url(subject))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def scope_of(url: str, method: str, headers: dict[str, str]) -> dict[str, Any]:
    """A request as a server passes it to the application."""
    parts = urlsplit(url)
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": httpx.URL(url).path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": None,
        "server": None,
    }


async def test_a_refused_upload_is_not_read(subject: GatewaySubject) -> None:
    """The response is sent at once, and the connection is closed."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        raise AssertionError("the body was read")

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = scope_of(put_url(subject), "PUT", {"Content-Type": "text/html", "Content-Length": "10"})
    await cast("Any", app_serving(subject.gateway))(scope, receive, send)
    assert sent[0]["status"] == 403
    assert (b"connection", b"close") in sent[0]["headers"]


async def test_an_object_is_sent_in_small_chunks_until_the_client_goes(subject: GatewaySubject, wire: HttpWire) -> None:
    """Memory stays bounded, and reading stops when the client disconnects."""
    await wire.put(put_url(subject, size_bytes=8 * MEBIBYTE), MP4, bytes(8 * MEBIBYTE))
    sent: list[dict[str, Any]] = []
    is_gone = asyncio.Event()

    async def receive() -> dict[str, Any]:
        await is_gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)
        if len(sent) == 4:
            is_gone.set()

    await cast("Any", app_serving(subject.gateway))(scope_of(get_url(subject), "GET", {}), receive, send)
    bodies = [message["body"] for message in sent[1:]]
    assert {len(body) for body in bodies} == {256 * 1024}
    assert len(bodies) < 8


@asynccontextmanager
async def served(subject: GatewaySubject) -> AsyncGenerator[str]:
    """The application behind the real server; yields its URL."""
    config = uvicorn.Config(
        app_serving(subject.gateway), http="httptools", ws="none", lifespan="off", log_config=None, access_log=False
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        await server.startup(sockets=[listening])
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            await server.shutdown()


async def test_large_objects_go_through_a_real_server(subject: GatewaySubject) -> None:
    """Sent in chunks, read in ranges, rejected if the signature does not match."""
    body = bytes(range(256)) * (32 * MEBIBYTE // 256)

    async def pieces() -> AsyncGenerator[bytes]:
        for first in range(0, len(body), 100_000):
            yield body[first : first + 100_000]

    headers = {**MP4, "Content-Length": str(len(body))}
    async with served(subject) as origin, httpx.AsyncClient(trust_env=False) as client:

        def here(url: str) -> str:
            return url.replace("http://bucket.test", origin)

        url = here(put_url(subject, size_bytes=len(body)))
        assert (await client.put(url, headers=headers, content=pieces())).status_code == httpx.codes.OK
        assert (await client.get(here(get_url(subject)))).content == body
        part = await client.get(here(get_url(subject)), headers={"Range": "bytes=1000000-25000000"})
        assert part.content == body[1_000_000:25_000_001]
        refused = await client.put(url, headers=MP4, content=BODY)
        assert (refused.status_code, refused.headers["connection"]) == (403, "close")


async def test_an_upload_that_breaks_off_stores_nothing(subject: GatewaySubject) -> None:
    """The connection is closed in the middle of the body."""
    async with served(subject) as origin:
        parts = urlsplit(put_url(subject, size_bytes=MEBIBYTE))
        reader, writer = await asyncio.open_connection("127.0.0.1", int(origin.rpartition(":")[2]))
        request = f"PUT {parts.path}?{parts.query} HTTP/1.1\r\nHost: x\r\nContent-Type: video/mp4\r\n"
        writer.write(f"{request}Content-Length: {MEBIBYTE}\r\n\r\n".encode() + bytes(MEBIBYTE - 1))
        await writer.drain()
        writer.write_eof()
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()
    assert await subject.store.list_keys("") == []
