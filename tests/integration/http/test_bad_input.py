"""Invalid input over HTTP: always a 4xx problem with a stable code, and nothing is written."""

import base64
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from domain.model.ids import VideoId
from domain.model.videos.listing import NEWEST_FIRST, ListPosition
from entrypoints.http.app import MAX_JSON_BYTES
from tests.integration.http_fixtures import BOB, CONTENT, PRESIGNED, PROBLEM, Api, WorldApi, embedded_api

pytestmark = pytest.mark.anyio

JSON = {"Content-Type": "application/json"}
GOOD: dict[str, Any] = {"filename": "clip.mp4", "file_size": 1000, "content_type": "video/mp4"}


@dataclass(frozen=True)
class Case:
    """A request that must be rejected, and the expected error."""

    name: str
    status: int
    code: str
    method: str = "POST"
    path: str = PRESIGNED
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict[str, str])

    async def check(self, api: Api) -> None:
        """Send it; it must be rejected, and nothing may be written."""
        before = await api.remembered()
        answer = await api.http.request(self.method, self.path, content=self.content, headers=self.headers)
        actual = (answer.status_code, answer.headers["content-type"])
        assert actual == (self.status, PROBLEM), (self.name, answer.text)
        problem = answer.json()
        assert problem == {
            "type": f"urn:telecine:problem:{self.code}",
            "title": problem["title"],
            "status": self.status,
            "detail": problem["detail"],
            "code": self.code,
        }, self.name
        assert problem["detail"]
        assert await api.remembered() == before, self.name


def declared(name: str, status: int, code: str, **fields: object) -> Case:
    """A declaration that is valid except for these fields."""
    return Case(name, status, code, content=json.dumps({**GOOD, **fields}).encode(), headers=JSON)


def raw(name: str, status: int, code: str, content: bytes, content_type: str = "application/json") -> Case:
    """A body, sent unchanged."""
    return Case(name, status, code, content=content, headers={"Content-Type": content_type})


def listed(name: str, code: str, query: str) -> Case:
    """A list request with this query."""
    return Case(name, 400, code, "GET", f"/api/videos?{query}")


def cursor(plain: str) -> str:
    """A forged cursor."""
    return "cursor=" + base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def with_size(size: bytes) -> bytes:
    """A declaration with this text as its size."""
    return b'{"filename":"clip.mp4","file_size":' + size + b',"content_type":"video/mp4"}'


FILENAMES = [
    declared("a path upwards", 422, "invalid_filename", filename="../clip.mp4"),
    declared("../../x", 422, "invalid_filename", filename="../../x"),
    declared("NUL alone", 422, "invalid_filename", filename="\0"),
    raw("NUL as \\u0000", 422, "invalid_filename", b'{"filename":"\\u0000.mp4","file_size":5,"content_type":""}'),
    declared("a path on Windows", 422, "invalid_filename", filename="..\\clip.mp4"),
    declared("NUL", 422, "invalid_filename", filename="clip\0.mp4"),
    declared("CRLF", 422, "invalid_filename", filename="clip\r\nX: y.mp4"),
    declared("text that runs backwards", 422, "invalid_filename", filename="clip\u202e4pm.mp4"),
    declared("a C1 control", 422, "invalid_filename", filename="clip\x85.mp4"),
    declared("a line separator", 422, "invalid_filename", filename="clip\u2028.mp4"),
    declared("a byte order mark", 422, "invalid_filename", filename="\ufeffclip.mp4"),
    declared("4 KiB", 422, "invalid_filename", filename="a" * 4096 + ".mp4"),
    declared("256 characters", 422, "invalid_filename", filename="a" * 252 + ".mp4"),
    declared("an empty name", 422, "invalid_filename", filename=""),
    declared("an extension alone", 422, "unsupported_extension", filename=".mp4"),
    declared("no extension and no type", 422, "unsupported_extension", filename="mp4", content_type=""),
    declared("no extension and an unknown type", 422, "unsupported_extension", filename="mp4", content_type="a/b"),
    declared("a wrong extension", 422, "unsupported_extension", filename="clip.exe"),
    declared("a second extension", 422, "unsupported_extension", filename="clip.mp4.exe"),
    declared("a trailing dot", 422, "unsupported_extension", filename="clip.mp4."),
    declared("a trailing space", 422, "unsupported_extension", filename="clip.mp4 "),
    declared("a number for a name", 400, "invalid_request", filename=5),
    raw("half a surrogate pair", 400, "invalid_request", b'{"filename":"\\ud800.mp4","file_size":5,"content_type":""}'),
    raw("the other half", 400, "invalid_request", b'{"filename":"\\udc00.mp4","file_size":5,"content_type":""}'),
]
TYPES = [
    declared("a wrong type", 415, "unsupported_content_type", content_type="text/html"),
    declared("an image", 415, "unsupported_content_type", content_type="image/svg+xml"),
    declared("a wrong type with parameters", 415, "unsupported_content_type", content_type="text/html; charset=x"),
    declared("parameters with CRLF", 415, "unsupported_content_type", content_type="video/mp4;a=b\r\nX-Evil: 1"),
    declared("parameters with NUL", 415, "unsupported_content_type", content_type="video/mp4;a=\0"),
    declared("parameters beyond ASCII", 415, "unsupported_content_type", content_type="video/mp4;a=\u00e9"),
    declared("4 KiB of parameters", 415, "unsupported_content_type", content_type="video/mp4;a=" + "b" * 4096),
    declared("a type with CRLF", 415, "unsupported_content_type", content_type="video/mp4\r\nX-Evil: 1"),
    declared("a type with a newline", 415, "unsupported_content_type", content_type="video/mp4\n"),
    declared("a type with a Kelvin sign", 415, "unsupported_content_type", content_type="video/x-matros\u212aa"),
    declared("a number for a type", 400, "invalid_request", content_type=5),
]
SIZES = [
    declared("size 0", 422, "invalid_file_size", file_size=0),
    declared("size -1", 422, "invalid_file_size", file_size=-1),
    declared("size -2**63 - 1", 422, "invalid_file_size", file_size=-(2**63) - 1),
    declared("over the limit", 413, "file_too_large", file_size=10 * 1024**3 + 1),
    declared("more than one PUT takes", 413, "file_too_large_for_single_put", file_size=5 * 1024**3 + 1),
    declared("size 2**63 - 1", 413, "file_too_large", file_size=2**63 - 1),
    declared("size 2**63", 413, "file_too_large", file_size=2**63),
    declared("size 10**30", 413, "file_too_large", file_size=10**30),
    declared("size as text", 400, "invalid_request", file_size="5"),
    declared("size true", 400, "invalid_request", file_size=True),
    declared("size null", 422, "invalid_file_size", file_size=None),
    declared("size as a list", 400, "invalid_request", file_size=[5]),
    raw("size 1e9", 400, "invalid_request", with_size(b"1e9")),
    raw("size 1.5", 400, "invalid_request", with_size(b"1.5")),
    raw("size 1e400", 400, "invalid_request", with_size(b"1e400")),
    raw("size NaN", 400, "invalid_request", with_size(b"NaN")),
    raw("a size of 6000 digits", 400, "invalid_request", with_size(b"9" * 6000)),
]
BODIES = [
    raw("a missing field", 422, "invalid_file_size", b'{"filename":"clip.mp4","content_type":"video/mp4"}'),
    declared("an unknown field", 400, "invalid_request", key="videos/bob/clip.mp4"),
    raw("wrong JSON", 400, "invalid_request", b'{"filename":'),
    raw("two documents", 400, "invalid_request", json.dumps(GOOD).encode() * 2),
    raw("a byte order mark", 400, "invalid_request", b"\xef\xbb\xbf" + json.dumps(GOOD).encode()),
    raw("UTF-16", 400, "invalid_request", json.dumps(GOOD).encode("utf-16")),
    raw("not UTF-8", 400, "invalid_request", b'{"filename":"\xff.mp4","file_size":5,"content_type":""}'),
    raw("a field's name not UTF-8", 400, "invalid_request", b'{"\xff":5}'),
    raw("a list", 400, "invalid_request", json.dumps([GOOD]).encode()),
    raw("a text", 400, "invalid_request", b'"clip.mp4"'),
    raw("null", 400, "invalid_request", b"null"),
    raw("nothing", 400, "invalid_request", b""),
    raw("spaces", 400, "invalid_request", b"   "),
    raw("deep lists", 400, "invalid_request", b"[" * 60_000),
    raw("a deep field", 400, "invalid_request", b'{"filename":' + b"[" * 30_000 + b"]" * 30_000 + b"}"),
    raw("a deep unknown field", 400, "invalid_request", b'{"x":' + b'{"x":' * 10_000),
    raw("a field twice", 400, "invalid_request", b'{"file_size":5,' + json.dumps(GOOD).encode()[1:]),
    raw(
        "a field twice, once escaped", 400, "invalid_request", b'{"file_\\u0073ize":5,' + json.dumps(GOOD).encode()[1:]
    ),
    declared("an unknown strategy", 400, "invalid_request", strategy="fast"),
    declared("null for a strategy", 400, "invalid_request", strategy=None),
    raw("a depth of 10,000", 400, "invalid_request", b'{"filename":' + b"[" * 10_000 + b"]" * 10_000 + b"}"),
    raw("10 MB", 413, "body_too_large", b'{"filename":"' + b"a" * 10_000_000 + b'"}'),
    raw("over 64 KiB", 413, "body_too_large", b" " * (MAX_JSON_BYTES + 1)),
    raw("1 MiB", 413, "body_too_large", b"x" * 1024**2),
    raw("plain text", 415, "unsupported_media_type", json.dumps(GOOD).encode(), "text/plain"),
    raw("a form", 415, "unsupported_media_type", b"filename=clip.mp4", "application/x-www-form-urlencoded"),
    raw("a multipart form", 415, "unsupported_media_type", b"--x--", "multipart/form-data; boundary=x"),
    raw("a type that is none", 415, "unsupported_media_type", json.dumps(GOOD).encode(), "garbage"),
]
ROUTES = [
    Case("a wrong method", 405, "method_not_allowed", "PUT"),
    Case("POST on the list", 405, "method_not_allowed", "POST", "/api/videos"),
    Case("POST on health", 405, "method_not_allowed", "POST", "/health/live"),
    Case("an unknown path", 404, "route_not_found", "GET", "/nowhere"),
    Case("an unknown path below a video", 404, "route_not_found", "GET", "/api/videos/x/nowhere"),
]
LISTS = [
    listed("limit 0", "invalid_limit", "limit=0"),
    listed("limit -1", "invalid_limit", "limit=-1"),
    listed("limit 10**9", "invalid_limit", "limit=1000000000"),
    listed("limit 101", "invalid_limit", "limit=101"),
    listed("a limit of 30 digits", "invalid_limit", "limit=" + "9" * 30),
    listed("limit abc", "invalid_request", "limit=abc"),
    listed("an empty limit", "invalid_request", "limit="),
    listed("half a limit", "invalid_request", "limit=1.5"),
    listed("null for a cursor", "invalid_cursor", "cursor=null"),
    listed("null for a limit", "invalid_request", "limit=null"),
    listed("a cursor of words", "invalid_cursor", "cursor=zzz"),
    listed("an empty cursor", "invalid_cursor", "cursor="),
    listed("a cursor of NUL", "invalid_cursor", "cursor=%00"),
    listed("a cursor not UTF-8", "invalid_cursor", "cursor=%ff"),
    listed("a long cursor", "invalid_cursor", "cursor=" + "A" * 8000),
    listed("a cursor without a time", "invalid_cursor", cursor("clip")),
    listed("a cursor without an offset", "invalid_cursor", cursor("2026-01-01T00:00:00 x")),
    listed("a cursor outside of the calendar", "invalid_cursor", cursor("0001-01-01T00:00:00+14:00 x")),
    listed("a cursor without an id", "invalid_cursor", cursor("2026-01-01T00:00:00+00:00 ")),
    listed("null for a status", "invalid_request", "status=null"),
    listed("an unknown status", "invalid_request", "status=gone"),
    listed("an empty status", "invalid_request", "status="),
]
CASES = [*FILENAMES, *TYPES, *SIZES, *BODIES, *ROUTES, *LISTS]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_bad_input_is_refused(api: WorldApi, case: Case) -> None:
    """One problem document with a stable code; no row, no job, no object."""
    await case.check(api)


async def test_bad_input_reaches_no_database_and_no_bucket(each_api: Api) -> None:
    """With each kind of database and bucket."""
    await each_api.grant()
    for case in CASES:
        await case.check(each_api)


async def test_a_cut_cursor_is_refused(each_api: Api) -> None:
    """A truncated cursor is rejected, unless only padding is missing."""
    for _ in range(2):
        await each_api.grant()
    whole = (await each_api.http.get("/api/videos?limit=1")).json()["next_cursor"]
    answers = [await each_api.http.get(f"/api/videos?cursor={whole[:length]}") for length in range(36)]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(400, "invalid_cursor")}


async def test_anothers_cursor_shows_nothing_of_theirs(each_api: Api) -> None:
    """It is a position in time, from which the list shows one's own videos."""
    mine = (await each_api.grant())["video_id"]
    bob = each_api.speaking_for(BOB)
    for _ in range(2):
        await each_api.grant(headers=bob)
    foreign = (await each_api.http.get("/api/videos?limit=1", headers=bob)).json()["next_cursor"]
    page = (await each_api.http.get(f"/api/videos?cursor={foreign}")).json()
    assert [video["video_id"] for video in page["items"]] == [mine]


EDGES: dict[str, dict[str, Any]] = {
    "one byte": {"file_size": 1},
    "an option": {"filename": "-i.mp4"},
    "%00": {"filename": "%00.mp4"},
    "the largest single PUT": {"file_size": 5 * 1024**3},
    "255 wide characters": {"filename": "\U0001f600" * 251 + ".mp4"},
    "a noncharacter": {"filename": "\uffff.mp4"},
    "a name of dots": {"filename": "....mp4"},
    "a space": {"filename": " .mp4"},
    "quotes": {"filename": "'; DROP TABLE videos; --\".mp4"},
    "a percent sign": {"filename": "100%25%00.mp4"},
    "combining marks": {"filename": "e" + "\u0301" * 200 + ".mp4"},
    "capitals": {"filename": "CLIP.MP4", "content_type": "VIDEO/MP4"},
    "a joined emoji": {"filename": "\U0001f469\u200d\U0001f680.mp4"},
    "parameters": {"filename": "recording.webm", "content_type": "video/webm;codecs=vp8,opus"},
    "255 characters of type": {"content_type": "video/mp4;a=" + "b" * 243},
    "octets": {"content_type": "application/octet-stream"},
    "a blob": {"filename": "blob", "content_type": "video/webm"},
    "a null type": {"content_type": None},
}


@pytest.mark.parametrize("fields", EDGES.values(), ids=EDGES.keys())
async def test_the_limits_of_valid_input_are_stored_and_returned(tmp_path: Path, fields: dict[str, Any]) -> None:
    """SQLite and the folder accept everything that the policy accepts."""
    declaration = {**GOOD, **fields}
    async with embedded_api(tmp_path) as api:
        granted = await api.http.post(PRESIGNED, json=declaration)
        assert granted.status_code == httpx.codes.CREATED, granted.text
        shown = (await api.http.get(f"/api/videos/{granted.json()['video_id']}")).json()
    assert (shown["filename"], shown["size_bytes"]) == (declaration["filename"], declaration["file_size"])


ADVICE: dict[str, tuple[dict[str, Any], str]] = {
    "null": ({"content_type": None}, "video/mp4"),
    "missing": ({}, "video/mp4"),
    "empty": ({"content_type": ""}, "video/mp4"),
    "octets": ({"content_type": "application/octet-stream;charset=UTF-8"}, "video/mp4"),
    "a text": ({"filename": "tape.MTS", "content_type": "text/vnd.trolltech.linguist"}, "video/mp2t"),
    "of a phone": ({"filename": "IMG.MOV", "content_type": "video/mov"}, "video/mov"),
    "of a blob": ({"filename": "blob", "content_type": "video/webm"}, "video/webm"),
    "of sound": ({"filename": "memo.3gp", "content_type": "audio/3gpp"}, "audio/3gpp"),
    "of an application": ({"content_type": "application/mp4"}, "application/mp4"),
}


@pytest.mark.parametrize(("fields", "content_type"), ADVICE.values(), ids=ADVICE.keys())
async def test_the_type_to_send_is_told(tmp_path: Path, fields: dict[str, Any], content_type: str) -> None:
    """A declared type is advice; a PUT with the type of the response is accepted."""
    declaration = {"filename": "clip.mp4", "file_size": len(CONTENT), **fields}
    async with embedded_api(tmp_path) as api:
        answer = await api.http.post(PRESIGNED, json=declaration)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        grant = answer.json()
        assert grant["headers"] == {"Content-Type": content_type}
        await api.put(grant)
        assert (await api.complete(grant["video_id"])).status_code == httpx.codes.OK


@pytest.mark.parametrize("content_type", ["video/webm;codecs=vp8,opus", 'video/webm; codecs="vp8, opus"'])
async def test_a_type_with_parameters_is_uploaded_as_declared(tmp_path: Path, content_type: str) -> None:
    """A browser's recording has a type with codecs, and the folder's signature covers it."""
    declaration = {"filename": "recording.webm", "file_size": len(CONTENT), "content_type": content_type}
    async with embedded_api(tmp_path) as api:
        grant = (await api.http.post(PRESIGNED, json=declaration)).json()
        assert grant["headers"] == {"Content-Type": content_type}
        without = await api.http.put(grant["upload_url"], content=CONTENT, headers={"Content-Type": "video/webm"})
        assert without.status_code == httpx.codes.FORBIDDEN
        await api.put(grant)
        assert (await api.complete(grant["video_id"])).status_code == httpx.codes.OK
        shown = (await api.http.get(f"/api/videos/{grant['video_id']}")).json()
    assert shown["content_type"] == content_type


@pytest.mark.parametrize(
    ("time", "video_id"), [("9999-12-31T23:59:59.999999+00:00", "~"), ("0001-01-01T00:00:00+00:00", "!")]
)
async def test_cursors_at_the_ends_of_the_calendar_work(tmp_path: Path, time: str, video_id: str) -> None:
    """A well-formed cursor is looked up, wherever it points."""
    position = ListPosition(datetime.fromisoformat(time), VideoId(video_id))
    async with embedded_api(tmp_path) as api:
        await api.grant()
        answer = await api.http.get("/api/videos", params={"cursor": NEWEST_FIRST.cursor(position)})
    assert answer.status_code == httpx.codes.OK
    assert len(answer.json()["items"]) == int(time.startswith("9999"))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{}", "invalid_request"),
        (b'{"success":1}', "invalid_request"),
        (b'{"success":"true"}', "invalid_request"),
        (b'{"success":null}', "invalid_request"),
        (b'{"success":true,"etag":"x"}', "invalid_request"),
        (b"[true]", "invalid_request"),
        (b"", "invalid_request"),
    ],
)
async def test_complete_needs_a_boolean(api: WorldApi, content: bytes, code: str) -> None:
    """Any other value changes nothing."""
    video_id = (await api.grant())["video_id"]
    path = f"/api/videos/{video_id}/upload/complete"
    await Case("complete", 400, code, path=path, content=content, headers=JSON).check(api)


async def test_a_body_of_unknown_length_is_cut_off(api: WorldApi) -> None:
    """The limit applies to the bytes received, not to the declared length."""

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 1024

    answer = await api.http.post(PRESIGNED, content=endless(), headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


async def test_a_body_may_name_its_character_set_or_nothing(api: WorldApi) -> None:
    """Some clients always add `charset=utf-8`; some send no content type."""
    content = json.dumps(GOOD).encode()
    for headers in ({"Content-Type": "application/json; charset=utf-8"}, {"Content-Type": "Application/JSON"}, {}):
        answer = await api.http.post(PRESIGNED, content=content, headers=headers)
        assert answer.status_code == httpx.codes.CREATED, headers


async def test_a_wrong_method_gets_the_allowed_ones(api: WorldApi) -> None:
    """RFC 9110, section 15.5.6."""
    answer = await api.http.put("/api/videos/x")
    assert {method.strip() for method in answer.headers["allow"].split(",")} == {"DELETE", "GET", "OPTIONS", "PATCH"}
