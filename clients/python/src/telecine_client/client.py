"""A client of Telecine's HTTP API and of its bucket."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Self

import httpx

from telecine_client.bearer import BearerAuth, Token
from telecine_client.errors import ConnectionFailed, InvalidArgument
from telecine_client.event_stream import EventStream
from telecine_client.responses import parse_json, require_success, retry_after_s
from telecine_client.rest import AuthenticatedClient
from telecine_client.retry_policy import UNTIL_RECOVERY, RetryPolicy

_TIMEOUT = httpx.Timeout(30.0)
_BUCKET_TIMEOUT = httpx.Timeout(30.0, read=120.0, write=120.0)  # The bucket responds once the whole body is stored.


@dataclass(frozen=True, slots=True)
class StatusAnswer:
    """A polled status; `body` is None if it has not changed, `retry_after_s` says when to ask again."""

    body: dict[str, Any] | None
    etag: str | None
    retry_after_s: float | None


class Client:
    """The calls of the upload protocol, made as any other REST client would make them.

    `retry_policy` decides how often API calls are retried; all of them are idempotent. A PUT to the bucket is made
    once, and the functions of `rest` make each call once. Close the client after use, or open it with `with`.
    """

    def __init__(
        self,
        url: str,
        token: Token,
        *,
        retry_policy: RetryPolicy = UNTIL_RECOVERY,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        auth = BearerAuth(token)
        try:
            self._http = httpx.Client(base_url=url, timeout=_TIMEOUT, auth=auth, transport=transport)
        except httpx.InvalidURL as error:
            raise InvalidArgument(f"{url!r} is not a URL: {error}.", code="invalid_url") from error
        self._rest = AuthenticatedClient(url, token="", timeout=_TIMEOUT, httpx_args={"auth": auth})
        self._rest.set_httpx_client(self._http)
        # A separate client, so that the bearer token is never sent to the bucket.
        self._bucket = httpx.Client(timeout=_BUCKET_TIMEOUT, transport=transport)
        self._retry_policy = retry_policy
        self._has_responded = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def rest(self) -> AuthenticatedClient:
        """The client that the generated functions in `telecine_client.rest.api` take; it shares this connection."""
        return self._rest

    def close(self) -> None:
        self._http.close()
        self._bucket.close()

    def request_upload(
        self,
        filename: str,
        size_bytes: int,
        content_type: str,
        strategy: str = "single",
        **choices: object,
    ) -> dict[str, Any]:
        """Request presigned URLs; an idempotency key makes a retry return the same upload.

        `choices` are optional fields of the request by their names in the API. One that is None is left out, so that
        an older server, which does not know it, accepts the request.
        """
        body = {"filename": filename, "file_size": size_bytes, "content_type": content_type, "strategy": strategy}
        body |= {name: value for name, value in choices.items() if value is not None}
        key = {"Idempotency-Key": secrets.token_urlsafe(24)}
        return self._json("POST", "/api/videos/upload/presigned", json=body, headers=key)

    def renew(self, video_id: str) -> dict[str, Any]:
        """Request a fresh URL for a single PUT."""
        return self._json("POST", f"/api/videos/{video_id}/upload/presigned")

    def sign_parts(self, video_id: str, numbers: Sequence[int]) -> dict[str, Any]:
        """Request URLs for these parts."""
        return self._json("POST", f"/api/videos/{video_id}/upload/parts", json={"part_numbers": list(numbers)})

    def upload_progress(self, video_id: str) -> dict[str, Any]:
        """Get the progress of the upload."""
        return self._json("GET", f"/api/videos/{video_id}/upload")

    def put_bytes(self, url: str, headers: dict[str, str], chunks: Iterator[bytes], size_bytes: int) -> None:
        """Send these bytes to the bucket.

        Raises:
            ErrorResponse: the bucket rejects the bytes or the URL.
            ConnectionFailed: `upload_broken`: the connection failed.
        """
        try:
            response = self._bucket.put(url, content=chunks, headers={**headers, "Content-Length": str(size_bytes)})
        except httpx.HTTPError as error:
            raise ConnectionFailed(
                f"The upload was interrupted: {type(error).__name__}.", code="upload_broken"
            ) from error
        require_success(response)

    def complete(self, video_id: str) -> dict[str, Any]:
        """Report the upload complete."""
        return self._json("POST", f"/api/videos/{video_id}/upload/complete", json={"success": True})

    def cancel(self, video_id: str) -> None:
        self._call("DELETE", f"/api/videos/{video_id}/upload")

    def status(self, video_id: str) -> dict[str, Any]:
        return self._json("GET", f"/api/videos/{video_id}/status")

    def poll_status(self, video_id: str, etag: str | None = None) -> StatusAnswer:
        """Get the status, if it has changed since the answer with this ETag."""
        headers = {} if etag is None else {"If-None-Match": etag}
        response = self._call("GET", f"/api/videos/{video_id}/status", headers=headers)
        body = None if response.status_code == HTTPStatus.NOT_MODIFIED else parse_json(response)
        return StatusAnswer(body, response.headers.get("etag"), retry_after_s(response))

    def video_events(self, video_id: str, *, until_terminal: bool = False) -> EventStream:
        """The events of a video."""
        return EventStream(self._http, f"/api/videos/{video_id}/events", until="terminal" if until_terminal else None)

    def events(self) -> EventStream:
        """The events of all videos of the user."""
        return EventStream(self._http, "/api/events")

    def videos(self, *, limit: int) -> dict[str, Any]:
        """Get the newest videos."""
        return self._json("GET", "/api/videos", params={"limit": limit})

    def video(self, video_id: str) -> dict[str, Any]:
        """Get the video with all its fields."""
        return self._json("GET", f"/api/videos/{video_id}")

    def transcript(self, video_id: str) -> dict[str, Any]:
        return self._json("GET", f"/api/videos/{video_id}/transcript")

    def playback(self, video_id: str) -> dict[str, Any]:
        return self._json("GET", f"/api/videos/{video_id}/playback")

    def is_ready(self) -> bool:
        try:
            return self._http.get("/health/ready").is_success
        except httpx.HTTPError:
            return False

    def _json(self, method: str, path: str, **options: Any) -> dict[str, Any]:  # noqa: ANN401 (httpx's own options)
        return parse_json(self._call(method, path, **options))

    def _call(self, method: str, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401 (httpx's own options)
        return self._retry_policy.call(lambda: self._once(method, path, **options))

    def _once(self, method: str, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401 (httpx's own options)
        try:
            response = self._http.request(method, path, **options)
        except httpx.HTTPError as error:
            raise ConnectionFailed(
                f"No response from {self._http.base_url}: {type(error).__name__}.",
                code="server_unreachable",
                retryable=self._may_recover(error),
            ) from error
        self._has_responded = True
        return response if response.status_code == HTTPStatus.NOT_MODIFIED else require_success(response)

    def _may_recover(self, error: httpx.HTTPError) -> bool:
        """Whether a retry may help; before the first response, a refused connection more likely means a wrong URL."""
        if isinstance(error, httpx.ConnectError):
            return self._has_responded
        return not isinstance(error, httpx.UnsupportedProtocol)
