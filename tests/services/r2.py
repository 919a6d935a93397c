"""A strict double of R2 that runs in its own process: `python -m tests.services.r2 PORT KEY_ID SECRET INTERVAL`.

It checks every signature and has the rules that only R2 has: parts of equal size, no POST policy, one write per
key and interval, errors in the body of a 200. Its listings have small pages. `POST /-/faults` takes a JSON list of
faults, each `{operation, kind, times, status, code, after_bytes}`. Kind `status` answers with that error
and does nothing; `inside_200` does the same in the body of a 200; `lost` does the work and closes the connection
without an answer; `cut` sends `after_bytes` bytes of the answer and closes the connection. `GET /-/calls` lists the
operations since the last `POST /-/faults`.
"""

import base64
import hashlib
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, cast
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import msgspec
from aiohttp import web

from tests.services.r2_bucket import Bucket, Refusal, Stored
from tests.services.r2_signature import SignedCall, refusal_of

PAGE_SIZE = 3


class Fault(msgspec.Struct):
    """A fault for the next `times` calls of an operation."""

    operation: str
    kind: Literal["status", "inside_200", "lost", "cut"]
    times: int = 1
    status: int = 503
    code: str = "ServiceUnavailable"
    after_bytes: int = 0


@dataclass
class Answer:
    """The response to send."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict[str, str])


@dataclass
class Call:
    """A request, and its name as an S3 operation."""

    method: str
    bucket: str
    key: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def operation(self) -> str:
        """The operation's name in S3's documentation."""
        if not self.key:
            listing = "ListMultipartUploads" if "uploads" in self.query else "ListObjectsV2"
            return {"PUT": "CreateBucket", "HEAD": "HeadBucket", "GET": listing}.get(self.method, "PostPolicy")
        if "uploadId" in self.query:
            return {
                "PUT": "UploadPart",
                "GET": "ListParts",
                "POST": "CompleteMultipartUpload",
                "DELETE": "AbortMultipartUpload",
            }[self.method]
        names = {"PUT": "PutObject", "GET": "GetObject", "HEAD": "HeadObject", "DELETE": "DeleteObject"}
        return names.get(self.method, "CreateMultipartUpload")


class R2:
    """All buckets, the faults still to inject, and the operations that were called."""

    def __init__(self, keys: Mapping[str, str], write_interval_s: float) -> None:
        self.keys = keys
        self.write_interval_s = write_interval_s
        self.buckets: dict[str, Bucket] = {}
        self.faults: list[Fault] = []
        self.calls: list[str] = []

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one request, or inject the fault that applies to it."""
        body = await request.content.read()
        if request.path.startswith("/-/"):
            return self._control(request.path, body)
        call = _call_of(request, body)
        self.calls.append(call.operation)
        fault = self._fault_for(call.operation)
        if fault is not None and fault.kind in {"status", "inside_200"}:
            status = 200 if fault.kind == "inside_200" else fault.status
            return await _send(request, _error(status, fault.code), None)
        return await _send(request, self._answer(request, call), fault)

    def _answer(self, request: web.Request, call: Call) -> Answer:
        path, _, query = request.raw_path.partition("?")
        signed = SignedCall(call.method, path, query, call.headers)
        if refused := refusal_of(signed, self.keys, datetime.now(UTC)):
            return _error(*refused)
        try:
            return self._do(call)
        except Refusal as refusal:
            return _error(refusal.status, refusal.code)

    def _do(self, call: Call) -> Answer:
        if call.operation == "CreateBucket":
            self.buckets.setdefault(call.bucket, Bucket(self.write_interval_s))
            return Answer()
        if call.bucket not in self.buckets:
            raise Refusal(404, "NoSuchBucket")
        method = re.sub(r"(?<!^)(?=[A-Z])", "_", call.operation).lower()
        return cast("Answer", getattr(_Operations(self.buckets[call.bucket], call), method)())

    def _fault_for(self, operation: str) -> Fault | None:
        for fault in self.faults:
            if fault.operation == operation and fault.times > 0:
                fault.times -= 1
                return fault
        return None

    def _control(self, path: str, body: bytes) -> web.Response:
        if path == "/-/faults":
            self.faults = msgspec.json.decode(body, type=list[Fault])
            self.calls.clear()
        return web.json_response(self.calls)


class _Operations:
    """S3's operations on one bucket; each method is an operation's name in snake case."""

    def __init__(self, bucket: Bucket, call: Call) -> None:
        self.bucket = bucket
        self.call = call

    def head_bucket(self) -> Answer:
        return Answer()

    def post_policy(self) -> Answer:
        raise Refusal(501, "NotImplemented")

    def put_object(self) -> Answer:
        self._check_digest()
        content_type = self.call.headers.get("content-type", "application/octet-stream")
        return Answer(headers={"ETag": self.bucket.put(self.call.key, self.call.body, content_type).etag})

    def head_object(self) -> Answer:
        stored = self.bucket.get(self.call.key)
        return Answer(stored.content, headers=self._headers(stored))

    def get_object(self) -> Answer:
        stored = self.bucket.get(self.call.key)
        if self.call.headers.get("if-match", stored.etag) != stored.etag:
            raise Refusal(412, "PreconditionFailed")
        headers, total = self._headers(stored), len(stored.content)
        wanted = re.fullmatch(r"bytes=(\d*)-(\d*)", self.call.headers.get("range", ""))
        if not wanted:
            return Answer(stored.content, 200, headers)
        start, end = int(wanted[1] or max(0, total - int(wanted[2]))), total - 1
        if wanted[1] and wanted[2]:
            end = min(int(wanted[2]), end)
        if start > end:
            raise Refusal(416, "InvalidRange")
        headers["Content-Range"] = f"bytes {start}-{end}/{total}"
        return Answer(stored.content[start : end + 1], 206, headers)

    def delete_object(self) -> Answer:
        self.bucket.objects.pop(self.call.key, None)
        return Answer(status=204)

    def list_objects_v2(self) -> Answer:
        prefix, after = self.call.query.get("prefix", ""), self.call.query.get("continuation-token", "")
        keys = sorted(key for key in self.bucket.objects if key.startswith(prefix) and key > after)
        page = keys[: min(PAGE_SIZE, int(self.call.query.get("max-keys", PAGE_SIZE)))]
        root = _root("ListBucketResult", IsTruncated=len(page) < len(keys))
        if len(page) < len(keys):
            ET.SubElement(root, "NextContinuationToken").text = page[-1]
        for key in page:
            stored = self.bucket.objects[key]
            _child(
                root,
                "Contents",
                Key=key,
                Size=len(stored.content),
                ETag=stored.etag,
                LastModified=stored.at.isoformat(),
            )
        return _xml(root)

    def create_multipart_upload(self) -> Answer:
        content_type = self.call.headers.get("content-type", "application/octet-stream")
        return _xml(_root("InitiateMultipartUploadResult", UploadId=self.bucket.begin(self.call.key, content_type)))

    def upload_part(self) -> Answer:
        self._check_digest()
        query = self.call.query
        part = self.bucket.put_part(self.call.key, query["uploadId"], int(query["partNumber"]), self.call.body)
        return Answer(headers={"ETag": part.etag})

    def list_parts(self) -> Answer:
        parts = self.bucket.upload(self.call.key, self.call.query["uploadId"]).parts
        numbers = sorted(number for number in parts if number > int(self.call.query.get("part-number-marker", 0)))
        page = numbers[:PAGE_SIZE]
        root = _root("ListPartsResult", IsTruncated=len(page) < len(numbers), NextPartNumberMarker=max(page, default=0))
        for number in page:
            _child(root, "Part", PartNumber=number, ETag=parts[number].etag, Size=len(parts[number].content))
        return _xml(root)

    def complete_multipart_upload(self) -> Answer:
        listed = [
            (int(part.findtext("{*}PartNumber", "0")), part.findtext("{*}ETag", ""))
            for part in ET.fromstring(self.call.body).iterfind("{*}Part")  # noqa: S314 - sent by our own client
        ]
        stored = self.bucket.complete(self.call.key, self.call.query["uploadId"], listed)
        return _xml(_root("CompleteMultipartUploadResult", ETag=stored.etag))

    def abort_multipart_upload(self) -> Answer:
        self.bucket.upload(self.call.key, self.call.query["uploadId"])
        del self.bucket.uploads[self.call.query["uploadId"]]
        return Answer(status=204)

    def list_multipart_uploads(self) -> Answer:
        query = self.call.query
        after = (query.get("key-marker", ""), query.get("upload-id-marker", ""))
        found = sorted((each.key, upload_id) for upload_id, each in self.bucket.uploads.items())
        found = [each for each in found if each[0].startswith(query.get("prefix", "")) and each > after]
        page = found[:PAGE_SIZE]
        root = _root("ListMultipartUploadsResult", IsTruncated=len(page) < len(found))
        if len(page) < len(found):
            ET.SubElement(root, "NextKeyMarker").text, ET.SubElement(root, "NextUploadIdMarker").text = page[-1]
        for key, upload_id in page:
            initiated = self.bucket.uploads[upload_id].initiated_at.isoformat()
            _child(root, "Upload", Key=key, UploadId=upload_id, Initiated=initiated)
        return _xml(root)

    def _headers(self, stored: Stored) -> dict[str, str]:
        content_type = self.call.query.get("response-content-type", stored.content_type)
        headers = {"ETag": stored.etag, "Content-Type": content_type, "Accept-Ranges": "bytes"}
        named = {"Content-Disposition": "response-content-disposition", "Cache-Control": "response-cache-control"}
        given = {header: self.call.query[name] for header, name in named.items() if name in self.call.query}
        return headers | given

    def _check_digest(self) -> None:
        digest = base64.b64encode(hashlib.md5(self.call.body, usedforsecurity=False).digest()).decode()
        if self.call.headers.get("content-md5", digest) != digest:
            raise Refusal(400, "BadDigest")


def _call_of(request: web.Request, body: bytes) -> Call:
    bucket, _, key = unquote(request.raw_path.partition("?")[0]).lstrip("/").partition("/")
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Call(request.method, bucket, key, dict(request.query), headers, body)


async def _send(request: web.Request, answer: Answer, fault: Fault | None) -> web.StreamResponse:
    if fault is not None and fault.kind == "lost":
        _cut(request)
    response = web.StreamResponse(status=answer.status, headers=answer.headers)
    response.content_length = len(answer.body)
    await response.prepare(request)
    if request.method != "HEAD" and answer.body:
        await response.write(answer.body if fault is None else answer.body[: fault.after_bytes])
    if fault is not None:
        _cut(request)
    await response.write_eof()
    return response


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.close()
    raise ConnectionResetError


def _error(status: int, code: str) -> Answer:
    return _xml(_root("Error", Code=code, Message="Signed: X-Amz-Signature=canary"), status)


def _root(tag: str, **fields: object) -> ET.Element:
    root = ET.Element(tag)
    _fill(root, fields)
    return root


def _child(root: ET.Element, tag: str, **fields: object) -> None:
    _fill(ET.SubElement(root, tag), fields)


def _fill(element: ET.Element, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        ET.SubElement(element, name).text = str(value).lower() if isinstance(value, bool) else str(value)


def _xml(root: ET.Element, status: int = 200) -> Answer:
    return Answer(ET.tostring(root, xml_declaration=True), status, {"Content-Type": "application/xml"})


def main(port: str, access_key_id: str, secret_access_key: str, write_interval_s: str) -> None:
    """Serve until killed."""
    r2 = R2({access_key_id: secret_access_key}, float(write_interval_s))
    app = web.Application(client_max_size=0)
    app.router.add_route("*", "/{path:.*}", r2.serve)
    web.run_app(app, host="127.0.0.1", port=int(port), print=None, access_log=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
