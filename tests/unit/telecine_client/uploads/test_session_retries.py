"""How the upload client handles errors: which it retries, and when it stops."""

import os
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from threading import Semaphore

import httpx
import pytest

from telecine_client.client import Client
from telecine_client.errors import ClientError, ConnectionFailed, ErrorResponse, FileChanged
from telecine_client.uploads.part_urls import PartUrls
from tests.unit.entrypoints.cli.upload_command import ADA, UploadCommand, file_of
from tests.unit.entrypoints.cli.upload_server import URL, Fault, answers, breaks, problem

PUT = r"PUT /video-1/\d+"
CREATE = "POST /api/videos/upload/presigned"
SIGN_PARTS = "POST /api/videos/video-1/upload/parts"
RENEW = "POST /api/videos/video-1/upload/presigned"
COMPLETE = "POST /api/videos/video-1/upload/complete"
CANCEL = "DELETE /api/videos/video-1/upload"
STATUS = "GET /api/videos/video-1/upload"

TRANSIENT_FAULTS: list[Fault] = [
    *(answers(status) for status in (403, 404, 408, 409, 429, 500, 502, 503, 504)),
    *(breaks(error) for error in (httpx.ConnectError, httpx.ReadError, httpx.WriteTimeout, httpx.RemoteProtocolError)),
    answers(400, "<Error><Code>RequestTimeout</Code></Error>"),
    problem(400, "incomplete_body"),
]


@pytest.fixture(autouse=True)
def _state_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def command(tmp_path: Path) -> UploadCommand:
    """An upload of five parts, one at a time."""
    return UploadCommand(file_of(tmp_path, 5))


@pytest.mark.parametrize(("strategy", "parallel"), [("single", 1), ("multipart", 1), ("multipart", 4)])
def test_the_bucket_gets_the_file_and_never_the_token(command: UploadCommand, strategy: str, parallel: int) -> None:
    """Byte for byte, each sent once; the bearer token is sent only to the API."""
    command.run(strategy, parallel=parallel)
    server = command.server
    assert server.upload.content == command.file.read_bytes()
    assert server.upload.status == "uploaded"
    assert server.count(PUT) == (1 if strategy == "single" else 5)
    assert command.sent_bytes == command.file.stat().st_size
    assert all(("authorization" in headers) == ("/api/" in call) for call, headers in server.headers)


def test_parts_are_signed_when_it_is_nearly_their_turn(command: UploadCommand) -> None:
    """The first URLs come with the grant; each of the others is requested before its PUT."""
    command.run(parallel=1)
    assert [call for call in command.server.calls if call == SIGN_PARTS or "PUT" in call] == [
        *("PUT /video-1/1", "PUT /video-1/2"),
        *(SIGN_PARTS, "PUT /video-1/3", SIGN_PARTS, "PUT /video-1/4", SIGN_PARTS, "PUT /video-1/5"),
    ]


@pytest.mark.parametrize("strategy", ["single", "multipart"])
@pytest.mark.parametrize("fault", TRANSIENT_FAULTS)
def test_a_put_that_failed_is_made_again_with_a_fresh_url(command: UploadCommand, strategy: str, fault: Fault) -> None:
    """After a pause; the bytes of the failed attempt are subtracted from the progress."""
    command.server.order(PUT, fault)
    command.run(strategy)
    assert command.server.upload.content == command.file.read_bytes()
    assert command.server.count(PUT) == (2 if strategy == "single" else 6)
    assert command.server.count(RENEW if strategy == "single" else SIGN_PARTS) == (1 if strategy == "single" else 4)
    assert command.pauses == [0.5]
    assert command.sent_bytes == command.file.stat().st_size


@pytest.mark.parametrize("strategy", ["single", "multipart"])
def test_a_put_is_abandoned_after_eight_failures_in_a_row(command: UploadCommand, strategy: str) -> None:
    """The pauses double up to a maximum; the upload stays open and remembered."""
    command.server.order(PUT, problem(503, "unavailable"), times=100)
    with pytest.raises(ErrorResponse) as refusal:
        command.run(strategy)
    assert (refusal.value.code, refusal.value.detail, refusal.value.status) == ("unavailable", "No.", 503)
    assert command.server.count(PUT) == 8
    assert command.pauses == [0.5, 1, 2, 4, 8, 16, 30]
    assert command.server.upload.status == "uploading"
    assert command.memory().load() is not None


@pytest.mark.parametrize(
    "fault",
    [
        problem(422, "rejected"),
        answers(501),
        answers(307),
        answers(400, "<Code>EntityTooLarge</Code><Message>No.</Message>"),
    ],
)
def test_a_put_that_can_not_succeed_is_not_repeated(command: UploadCommand, fault: Fault) -> None:
    """The command ends at once, without a pause."""
    command.server.order(PUT, fault, times=100)
    with pytest.raises(ErrorResponse):
        command.run()
    assert (command.server.count(PUT), command.pauses) == (1, [])


def test_the_error_of_the_bucket_is_reported(command: UploadCommand) -> None:
    """With the S3 code and message, or the status if there are none."""
    command.server.order(PUT, answers(400, "<Code>Bad</Code><Message>So.</Message>"))
    with pytest.raises(ErrorResponse) as caught:
        command.run()
    assert (caught.value.code, caught.value.detail) == ("Bad", "So.")
    command.server.order(PUT, answers(400, "<Code>Bad</Code>"))
    with pytest.raises(ErrorResponse, match="The bucket answered 400"):
        command.run()
    command.server.order(PUT, answers(400))
    with pytest.raises(ErrorResponse, match="The server answered 400") as bare:
        command.run()
    assert bare.value.code == "unexpected_answer"


@pytest.mark.parametrize("call", [PUT, COMPLETE])
def test_retry_after_is_obeyed(command: UploadCommand, call: str) -> None:
    """In seconds or as a date, from bucket and API alike; an unreadable value is ignored."""
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    for text in ("7", later, "soon"):
        command.server.order(call, answers(503, retry_after=text))
    command.run()
    seven, hundred, two = command.pauses
    assert (seven, two) == (7, 2)
    assert 90 < hundred <= 100


def test_a_retry_after_of_hours_ends_the_command(command: UploadCommand) -> None:
    """The command can be run again later."""
    command.server.order(CREATE, problem(429, "rate_limited", retry_after="3601"))
    with pytest.raises(ErrorResponse):
        command.run()
    assert command.pauses == []


def test_a_part_is_retried_while_other_parts_succeed(tmp_path: Path) -> None:
    """Its failure count restarts with each part that succeeds."""
    command = UploadCommand(file_of(tmp_path, 14))
    another, failure = Semaphore(0), Semaphore(1)

    def another_after_each_failure(_request: httpx.Request) -> httpx.Response:
        another.release()
        failure.acquire()
        return httpx.Response(200)

    def failure_after_another(_request: httpx.Request) -> httpx.Response:
        another.acquire()
        failure.release()
        return httpx.Response(500)

    command.server.order("PUT /video-1/(?!1$).+", another_after_each_failure, times=13, is_late=True)
    command.server.order("PUT /video-1/1", failure_after_another, times=12)
    command.run(parallel=2)
    assert command.server.count("PUT /video-1/1") == 13
    assert command.server.upload.content == command.file.read_bytes()
    assert max(command.pauses) < 4


def test_one_thread_that_fails_permanently_stops_the_others(command: UploadCommand) -> None:
    """None of them starts another part."""
    command.server.order("PUT /video-1/1", answers(501))
    with pytest.raises(ErrorResponse):
        command.run(parallel=2)
    assert command.server.upload.status == "uploading"
    assert 1 not in command.server.upload.parts


def test_a_url_that_is_about_to_expire_is_not_used(command: UploadCommand) -> None:
    """It is not used in the last tenth of its lifetime; URLs of the same response share that limit."""
    command.run()
    now = [1000.0]
    with closing(Client(URL, ADA, transport=httpx.MockTransport(command.server.handle))) as client:
        urls = PartUrls(client, "video-1", clock=lambda: now[0])
        command.server.calls.clear()
        for part, moment_s, signatures in ((1, 1000, 1), (2, 4239, 1), (3, 4240, 2), (3, 4240, 3)):
            now[0] = moment_s
            assert urls.pop(part, [2, 3] if part == 1 else [])["part_number"] == part
            assert command.server.count(SIGN_PARTS) == signatures


def test_a_lost_answer_makes_no_second_video(command: UploadCommand) -> None:
    """The request is repeated with the same idempotency key."""
    command.server.order(CREATE, breaks(httpx.ReadError), is_late=True)
    assert command.run() == "video-1"
    keys = {headers["idempotency-key"] for call, headers in command.server.headers if call == CREATE}
    assert (command.server.count(CREATE), len(keys), len(command.server.uploads)) == (2, 1, 1)


@pytest.mark.parametrize("call", [CREATE, SIGN_PARTS, COMPLETE])
@pytest.mark.parametrize("fault", [answers(429), answers(503), answers(502), breaks(httpx.ReadTimeout)])
def test_calls_of_the_api_are_repeated(command: UploadCommand, call: str, fault: Fault) -> None:
    """After transient errors."""
    command.server.order(call, fault, times=2)
    command.run()
    assert command.pauses == [0.5, 1]
    assert command.server.upload.status == "uploaded"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (problem(401, "invalid_token"), "invalid_token"),
        (problem(422, "unsupported_extension"), "unsupported_extension"),
        (problem(429, "too_many_videos_in_flight"), "too_many_videos_in_flight"),
        (breaks(httpx.ConnectError), "server_unreachable"),
        (breaks(httpx.UnsupportedProtocol), "server_unreachable"),
    ],
)
def test_a_permanent_error_is_reported_at_once(command: UploadCommand, fault: Fault, code: str) -> None:
    """Also for an exhausted quota and a server that never responded."""
    command.server.order(CREATE, fault)
    with pytest.raises(ClientError) as caught:
        command.run()
    assert (caught.value.code, command.pauses) == (code, [])


def test_a_server_that_was_there_may_come_back(command: UploadCommand) -> None:
    """It may be restarting; the client tries eight times."""
    command.server.order(COMPLETE, breaks(httpx.ConnectError), times=7)
    command.run()
    assert command.server.upload.status == "uploaded"
    command.server.order(COMPLETE.replace("1", "2"), breaks(httpx.ConnectError), times=8)
    with pytest.raises(ConnectionFailed):
        command.run()


def test_a_lost_answer_to_a_single_put_is_not_sent_again(command: UploadCommand) -> None:
    """The server reports that the file has arrived."""
    command.server.order(PUT, breaks(httpx.ReadError), is_late=True)
    command.run("single")
    assert (command.server.count(PUT), command.server.count(STATUS)) == (1, 1)
    assert command.server.upload.status == "uploaded"


def test_parts_that_the_server_misses_at_completion_are_sent(command: UploadCommand) -> None:
    """Only that; the progress bar falls back to what the server has."""
    command.server.order("PUT /video-1/3", answers(200))
    command.run()
    assert command.server.count(PUT) == 6
    assert command.server.upload.content == command.file.read_bytes()
    assert command.seen_bytes == [command.file.stat().st_size - 5 * 1024 * 1024]


def test_a_server_that_always_misses_a_part_ends_the_command(command: UploadCommand) -> None:
    """After three rounds, with the server's error."""
    command.server.order(PUT, answers(200), times=100)
    with pytest.raises(ErrorResponse) as caught:
        command.run()
    assert (caught.value.code, command.server.count(COMPLETE)) == ("upload_incomplete", 3)


def test_an_upload_that_another_client_has_completed_is_complete(command: UploadCommand) -> None:
    """For example from another machine."""
    command.server.order(SIGN_PARTS, problem(409, "upload_completed"))
    command.server.order(COMPLETE, answers(200, "{}"))
    command.run()
    assert command.server.count(PUT) == 2
    assert command.memory().load() is None


def test_an_upload_that_is_closed_meanwhile_is_forgotten(command: UploadCommand) -> None:
    """The next run starts a new one."""
    command.server.order(SIGN_PARTS, problem(409, "upload_closed"))
    with pytest.raises(ErrorResponse, match=r"No\."):
        command.run()
    assert command.memory().load() is None


def _shorten(file: Path) -> None:
    os.truncate(file, 1)


def _touch(file: Path) -> None:
    os.utime(file, ns=(1, 1))


@pytest.mark.parametrize("change", [_shorten, _touch])
@pytest.mark.parametrize("strategy", ["single", "multipart"])
def test_a_file_that_changes_is_not_reported_complete(
    command: UploadCommand, strategy: str, change: Callable[[Path], None]
) -> None:
    """The upload is cancelled and forgotten."""
    memory = command.memory()

    def changing(_request: httpx.Request) -> httpx.Response:
        change(command.file)
        return httpx.Response(503)

    command.server.order(PUT, changing)
    with pytest.raises(FileChanged) as caught:
        command.run(strategy)
    assert caught.value.code == "file_changed"
    assert (command.server.count(COMPLETE), command.server.count(CANCEL)) == (0, 1)
    assert memory.load() is None


def test_a_file_that_is_removed_has_changed(command: UploadCommand) -> None:
    """It cannot be verified that it stayed the same to the end."""
    memory = command.memory()

    def removing(_request: httpx.Request) -> httpx.Response:
        command.file.unlink()
        return httpx.Response(200)

    command.server.order("PUT /video-1/5", removing)
    with pytest.raises(FileChanged):
        command.run()
    assert memory.load() is None


def test_a_file_that_is_not_a_video_is_cancelled(command: UploadCommand) -> None:
    """Resuming it would be useless; if the cancellation fails, the upload expires on the server."""
    command.server.order(COMPLETE, problem(422, "not_a_video"))
    command.server.order(CANCEL, answers(500))
    with pytest.raises(ErrorResponse) as caught:
        command.run("single")
    assert (caught.value.code, command.server.count(CANCEL)) == ("not_a_video", 1)
    assert command.memory().load() is None
