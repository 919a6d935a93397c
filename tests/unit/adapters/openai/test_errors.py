"""How the OpenAI adapter handles each failure: retry in the call, leave it to the job, or fail."""

import asyncio
import traceback
from collections.abc import AsyncGenerator

import pytest

from adapters.openai.config import OpenAIConfig
from adapters.openai.transcriber import open_transcriber
from domain.model.errors import Rejected, Unavailable, UnreadableResponse
from tests.services.transcription_server import DROPPED_CONNECTION, HANG, Answer, in_json, refusal
from tests.unit.adapters.openai.openai_fixtures import Line, open_line

pytestmark = pytest.mark.anyio

HTML = Answer(b"<html><body>502 Bad Gateway</body></html>", 502, {"Content-Type": "text/html"})
SUCCESS = in_json({"text": "It works."})

# On a busy machine, too, the server has the whole request before the client gives up.
ENOUGH_TO_ASK_S = 1.5


@pytest.fixture
async def line() -> AsyncGenerator[Line]:
    """A transcriber and its scripted server."""
    async with open_line() as opened:
        yield opened


@pytest.mark.parametrize(
    "failure",
    [
        refusal(408),
        refusal(409),
        refusal(429, code="rate_limit_exceeded"),
        refusal(500, code="server_error"),
        refusal(503),
        HTML,
        DROPPED_CONNECTION,
        Answer(b'{"error": "cut', 500, {"Content-Length": "500"}),
    ],
)
async def test_a_transient_failure_is_retried_in_the_same_call(line: Line, failure: Answer) -> None:
    """Two failures in a row cost four seconds and nothing else."""
    line.server.script.extend([failure, failure, SUCCESS])

    assert (await line.transcribe()).text == "It works."
    assert line.waited_s == 4.0


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (refusal(408), "transcriber_unavailable"),
        (refusal(429), "transcriber_unavailable"),
        (refusal(500), "transcriber_unavailable"),
        (HTML, "transcriber_unavailable"),
        (DROPPED_CONNECTION, "transcriber_unavailable"),
        (Answer(b'{"error": {"more": ' + b"[" * 1_000_000, 429), "transcriber_unavailable"),
        (Answer(b"", 302, {"Location": "http://127.0.0.1:1/"}), "transcriber_invalid_answer"),
        (Answer(b"", 304), "transcriber_invalid_answer"),
    ],
)
async def test_a_repeated_failure_is_left_to_the_job(line: Line, failure: Answer, code: str) -> None:
    """After three tries the call fails with a retryable error."""
    line.server.script.extend([failure] * 9)

    with pytest.raises(Unavailable) as caught:
        await line.transcribe()

    assert (caught.value.code, caught.value.retryable, caught.value.retry_after_s) == (code, True, None)
    assert len(line.server.posted) == 3


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b'{"text": "cut', headers={"Content-Length": "500"}),
        Answer(b"<html>Welcome</html>", headers={"Content-Type": "text/html"}),
        Answer(b""),
        Answer(b'{"text": "\xff"}'),
        in_json({"txt": "Hi"}),
        in_json({"text": None}),
        in_json(["Hi"]),
        in_json({"text": "Hi", "segments": [{"start": "now"}]}),
        in_json({"text": "Hi", "segments": [{"start": 0, "end": 1e300, "text": "Hi"}]}),
        in_json({"text": "H\0i"}),
        in_json({"text": "x" * 5_000_000}),
        Answer(b'{"more": ' + b"[" * 1_000_000),
    ],
)
async def test_an_unreadable_response_is_not_requested_again(line: Line, answer: Answer) -> None:
    """A repeated request may cost money, so the use case decides how often it is made."""
    line.server.script.append(answer)

    with pytest.raises(UnreadableResponse) as caught:
        await line.transcribe()

    assert (caught.value.code, caught.value.retryable) == ("transcriber_invalid_answer", True)
    assert (len(line.server.posted), line.waited_s) == (1, 0.0)


async def test_a_stalled_response_is_unreadable() -> None:
    """The response has begun, so the request may be charged."""
    async with open_line(timeout_s=ENOUGH_TO_ASK_S) as line:
        line.server.script.append(Answer(b'{"text": "It', headers={"Content-Length": "500"}, stalls=True))

        with pytest.raises(UnreadableResponse):
            await line.transcribe()

        assert len(line.server.posted) == 1


@pytest.mark.parametrize(
    ("status", "header", "waited_s"),
    [
        (429, "7", 10.0),
        (503, "20", 23.0),
        (429, "0", 4.0),
        (429, "Thu, 01 Jan 2026 12:00:09 GMT", 12.0),
        (429, "Thu, 01 Jan 2026 11:00:00 GMT", 4.0),
        (429, "soon", 4.0),
        (429, "-5", 4.0),
        (429, "nan", 4.0),
        (429, "Thu, 99 Jan 2026 99:00:00 GMT", 4.0),
        (429, "Thu, 01 Jan 2026 11:00:00", 4.0),
    ],
)
async def test_a_short_retry_after_is_waited_for(line: Line, status: int, header: str, waited_s: float) -> None:
    """The server's value counts if it is longer than our own back-off."""
    line.server.script.extend([refusal(status, headers={"Retry-After": header}), refusal(500), SUCCESS])

    assert (await line.transcribe()).text == "It works."
    assert line.waited_s == waited_s


@pytest.mark.parametrize(
    ("header", "retry_after_s"),
    [("21", 21.0), ("3600", 3600.0), ("9" * 400, 86_400.0), ("Thu, 01 Jan 2026 12:05:00 GMT", 300.0)],
)
async def test_a_long_retry_after_is_left_to_the_job(line: Line, header: str, retry_after_s: float) -> None:
    """No worker waits for minutes; the job is retried then."""
    line.server.script.append(refusal(429, headers={"Retry-After": header}))

    with pytest.raises(Unavailable) as caught:
        await line.transcribe()

    assert (caught.value.retryable, caught.value.retry_after_s) == (True, retry_after_s)
    assert len(line.server.posted) == 1


@pytest.mark.parametrize("status", [400, 404, 413, 415, 422])
async def test_a_refused_chunk_is_never_sent_again(line: Line, status: int) -> None:
    """Other 4xx statuses are not retryable."""
    line.server.script.append(refusal(status, code="invalid_request_error"))

    with pytest.raises(Rejected) as caught:
        await line.transcribe()

    assert caught.value.code == "transcription_rejected"
    assert len(line.server.posted) == 1


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (refusal(401, code="invalid_api_key"), "transcriber_unauthorized"),
        (refusal(403), "transcriber_unauthorized"),
        (refusal(429, code="insufficient_quota"), "insufficient_quota"),
        (in_json({"error": {"type": "insufficient_quota", "code": None}}, status=429), "insufficient_quota"),
    ],
)
async def test_errors_for_the_operator_end_the_call(line: Line, answer: Answer, code: str) -> None:
    """The operator must correct credentials and quota."""
    line.server.script.append(answer)

    with pytest.raises(Unavailable) as caught:
        await line.transcribe()

    assert (caught.value.code, caught.value.retryable) == (code, False)
    assert len(line.server.posted) == 1


async def test_a_server_that_hangs_is_a_transient_failure() -> None:
    """No response in time is a transient failure, retried like the others."""
    async with open_line(timeout_s=ENOUGH_TO_ASK_S) as line:
        line.server.script.extend([HANG] * 3)

        with pytest.raises(Unavailable) as caught:
            await line.transcribe()

        assert (caught.value.code, caught.value.retryable) == ("transcriber_unavailable", True)
        assert len(line.server.posted) == 3


async def test_a_refused_connection_is_a_transient_failure(line: Line) -> None:
    """The server may not be up yet."""
    await asyncio.to_thread(line.server.stop)

    with pytest.raises(Unavailable) as caught:
        await line.transcribe()

    assert (caught.value.code, caught.value.retryable) == ("transcriber_unavailable", True)
    assert line.waited_s == 4.0


@pytest.mark.parametrize(
    "base_url",
    [
        "ftp://user:canary@127.0.0.1",
        "127.0.0.1/canary",
        "http:///canary",
        "http://127.0.0.1:canary",
        "http://127.0.0.1/canary\x7f",
    ],
)
async def test_an_invalid_url_is_a_permanent_error(line: Line, base_url: str) -> None:
    """Waiting does not make the URL valid."""
    await _assert_misconfigured(line, OpenAIConfig(base_url=base_url))


async def test_a_key_that_can_not_be_sent_is_a_permanent_error(line: Line) -> None:
    """The HTTP library rejects the blank at its end, and would quote the key."""
    await _assert_misconfigured(line, OpenAIConfig(api_key="canary ", base_url=line.server.base_url))


async def _assert_misconfigured(line: Line, config: OpenAIConfig) -> None:
    """One attempt, no waiting, and an error without the URL or the key."""
    async with open_transcriber(config, line.clock) as transcriber:
        with pytest.raises(Unavailable) as caught:
            await transcriber.transcribe(line.chunk)
    assert (caught.value.code, caught.value.retryable) == ("transcriber_misconfigured", False)
    assert line.waited_s == 0.0
    assert "canary" not in "".join(traceback.format_exception(caught.value))
