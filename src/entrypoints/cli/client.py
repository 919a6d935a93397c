"""Telecine's HTTP API and its bucket as seen by one of its clients."""

import secrets
from collections.abc import Iterator, Sequence
from typing import Any

import httpx

from domain.model.errors import Rejected, Unauthenticated, Unavailable
from entrypoints.cli.answers import checked, parsed
from entrypoints.cli.patience import AT_ONCE, Patience

_TIMEOUT = httpx.Timeout(30.0)
_BUCKET_TIMEOUT = httpx.Timeout(30.0, read=120.0, write=120.0)  # It answers when all that was sent is on its disks.


class Client:
    """Calls of the upload protocol, each as any other REST client would make them.

    With patience, calls of the API are repeated: each can be, and does nothing twice. A PUT to the bucket is made once.
    """

    def __init__(
        self, url: str, token: str, *, patience: Patience = AT_ONCE, transport: httpx.BaseTransport | None = None
    ) -> None:
        if not (token.isascii() and token.isprintable()):
            raise Unauthenticated("A token is plain ASCII.", code="invalid_token")
        headers = {"Authorization": f"Bearer {token}"}
        try:
            self._http = httpx.Client(base_url=url, timeout=_TIMEOUT, headers=headers, transport=transport)
        except httpx.InvalidURL as error:
            raise Rejected(f"{url!r} is not a URL: {error}.", code="invalid_url") from error
        # The bearer token stays at home.
        self._bucket = httpx.Client(timeout=_BUCKET_TIMEOUT, transport=transport)
        self._patience = patience
        self._has_answered = False

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()
        self._bucket.close()

    def grant(self, filename: str, size_bytes: int, content_type: str, strategy: str = "single") -> dict[str, Any]:
        """Ask for presigned URLs; an answer that was lost is given again, since the request has its key."""
        body = {"filename": filename, "file_size": size_bytes, "content_type": content_type, "strategy": strategy}
        key = {"Idempotency-Key": secrets.token_urlsafe(24)}
        return self._answer("POST", "/api/videos/upload/presigned", json=body, headers=key)

    def renew(self, video_id: str) -> dict[str, Any]:
        """Ask for a fresh URL of a single PUT."""
        return self._answer("POST", f"/api/videos/{video_id}/upload/presigned")

    def sign_parts(self, video_id: str, numbers: Sequence[int]) -> dict[str, Any]:
        """Ask for URLs of these parts."""
        return self._answer("POST", f"/api/videos/{video_id}/upload/parts", json={"part_numbers": list(numbers)})

    def received(self, video_id: str) -> dict[str, Any]:
        """Ask what has arrived of the upload."""
        return self._answer("GET", f"/api/videos/{video_id}/upload")

    def put_bytes(self, url: str, headers: dict[str, str], chunks: Iterator[bytes], size_bytes: int) -> None:
        """Send these bytes to the bucket.

        Raises:
            Refused: the bucket does not take them, or not by this URL.
            Unavailable: `upload_broken`.
        """
        try:
            answer = self._bucket.put(url, content=chunks, headers={**headers, "Content-Length": str(size_bytes)})
        except httpx.HTTPError as error:
            raise Unavailable(f"The upload broke off: {type(error).__name__}.", code="upload_broken") from error
        checked(answer)

    def complete(self, video_id: str) -> dict[str, Any]:
        """Report the upload complete."""
        return self._answer("POST", f"/api/videos/{video_id}/upload/complete", json={"success": True})

    def cancel(self, video_id: str) -> None:
        """Take the upload back."""
        self._call("DELETE", f"/api/videos/{video_id}/upload")

    def status(self, video_id: str) -> dict[str, Any]:
        """Ask how far the video has come."""
        return self._answer("GET", f"/api/videos/{video_id}/status")

    def video(self, video_id: str) -> dict[str, Any]:
        """Ask for everything about the video."""
        return self._answer("GET", f"/api/videos/{video_id}")

    def transcript(self, video_id: str) -> dict[str, Any]:
        """Ask for the transcript."""
        return self._answer("GET", f"/api/videos/{video_id}/transcript")

    def playback(self, video_id: str) -> dict[str, Any]:
        """Ask for playback URLs."""
        return self._answer("GET", f"/api/videos/{video_id}/playback")

    def is_ready(self) -> bool:
        """Whether the server can serve."""
        try:
            return self._http.get("/health/ready").is_success
        except httpx.HTTPError:
            return False

    def _answer(self, method: str, path: str, **options: Any) -> dict[str, Any]:  # noqa: ANN401 (httpx's own options)
        return parsed(self._call(method, path, **options))

    def _call(self, method: str, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401 (httpx's own options)
        return self._patience.call(lambda: self._once(method, path, **options))

    def _once(self, method: str, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401 (httpx's own options)
        try:
            answer = self._http.request(method, path, **options)
        except httpx.HTTPError as error:
            raise Unavailable(
                f"No answer from {self._http.base_url}: {type(error).__name__}.",
                code="server_unreachable",
                retryable=self._may_be_back(error),
            ) from error
        self._has_answered = True
        return checked(answer)

    def _may_be_back(self, error: httpx.HTTPError) -> bool:
        """A server that was never there is more likely elsewhere than restarting: whoever asks wants to know now."""
        if isinstance(error, httpx.ConnectError):
            return self._has_answered
        return not isinstance(error, httpx.UnsupportedProtocol)
