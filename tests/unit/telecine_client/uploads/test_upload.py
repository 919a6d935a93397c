"""Uploading a file in one call."""

from pathlib import Path

import httpx
import pytest

from telecine_client import Client, InvalidArgument, Progress, RetryPolicy, UploadClosed, UploadOptions, upload
from telecine_client.errors import ErrorResponse
from tests.unit.entrypoints.cli.upload_command import ADA, file_of
from tests.unit.entrypoints.cli.upload_server import URL, UploadServer, answers, breaks

PUT = r"PUT /video-1/\d+"
PARTS = UploadOptions(strategy="multipart", parallel=3)


def client_of(server: UploadServer) -> Client:
    """A client of this server that does not wait between attempts."""
    policy = RetryPolicy(sleep=lambda _pause_s: None)
    return Client(URL, ADA, retry_policy=policy, transport=httpx.MockTransport(server.handle))


def test_progress_begins_with_the_id_and_ends_with_the_size(tmp_path: Path) -> None:
    """Parallel parts are added up."""
    server, steps, file = UploadServer(), list[Progress](), file_of(tmp_path, 4)
    with client_of(server) as client:
        assert upload(client, str(file), options=PARTS, on_progress=steps.append) == "video-1"
    assert server.upload.content == file.read_bytes()
    assert steps[0] == Progress("video-1", 0, file.stat().st_size)
    assert steps[-1].ratio == 1
    assert [step.sent_bytes for step in steps] == sorted({step.sent_bytes for step in steps})


def test_an_upload_is_resumed_by_its_id(tmp_path: Path) -> None:
    """Progress begins with what the server has."""
    server, steps, file = UploadServer(), list[Progress](), file_of(tmp_path, 4)
    server.order("PUT /video-1/3", answers(501))
    with client_of(server) as client:
        with pytest.raises(ErrorResponse):
            upload(client, file, options=UploadOptions(strategy="multipart", parallel=1))
        assert upload(client, file, resume="video-1", options=PARTS, on_progress=steps.append) == "video-1"
    assert server.count(PUT) == 5
    assert steps[0].sent_bytes == 2 * 5 * 1024 * 1024


def test_only_its_own_upload_is_resumed(tmp_path: Path) -> None:
    """One that the server has closed is an error, not a new video; so is that of another file."""
    server, file = UploadServer(), file_of(tmp_path, 2)
    with client_of(server) as client:
        upload(client, file, options=PARTS)
        (tmp_path / "other").mkdir()
        with pytest.raises(InvalidArgument, match="belongs to another file"):
            upload(client, file_of(tmp_path / "other", 3), resume="video-1")
        server.upload.parts.clear()
        server.upload.status = "failed"
        with pytest.raises(UploadClosed):
            upload(client, file, resume="video-1")
    assert len(server.uploads) == 1


def test_what_is_said_of_the_video_is_sent(tmp_path: Path) -> None:
    """Options that are not chosen are left out, so that an older server accepts the request."""
    server, bodies = UploadServer(), list[bytes]()

    def handle(request: httpx.Request) -> httpx.Response:
        bodies.extend([request.content] if request.url.path.endswith("/upload/presigned") else [])
        return server.handle(request)

    options = UploadOptions(language="de", keywords=["Ada"], metadata={"course": 7})
    with Client(URL, ADA, transport=httpx.MockTransport(handle)) as client:
        upload(client, file_of(tmp_path, 1), options=options)
    (body,) = bodies
    assert b'"language":"de","keywords":["Ada"],"metadata":{"course":7}' in body
    assert b"title" not in body


def test_a_server_that_is_away_is_awaited(tmp_path: Path) -> None:
    """By default; the program need not catch anything."""
    server = UploadServer()
    server.order(PUT, breaks(httpx.ReadError))
    server.order("POST .*/complete", answers(503), times=2)
    sizes = list[int]()
    policy = RetryPolicy(sleep=lambda _pause_s: None)
    client = Client(URL, ADA, retry_policy=policy, transport=httpx.MockTransport(server.handle))
    with client:
        upload(client, file_of(tmp_path, 1), on_progress=lambda step: sizes.append(step.sent_bytes))
    assert sizes[-1] == 700
    assert server.upload.status == "uploaded"
