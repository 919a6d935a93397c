"""An event stream of the API, over any number of connections one after the other."""

from collections.abc import Generator, Iterator
from http import HTTPStatus
from typing import Protocol

import httpx

from telecine_client.errors import ClientError, ConnectionFailed, ErrorResponse, StreamUnsupported
from telecine_client.responses import require_success
from telecine_client.server_sent_events import EventParser, ServerSentEvent

MEDIA_TYPE = "text/event-stream"
MAX_SILENCE_S = 20.0  # The server sends a first line at once, and a ping every 15 s by default.

_TIMEOUT = httpx.Timeout(30.0, read=MAX_SILENCE_S)
_UNSUPPORTED_STATUSES = frozenset({404, 405, 406, 501})


class EventSource(Protocol):
    """A stream that a client opens again after its last event whenever the connection ends."""

    is_over: bool
    """Whether the server has said that nothing follows."""
    retry_s: float
    """The pause before the next connection, as the server wishes."""

    def connect(self) -> Generator[ServerSentEvent]:
        """Yield events until the connection ends.

        Raises:
            StreamUnsupported: a client has to poll instead.
            ErrorResponse: the server rejected the request.
            ConnectionFailed: the connection failed, or was silent for too long.
        """
        ...


class EventStream:
    """The stream at this path; `until` as in the API."""

    def __init__(self, http: httpx.Client, path: str, *, until: str | None = None) -> None:
        self.is_over = False
        self.retry_s = 1.0
        self._http = http
        self._path = path
        self._query = {} if until is None else {"until": until}
        self._last_event_id: str | None = None
        self._has_received = False

    def connect(self) -> Generator[ServerSentEvent]:
        """Yield the events of one connection; see `EventSource`."""
        headers = {"Accept": MEDIA_TYPE} | ({} if not self._last_event_id else {"Last-Event-ID": self._last_event_id})
        try:
            with self._http.stream(
                "GET", self._path, params=self._query, headers=headers, timeout=_TIMEOUT
            ) as response:
                self._require_stream(response)
                if response.status_code == HTTPStatus.NO_CONTENT:
                    self.is_over = True
                else:
                    yield from self._read(response.iter_bytes())
        except httpx.ReadTimeout as error:
            raise self._silence() from error
        except httpx.HTTPError as error:
            raise ConnectionFailed(
                f"The event stream was interrupted: {type(error).__name__}.",
                code="stream_broken",
                retryable=self._has_received or not isinstance(error, (httpx.ConnectError, httpx.UnsupportedProtocol)),
            ) from error

    def _require_stream(self, response: httpx.Response) -> None:
        try:
            if not response.is_success:
                response.read()
            require_success(response)
        except ErrorResponse as error:
            if error.status in _UNSUPPORTED_STATUSES and error.code != "video_not_found":
                raise StreamUnsupported("The server has no event streams.") from error
            raise
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if response.status_code == HTTPStatus.OK and media_type != MEDIA_TYPE:
            raise StreamUnsupported(f"The response is {media_type or 'of no type'} instead of an event stream.")

    def _read(self, chunks: Iterator[bytes]) -> Generator[ServerSentEvent]:
        parser = EventParser()
        for chunk in chunks:
            self._has_received = True
            for event in parser.feed(chunk):
                self._note(parser)
                yield event
            self._note(parser)

    def _note(self, parser: EventParser) -> None:
        self._last_event_id = self._last_event_id if parser.last_event_id is None else parser.last_event_id
        self.retry_s = self.retry_s if parser.retry_s is None else parser.retry_s

    def _silence(self) -> ClientError:
        """The error after a silence: a stream that has never sent a byte is held back by a proxy."""
        if self._has_received:
            return ConnectionFailed("The event stream was silent.", code="stream_broken")
        return StreamUnsupported(f"The event stream sent nothing for {MAX_SILENCE_S:.0f} s.")
