"""An API client that repeats each call until it gets an answer."""

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import httpx

ANSWER_TIMEOUT_S = 90.0


class RetryingClient:
    """Uploads, cancels and deletes videos; calls `on_trouble` each time a call gets no answer.

    Every call that creates a video has an idempotency key, so that a repetition creates no second video.
    """

    def __init__(
        self,
        url: str,
        token: str,
        on_trouble: Callable[[], object] = lambda: None,
        *,
        patience_s: float = ANSWER_TIMEOUT_S,
    ) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"}
        self._on_trouble = on_trouble
        self._patience_s = patience_s
        self._http = httpx.Client(timeout=20.0)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def send(self, clip: Path, *, extension: str = ".mp4") -> str:
        """Upload the clip in one PUT and report it complete; return the video's id."""
        grant = self.grant(clip, extension=extension)
        self.put(grant, clip)
        return self.finish(grant)

    def hook(self, url: str, *events: str) -> str:
        """Create a webhook for these events, or for every event; return its secret."""
        created = self._until_answered(
            "POST",
            f"{self._url}/api/webhooks",
            headers={**self._headers, "Idempotency-Key": str(uuid4())},
            json={"url": url, "events": events or ["*"]},
        )
        secret: str = created.json()["secret"]
        return secret

    def send_in_parts(self, clip: Path) -> str:
        """Upload the clip in parts and report it complete; return the video's id."""
        grant = self.grant(clip, strategy="multipart")
        self.put_parts(grant, clip)
        return self.finish(grant)

    def send_growing(self, clip: Path) -> str:
        """Upload the clip as if its size were unknown; return the video's id."""
        grant = self.grant_growing()
        self.put_growing(grant, clip)
        return self.finish(grant)

    def grant_growing(self) -> dict[str, Any]:
        """Request an upload of unknown size."""
        body = {"filename": "clip.mp4", "content_type": "", "strategy": "multipart"}
        headers = {**self._headers, "Idempotency-Key": str(uuid4())}
        answer = self._until_answered("POST", self._at("/upload/presigned"), headers=headers, json=body)
        granted: dict[str, Any] = answer.json()
        return granted

    def put_growing(self, grant: dict[str, Any], clip: Path) -> None:
        """Sign and send one part after the other."""
        content, part_size = clip.read_bytes(), grant["part_size"]
        for start in range(0, len(content), part_size):
            part = content[start : start + part_size]
            signing = {"part_numbers": [start // part_size + 1], "last_part_size": len(part)}
            answer = self._call("POST", f"/{grant['video_id']}/upload/parts", json=signing)
            assert answer.is_success, answer.text
            (signed,) = answer.json()["parts"]
            self._put(signed["url"], signed["headers"], part)

    def send_as_form(self, clip: Path) -> str:
        """Upload the clip through the API; an upload that broke off is repeated with a new idempotency key."""
        answer = self._send_form(clip)
        while answer.status_code == HTTPStatus.CONFLICT:
            answer = self._send_form(clip)
        assert answer.is_success, answer.text
        video_id: str = answer.json()["video_id"]
        return video_id

    def grant(self, clip: Path, *, extension: str = ".mp4", strategy: str = "single") -> dict[str, Any]:
        """Request an upload; return its presigned URLs."""
        body = {"filename": f"clip{extension}", "file_size": clip.stat().st_size, "content_type": ""}
        headers = {**self._headers, "Idempotency-Key": str(uuid4())}
        granted = self._until_answered(
            "POST", self._at("/upload/presigned"), headers=headers, json={**body, "strategy": strategy}
        )
        answer: dict[str, Any] = granted.json()
        return answer

    def put(self, grant: dict[str, Any], clip: Path) -> None:
        """Send the clip in one PUT."""
        self._put(grant["upload_url"], grant["headers"], clip.read_bytes())

    def put_parts(self, grant: dict[str, Any], clip: Path, *numbers: int) -> None:
        """Send the parts of these numbers, or all parts."""
        content, part_size = clip.read_bytes(), grant["part_size"]
        for part in grant["parts"]:
            if part["part_number"] in (numbers or range(1, grant["part_count"] + 1)):
                start = (part["part_number"] - 1) * part_size
                self._put(part["url"], part["headers"], content[start : start + part_size])

    def import_video(self) -> str:
        """Import the video that the stand-in site serves; return its id."""
        headers = {**self._headers, "Idempotency-Key": str(uuid4())}
        answer = self._until_answered("POST", self._at("/youtube"), headers=headers, json={"url": "dQw4w9WgXcQ"})
        assert answer.is_success, answer.text
        video_id: str = answer.json()["video_id"]
        return video_id

    def finish(self, grant: dict[str, Any]) -> str:
        """Report the upload complete; return the video's id."""
        video_id: str = grant["video_id"]
        assert self.complete(video_id) == httpx.codes.OK
        return video_id

    def complete(self, video_id: str, *, success: bool = True) -> int:
        """Report the upload's result; return the status of the response."""
        return self._call("POST", f"/{video_id}/upload/complete", json={"success": success}).status_code

    def ask_again(self, grant: dict[str, Any]) -> dict[str, Any]:
        """Request fresh URLs; return the grant with them."""
        path = f"/{grant['video_id']}/upload"
        if grant["strategy"] == "single":
            answer = self._call("POST", f"{path}/presigned")
        else:
            numbers = list(range(1, grant["part_count"] + 1))
            answer = self._call("POST", f"{path}/parts", json={"part_numbers": numbers})
        assert answer.is_success, answer.text
        return {**grant, **answer.json()}

    def cancel(self, video_id: str) -> None:
        """Cancel the upload."""
        answer = self._call("DELETE", f"/{video_id}/upload")
        assert answer.is_success, answer.text

    def retry(self, video_id: str) -> None:
        """Retry the video; `not_failed` counts as success, since the first answer may have been lost."""
        answer = self._call("POST", f"/{video_id}/retry")
        assert answer.is_success or answer.json()["code"] == "not_failed", answer.text

    def regenerate(self, video_id: str) -> None:
        """Request a new transcript; `transcription_in_progress` is fine, since the first answer may have been lost."""
        answer = self._call("POST", f"/{video_id}/transcript/regenerate")
        assert answer.is_success or answer.json()["code"] == "transcription_in_progress", answer.text

    def choose_poster(self, video_id: str, time_s: float) -> None:
        """Choose the frame at this time as the poster; a repetition changes nothing while the poster is being made."""
        answer = self._call("PUT", f"/{video_id}/poster", json={"time_s": time_s})
        assert answer.is_success, answer.text

    def caption(self, video_id: str, captions: str) -> None:
        """Upload captions; a video that is not processed yet, or is just being processed, may refuse them."""
        headers = {**self._headers, "Content-Type": "text/vtt"}
        url = self._at(f"/{video_id}/transcript.vtt")
        answer = self._until_answered("PUT", url, headers=headers, content=captions)
        assert answer.is_success or answer.status_code == HTTPStatus.CONFLICT, answer.text

    def delete(self, video_id: str) -> None:
        """Delete the video; one that no longer exists is fine, since the first answer may have been lost."""
        self._call("DELETE", f"/{video_id}")

    def _send_form(self, clip: Path) -> httpx.Response:
        headers = {**self._headers, "Idempotency-Key": str(uuid4())}
        files = {"file": ("clip.mp4", clip.read_bytes(), "video/mp4")}
        return self._until_answered("POST", self._at("/upload"), headers=headers, files=files)

    def _put(self, url: str, headers: dict[str, str], content: bytes) -> None:
        answer = self._until_answered("PUT", url, headers=headers, content=content)
        assert answer.is_success, answer.text

    def _at(self, path: str) -> str:
        return f"{self._url}/api/videos{path}"

    def _call(self, method: str, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401 (httpx's own options)
        return self._until_answered(method, self._at(path), headers=self._headers, **options)

    def _until_answered(self, method: str, url: str, **options: Any) -> httpx.Response:  # noqa: ANN401 (httpx's own options)
        deadline = monotonic() + self._patience_s
        while monotonic() < deadline:
            try:
                answer = self._http.request(method, url, **options)
            except httpx.HTTPError:
                self._on_trouble()
            else:
                if answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                    return answer
            sleep(0.05)
        raise TimeoutError(f"{method} {httpx.URL(url).path} got no answer in time")
