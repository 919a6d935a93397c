"""An event stream over several connections, and what counts as a server without streams."""

from collections.abc import Callable, Iterator
from contextlib import closing

import httpx
import pytest

from telecine_client.client import Client
from telecine_client.errors import ConnectionFailed, ErrorResponse, StreamUnsupported
from telecine_client.event_stream import EventStream

PROBLEM = {"content-type": "application/problem+json"}
STREAM = {"content-type": "text/event-stream; charset=utf-8"}


class Body(httpx.SyncByteStream):
    """A body that breaks off with an error after its chunks."""

    def __init__(self, *chunks: bytes, error: Exception | None = None) -> None:
        self._chunks = chunks
        self._error = error

    def __iter__(self) -> Iterator[bytes]:
        yield from self._chunks
        if self._error is not None:
            raise self._error


def stream_of(answer: Callable[[httpx.Request], httpx.Response]) -> EventStream:
    """The stream of a video on a server with these answers."""
    return Client("http://telecine.test", "token", transport=httpx.MockTransport(answer)).video_events(
        "v", until_terminal=True
    )


def names(stream: EventStream) -> list[str]:
    """The names of the events of one connection."""
    with closing(stream.connect()) as events:
        return [event.event for event in events]


def test_a_later_connection_continues_after_the_last_event() -> None:
    """With `Last-Event-ID`; 204 says that nothing follows."""
    seen: list[tuple[str, str | None]] = []
    bodies = [
        Body(b"retry: 500\n\nid: 2\nevent: snapshot\ndata: {}\n\n", b"event: progress\ndata: {}\n\nid: 3\ndata: "),
        Body(b"id: 4\nevent: video.completed\ndata: {}\n\n", error=httpx.ReadError("made up")),
    ]

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append((str(request.url.copy_with(host="x")), request.headers.get("Last-Event-ID")))
        return httpx.Response(200, headers=STREAM, stream=bodies.pop(0)) if bodies else httpx.Response(204)

    stream = stream_of(answer)
    assert names(stream) == ["snapshot", "progress"]
    assert (stream.retry_s, stream.is_over) == (0.5, False)
    with pytest.raises(ConnectionFailed):
        names(stream)
    assert names(stream) == []
    assert stream.is_over
    path = "http://x/api/videos/v/events?until=terminal"
    assert seen == [(path, None), (path, "2"), (path, "4")]


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(404, headers=PROBLEM, content=b'{"code": "route_not_found", "detail": "No."}'),
        httpx.Response(405),
        httpx.Response(501),
        httpx.Response(200, json={}),
        httpx.Response(200, content=b"data: x\n\n"),
        httpx.Response(200, headers=STREAM, stream=Body(error=httpx.ReadTimeout("silent"))),
    ],
)
def test_a_client_has_to_poll(answer: httpx.Response) -> None:
    """An older server, another kind of response, or a proxy that lets no byte through."""
    with pytest.raises(StreamUnsupported):
        names(stream_of(lambda _: answer))


def test_a_stream_that_falls_silent_is_broken() -> None:
    """It has sent something before, so no proxy holds it back."""
    body = Body(b": ping\n\n", error=httpx.ReadTimeout("silent"))
    stream = stream_of(lambda _: httpx.Response(200, headers=STREAM, stream=body))
    with pytest.raises(ConnectionFailed) as caught:
        names(stream)
    assert (caught.value.code, caught.value.retryable) == ("stream_broken", True)


@pytest.mark.parametrize(
    ("status", "code", "retry_after_s"),
    [(404, "video_not_found", None), (401, "token_expired", None), (429, "too_many_streams", 5.0)],
)
def test_an_error_of_the_api_stays_one(status: int, code: str, retry_after_s: float | None) -> None:
    """With its code, its detail, and the pause that the server wishes."""
    headers = PROBLEM | ({} if retry_after_s is None else {"Retry-After": "5"})
    content = b'{"code": "%b", "detail": "No."}' % code.encode()
    with pytest.raises(ErrorResponse) as caught:
        names(stream_of(lambda _: httpx.Response(status, headers=headers, content=content)))
    assert (caught.value.code, caught.value.retry_after_s) == (code, retry_after_s)


def test_a_first_connection_that_is_refused_is_not_repeated() -> None:
    """More likely the URL is wrong."""

    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("made up", request=request)

    with pytest.raises(ConnectionFailed) as caught:
        names(stream_of(refuse))
    assert not caught.value.retryable
