"""A client of Telecine's HTTP API and of its bucket."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx

from domain.model.errors import Rejected, Unauthenticated, Unavailable
from entrypoints.cli.api_client.errors import parse_json, require_success, retry_after_s
from entrypoints.cli.api_client.event_stream import EventStream
from entrypoints.cli.api_client.retry_policy import NO_RETRIES, RetryPolicy

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
    once.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        retry_policy: RetryPolicy = NO_RETRIES,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        if not (token.isascii() and token.isprintable()):
            raise Unauthenticated("A token must be printable ASCII.", code="invalid_token")
        headers = {"Authorization": f"Bearer {token}"}
        try:
            self._http = httpx.Client(base_url=url, timeout=_TIMEOUT, headers=headers, transport=transport)
        except httpx.InvalidURL as error:
            raise Rejected(f"{url!r} is not a URL: {error}.", code="invalid_url") from error
        # A separate client, so that the bearer token is never sent to the bucket.
        self._bucket = httpx.Client(timeout=_BUCKET_TIMEOUT, transport=transport)
        self._retry_policy = retry_policy
        self._has_responded = False

    def close(self) -> None:
        self._http.close()
        self._bucket.close()

    def request_upload(
        self,
        filename: str,
        size_bytes: int,
        content_type: str,
        strategy: str = "single",
        *,
        original: str | None = None,
        keep_days: int | None = None,
    ) -> dict[str, Any]:
        """Request presigned URLs; an idempotency key makes a retry return the same upload."""
        body = {"filename": filename, "file_size": size_bytes, "content_type": content_type, "strategy": strategy}
        # Left out when not chosen, so that the command also works with an older server.
        body |= {} if original is None else {"original": original}
        body |= {} if keep_days is None else {"keep_days": keep_days}
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
            Unavailable: `upload_broken`: the connection failed.
        """
        try:
            response = self._bucket.put(url, content=chunks, headers={**headers, "Content-Length": str(size_bytes)})
        except httpx.HTTPError as error:
            raise Unavailable(f"The upload was interrupted: {type(error).__name__}.", code="upload_broken") from error
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
            raise Unavailable(
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
