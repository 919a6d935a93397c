"""A Telecine and its bucket in this process, as httpx clients see them, with configurable faults."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import httpx

from domain.model.uploads.multipart import MIN_PART_BYTES, PartPlan

URL = "http://telecine.test"
BUCKET_URL = "http://bucket.test"
FIRST_URLS = 2

Fault = Callable[[httpx.Request], httpx.Response]
"""What happens instead of an answer: another one, or an error of httpx."""


def answers(status: int, content: str = "", *, retry_after: str | None = None, media_type: str = "text/xml") -> Fault:
    """A fault: another response than the regular one."""
    headers = {"content-type": media_type} | ({} if retry_after is None else {"retry-after": retry_after})

    def fault(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, headers=headers, content=content)

    return fault


def problem(status: int, code: str, *, retry_after: str | None = None) -> Fault:
    """A problem document of the API."""
    content = json.dumps({"code": code, "detail": "No."})
    return answers(status, content, retry_after=retry_after, media_type="application/problem+json")


def breaks(error: type[httpx.TransportError]) -> Fault:
    """A fault: no response."""

    def fault(request: httpx.Request) -> httpx.Response:
        raise error("made up", request=request)

    return fault


@dataclass
class Order:
    """Faults for the next `times` matching calls; with `is_late`, the call still has its effect."""

    pattern: str
    fault: Fault
    times: int
    is_late: bool

    def takes(self, call: str) -> bool:
        """Whether this call is one of them; it is counted."""
        is_taken = self.times > 0 and re.fullmatch(self.pattern, call) is not None
        self.times -= is_taken
        return is_taken


@dataclass
class Upload:
    """One upload, as the server stores it."""

    size_bytes: int
    plan: PartPlan | None
    status: str = "uploading"
    parts: dict[int, bytes] = field(default_factory=dict[int, bytes])

    @property
    def content(self) -> bytes:
        """The bytes that have arrived."""
        return b"".join(self.parts[number] for number in sorted(self.parts))

    @property
    def missing(self) -> list[int]:
        """The parts that have not arrived."""
        if self.plan is None or self.status != "uploading":
            return []
        return [number for number in self.plan.numbers if number not in self.parts]


@dataclass
class UploadServer:
    """Accepts uploads; each URL of its bucket is valid for one PUT."""

    uploads: dict[str, Upload] = field(default_factory=dict[str, Upload])
    calls: list[str] = field(default_factory=list[str])
    headers: list[tuple[str, httpx.Headers]] = field(default_factory=list[tuple[str, httpx.Headers]])
    filenames: list[str] = field(default_factory=list[str])
    keys: dict[str, str] = field(default_factory=dict[str, str])
    _orders: list[Order] = field(default_factory=list[Order])
    _signed: set[str] = field(default_factory=set[str])
    _lock: Lock = field(default_factory=Lock)

    def order(self, pattern: str, fault: Fault, *, times: int = 1, is_late: bool = False) -> None:
        """Make the next matching calls fail."""
        self._orders.append(Order(pattern, fault, times, is_late))

    def count(self, pattern: str) -> int:
        """The number of matching calls."""
        return sum(re.fullmatch(pattern, call) is not None for call in self.calls)

    @property
    def upload(self) -> Upload:
        """The only upload."""
        (upload,) = self.uploads.values()
        return upload

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Respond to a call."""
        call = f"{request.method} {request.url.path}"
        with self._lock:
            order = next((order for order in self._orders if order.takes(call)), None)
            self.calls.append(call)
            self.headers.append((call, request.headers))
        request.read()
        if order is not None and not order.is_late:
            return order.fault(request)
        with self._lock:
            answer = self._put(request) if request.method == "PUT" else self._answer(request)
        return answer if order is None else order.fault(request)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/videos/")
        if path == "upload/presigned":
            return self._create(request)
        video_id, _, action = path.partition("/")
        if video_id not in self.uploads:
            return problem(404, "video_not_found")(request)
        if request.method == "POST":
            return self._change(video_id, action, request)
        if request.method == "DELETE":
            self.uploads[video_id].status = "failed"
        return httpx.Response(200, json=self._progress(video_id, self.uploads[video_id]))

    def _change(self, video_id: str, action: str, request: httpx.Request) -> httpx.Response:
        upload = self.uploads[video_id]
        if upload.status == "failed":
            return problem(409, "upload_closed")(request)
        if action == "upload/complete":
            return self._complete(video_id, upload, request)
        numbers: list[int] = json.loads(request.content)["part_numbers"] if action == "upload/parts" else []
        return httpx.Response(200, json=self._grant(video_id, upload, numbers))

    def _create(self, request: httpx.Request) -> httpx.Response:
        key = request.headers["idempotency-key"]
        if key not in self.keys:
            body = json.loads(request.content)
            self.filenames.append(body["filename"])
            video_id = self.keys[key] = f"video-{len(self.uploads) + 1}"
            is_multipart = body["strategy"] == "multipart"
            plan = PartPlan(body["file_size"], MIN_PART_BYTES) if is_multipart else None
            self.uploads[video_id] = Upload(body["file_size"], plan)
        video_id = self.keys[key]
        upload = self.uploads[video_id]
        numbers = [] if upload.plan is None else list(upload.plan.numbers)[:FIRST_URLS]
        return httpx.Response(201, json=self._grant(video_id, upload, numbers))

    def _grant(self, video_id: str, upload: Upload, numbers: list[int]) -> dict[str, Any]:
        plan = upload.plan
        return {
            "video_id": video_id,
            "strategy": "single" if plan is None else "multipart",
            "upload_url": self._url(video_id, 0) if plan is None else None,
            "headers": {},
            "part_size": None if plan is None else plan.part_bytes,
            "expires_in": 3600,
            "parts": [{"part_number": n, "url": self._url(video_id, n), "headers": {}} for n in numbers],
        }

    def _url(self, video_id: str, number: int) -> str:
        url = f"{BUCKET_URL}/{video_id}/{number}?signature={len(self._signed)}"
        self._signed.add(url)
        return url

    def _put(self, request: httpx.Request) -> httpx.Response:
        url = str(request.url)
        if url not in self._signed:
            return answers(403)(request)
        self._signed.remove(url)
        self._signed.add(f"used {url}")
        video_id, number = request.url.path.strip("/").split("/")
        self.uploads[video_id].parts[int(number)] = request.content
        return httpx.Response(200)

    def _progress(self, video_id: str, upload: Upload) -> dict[str, Any]:
        plan = upload.plan
        return {
            "video_id": video_id,
            "status": upload.status,
            "strategy": "single" if plan is None else "multipart",
            "file_size": upload.size_bytes,
            "received_bytes": 0 if upload.status == "failed" else len(upload.content),
            "missing_parts": upload.missing,
            "part_size": None if plan is None else plan.part_bytes,
        }

    def _complete(self, video_id: str, upload: Upload, request: httpx.Request) -> httpx.Response:
        if len(upload.content) != upload.size_bytes:
            return problem(400, "upload_incomplete")(request)
        upload.status = "uploaded"
        return httpx.Response(200, json={"video_id": video_id, "status": "uploaded"})
