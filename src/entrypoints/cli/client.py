"""Telecine's HTTP API as seen by one of its clients."""

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, BinaryIO

import httpx

from domain.model.errors import Rejected, TelecineError, Unauthenticated, Unavailable

CHUNK_BYTES = 256 * 1024
_TIMEOUT = httpx.Timeout(30.0, write=120.0)


class Client:
    """Calls of the upload protocol, each as any other REST client would make them."""

    def __init__(self, url: str, token: str) -> None:
        if not token.isascii():
            raise Unauthenticated("A token is plain ASCII.", code="invalid_token")
        try:
            self._http = httpx.Client(base_url=url, timeout=_TIMEOUT, headers={"Authorization": f"Bearer {token}"})
        except httpx.InvalidURL as error:
            raise Rejected(f"{url!r} is not a URL: {error}.", code="invalid_url") from error

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def grant(self, filename: str, size_bytes: int, content_type: str) -> dict[str, Any]:
        """Ask for a presigned URL."""
        body = {"filename": filename, "file_size": size_bytes, "content_type": content_type}
        return self._answer("POST", "/api/videos/upload/presigned", json=body)

    def put(self, grant: dict[str, Any], file: Path, size_bytes: int, on_sent: Callable[[int], object]) -> None:
        """Send the file to the bucket, in chunks; the bearer token stays at home."""
        headers = {**grant["headers"], "Content-Length": str(size_bytes)}
        with file.open("rb") as stream:
            try:
                answer = httpx.put(
                    grant["upload_url"], content=_chunks(stream, on_sent), headers=headers, timeout=_TIMEOUT
                )
            except httpx.HTTPError as error:
                raise Unavailable(f"The upload broke off: {type(error).__name__}.", code="upload_broken") from error
        _check(answer)

    def complete(self, video_id: str) -> dict[str, Any]:
        """Report the upload complete."""
        return self._answer("POST", f"/api/videos/{video_id}/upload/complete", json={"success": True})

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
        try:
            answer = self._http.request(method, path, **options)
        except httpx.HTTPError as error:
            raise Unavailable(
                f"No answer from {self._http.base_url}: {type(error).__name__}.", code="server_unreachable"
            ) from error
        return _parsed(_check(answer))


def _chunks(stream: BinaryIO, on_sent: Callable[[int], object]) -> Generator[bytes]:
    while chunk := stream.read(CHUNK_BYTES):
        yield chunk
        on_sent(len(chunk))


def _parsed(answer: httpx.Response) -> dict[str, Any]:
    try:
        body: dict[str, Any] = answer.json()
    except ValueError as error:
        raise TelecineError("The server did not answer with JSON; is it Telecine?", code="unexpected_answer") from error
    return body


def _check(answer: httpx.Response) -> httpx.Response:
    """The answer, if it is good; else the problem that it tells of."""
    if answer.is_success:
        return answer
    if answer.headers.get("content-type", "").startswith("application/problem+json"):
        problem = answer.json()
        raise TelecineError(problem["detail"], code=problem["code"])
    raise TelecineError(f"The server answered {answer.status_code}.", code="unexpected_answer")
