"""A client that repeats each call until it is answered, as a good one does."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx

PATIENCE_S = 90.0


class PatientClient:
    """Uploads, gives up and deletes; `on_trouble` is called each time a call was not answered."""

    def __init__(self, url: str, token: str, on_trouble: Callable[[], object] = lambda: None) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"}
        self._on_trouble = on_trouble
        self._http = httpx.Client(timeout=20.0)

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def send(self, clip: Path, *, extension: str = ".mp4") -> str:
        """Upload the clip and report it complete; the video's id."""
        grant = self.grant(clip, extension=extension)
        content = clip.read_bytes()
        put = self._until_answered("PUT", grant["upload_url"], headers=grant["headers"], content=content)
        assert put.is_success, put.text
        video_id: str = grant["video_id"]
        assert self.complete(video_id) == httpx.codes.OK
        return video_id

    def grant(self, clip: Path, *, extension: str = ".mp4") -> dict[str, Any]:
        """Ask for a presigned URL."""
        body = {"filename": f"clip{extension}", "file_size": clip.stat().st_size, "content_type": ""}
        answer: dict[str, Any] = self._call("POST", "/upload/presigned", json=body).json()
        return answer

    def complete(self, video_id: str, *, success: bool = True) -> int:
        """Report how the upload went; the status of the answer."""
        return self._call("POST", f"/{video_id}/upload/complete", json={"success": success}).status_code

    def delete(self, video_id: str) -> None:
        """Delete the video; one that is gone already is fine, since the answer may have been lost."""
        self._call("DELETE", f"/{video_id}")

    def _call(self, method: str, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401 (httpx's own options)
        return self._until_answered(method, f"{self._url}/api/videos{path}", headers=self._headers, **options)

    def _until_answered(self, method: str, url: str, **options: Any) -> httpx.Response:  # noqa: ANN401 (likewise)
        deadline = monotonic() + PATIENCE_S
        while monotonic() < deadline:
            try:
                answer = self._http.request(method, url, **options)
            except httpx.HTTPError:
                self._on_trouble()
            else:
                if answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                    return answer
            sleep(0.05)
        raise TimeoutError(f"{method} {httpx.URL(url).path} was never answered")
