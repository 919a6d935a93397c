"""The deprecated upload through the API, with every kind of database and bucket."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from entrypoints.config.settings import Settings
from entrypoints.config.uploads import UploadSettings
from tests.integration.http.test_metrics import scraped
from tests.integration.http.test_steps import status_and_code
from tests.integration.http_fixtures import CONTENT, PROBLEM, SMALL_PARTS, THREE_PARTS, Api, WorldApi, world_api

pytestmark = pytest.mark.anyio

PATH = "/api/videos/upload"
KEY = {"Idempotency-Key": "form 1"}


async def sent(
    api: Api, content: bytes = CONTENT, filename: str = "clip.mp4", headers: dict[str, str] | None = None
) -> httpx.Response:
    """Send a form with one file."""
    return await api.http.post(PATH, files={"file": (filename, content, "video/mp4")}, headers=headers)


@pytest.mark.parametrize("content", [CONTENT, THREE_PARTS], ids=["one part", "three parts"])
async def test_a_file_in_a_form_is_accepted(each_api: Api, content: bytes) -> None:
    """201 as a completed upload; the process job exists, and the bucket has the file."""
    answer = await sent(each_api, content)
    body = answer.json()
    assert answer.status_code == httpx.codes.CREATED, answer.text
    assert body == {
        "video_id": body["video_id"],
        "status": "uploaded",
        "status_url": f"/api/videos/{body['video_id']}/status",
        "r2_key": f"videos/ada/{body['video_id']}.mp4",
    }
    assert await each_api.process_jobs(body["video_id"]) == 1
    described = (await each_api.upload(body["video_id"])).json()
    assert (described["status"], described["received_bytes"]) == ("uploaded", len(content))
    shown = (await each_api.http.get(f"/api/videos/{body['video_id']}")).json()
    assert (shown["filename"], shown["size_bytes"], shown["content_type"]) == ("clip.mp4", len(content), "video/mp4")


async def test_every_response_announces_the_sunset(each_api: Api) -> None:
    """RFC 9745 and RFC 8594; also error responses and those to unauthenticated clients."""
    answers = [
        await sent(each_api),
        await sent(each_api, filename="clip.exe"),
        await each_api.http.post(PATH, files={"file": ("a.mp4", b"x")}, headers={"Authorization": ""}),
    ]
    assert [answer.status_code for answer in answers] == [201, 422, 401]
    for answer in answers:
        assert datetime.fromtimestamp(int(answer.headers["deprecation"].removeprefix("@")), UTC).date().year == 2026
        assert parsedate_to_datetime(answer.headers["sunset"]).date() == date(2027, 6, 30)
        assert answer.headers["link"] == '</api/videos/upload/presigned>; rel="successor-version"'


async def test_a_repeated_form_is_not_taken_twice(each_api: Api) -> None:
    """With the same key, the repetition gets the first response."""
    first, second = await sent(each_api, headers=KEY), await sent(each_api, headers=KEY)
    assert (first.status_code, second.status_code, first.content) == (201, 201, second.content)
    assert second.headers["idempotency-replayed"] == "true"
    assert await each_api.shown_videos() == [first.json()["video_id"]]
    assert status_and_code(await sent(each_api, filename="other.mp4", headers=KEY)) == (422, "idempotency_key_reused")


@dataclass(frozen=True)
class Form:
    """A form that must be rejected, and the expected error."""

    status: int
    code: str
    content: bytes
    headers: dict[str, str]


def form(status: int, code: str, *fields: tuple[str, bytes], end: bytes = b"--b--\r\n") -> Form:
    """A form with these fields, each with the parameters of its header."""
    body = b"".join(
        b"--b\r\nContent-Disposition: form-data; " + name.encode() + b"\r\n\r\n" + content + b"\r\n"
        for name, content in fields
    )
    return Form(status, code, body + end, {"Content-Type": "multipart/form-data; boundary=b"})


FILE = ('name="file"; filename="clip.mp4"', CONTENT)
FORMS = {
    "no form": Form(400, "invalid_form", b"x", {"Content-Type": "text/plain"}),
    "JSON": Form(400, "invalid_form", b"{}", {"Content-Type": "application/json"}),
    "no boundary": Form(400, "invalid_form", b"x", {"Content-Type": "multipart/form-data"}),
    "nothing": Form(400, "invalid_form", b"", {"Content-Type": "multipart/form-data; boundary=b"}),
    "no field": form(400, "missing_file"),
    "another field": form(400, "missing_file", ('name="other"; filename="clip.mp4"', CONTENT)),
    "no filename": form(400, "missing_file", ('name="file"', CONTENT)),
    "two files": form(400, "several_files", FILE, FILE),
    "a form that breaks off": form(400, "invalid_form", FILE, end=b""),
    "an empty file": form(422, "invalid_file_size", ('name="file"; filename="clip.mp4"', b"")),
    "no video": form(422, "not_a_video", ('name="file"; filename="clip.mp4"', b"words, words, words")),
    "a path": form(422, "invalid_filename", ('name="file"; filename="../../clip.mp4"', CONTENT)),
    "a wrong extension": form(422, "unsupported_extension", ('name="file"; filename="clip.exe"', CONTENT)),
    "a wrong type": form(
        415, "unsupported_content_type", ('name="file"; filename="clip.mp4"\r\nContent-Type: text/html', CONTENT)
    ),
}


@pytest.mark.parametrize(
    ("named", "extension"),
    [
        ('filename="blob"\r\nContent-Type: video/webm', ".webm"),
        ('filename="TAPE.MTS"\r\nContent-Type: text/vnd.trolltech.linguist', ".mts"),
        ('filename="clip.mov"\r\nContent-Type: application/octet-stream;charset=UTF-8', ".mov"),
        ('filename="clip.mp4"', ".mp4"),
    ],
)
async def test_the_type_of_a_part_is_advice(each_api: Api, named: str, extension: str) -> None:
    """Browsers and scripts declare a type, a wrong one or none."""
    sent_form = form(201, "", (f'name="file"; {named}', CONTENT))
    answer = await each_api.http.post(PATH, content=sent_form.content, headers=sent_form.headers)
    assert answer.status_code == httpx.codes.CREATED, answer.text
    assert answer.json()["r2_key"].endswith(extension)


@pytest.mark.parametrize("name", FORMS)
async def test_a_bad_form_is_refused(each_api: Api, name: str) -> None:
    """No video is visible or playable, and nothing is left in the bucket."""
    bad = FORMS[name]
    answer = await each_api.http.post(PATH, content=bad.content, headers=bad.headers)
    assert status_and_code(answer) == (bad.status, bad.code)
    assert answer.headers["connection"] == "close"
    for video_id in await each_api.shown_videos():
        assert (await each_api.status(video_id))["failure"]["code"] == "upload_failed"
        assert await each_api.process_jobs(video_id) == 0


async def test_a_form_must_say_how_long_it_is(each_api: Api) -> None:
    """411: a form without a length is not read."""

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 1024

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    before = await each_api.remembered()
    assert status_and_code(await each_api.http.post(PATH, content=endless(), headers=headers)) == (
        411,
        "length_required",
    )
    assert await each_api.remembered() == before


async def test_a_key_can_be_used_again_after_a_broken_form(each_api: Api) -> None:
    """The interrupted upload releases its key."""
    broken = form(400, "invalid_form", ('name="file"; filename="clip.mp4"', THREE_PARTS), end=b"")
    answer = await each_api.http.post(PATH, content=broken.content, headers={**broken.headers, **KEY})
    assert status_and_code(answer) == (400, "invalid_form")
    assert (await sent(each_api, headers=KEY)).status_code == httpx.codes.CREATED


async def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """413 by the length of the form; a file at the limit is accepted."""
    settings = replace(SMALL_PARTS, uploads=replace(SMALL_PARTS.uploads, max_upload_bytes=len(CONTENT)))
    async with world_api(tmp_path, settings=settings) as api:
        assert (await sent(api)).status_code == httpx.codes.CREATED
        assert status_and_code(await sent(api, CONTENT + b"x")) == (413, "file_too_large")
        assert status_and_code(await sent(api, CONTENT + b"x" * 100_000)) == (413, "file_too_large")


async def test_the_operator_may_turn_it_off(tmp_path: Path) -> None:
    """410 names the route to use instead."""
    async with world_api(tmp_path, settings=Settings(uploads=UploadSettings(proxied_upload=False))) as api:
        answer = await sent(api)
        assert status_and_code(answer) == (410, "proxied_upload_off")
        assert "/api/videos/upload/presigned" in answer.json()["detail"]
        assert await api.shown_videos() == []


async def test_the_operator_says_when_it_ends(tmp_path: Path) -> None:
    """The sunset date is a setting."""
    async with world_api(
        tmp_path, settings=Settings(uploads=UploadSettings(proxied_upload_sunset=date(2028, 2, 29)))
    ) as api:
        answer = await sent(api)
    assert answer.headers["sunset"] == "Tue, 29 Feb 2028 00:00:00 GMT"


async def test_its_use_is_counted(api: WorldApi) -> None:
    """By outcome and in bytes, so that the operator knows whether clients still use it."""
    await sent(api)
    await sent(api, filename="clip.exe")
    api.world.multipart.fail_next("upload_part")
    broken = await sent(api)
    assert (broken.status_code, broken.headers["content-type"]) == (httpx.codes.SERVICE_UNAVAILABLE, PROBLEM)
    samples = await scraped(api.http)
    outcomes = [samples[f"telecine_proxied_uploads_total,{name}"] for name in ("accepted", "refused", "broken")]
    assert outcomes == [1, 1, 1]
    assert samples["telecine_proxied_upload_bytes_total"] > 2 * len(CONTENT)


async def test_a_form_upload_is_processed(api: WorldApi) -> None:
    """Like any other upload."""
    video_id = (await sent(api)).json()["video_id"]
    await api.world.run_jobs()
    assert (await api.status(video_id))["status"] == "completed"


async def test_fifty_forms_at_once_under_one_key_make_one_video(each_api: Api) -> None:
    """The others get 409, the first response, or 503 for too many uploads."""
    answers = await asyncio.gather(*(sent(each_api, headers=KEY) for _ in range(50)))
    made = {answer.content for answer in answers if answer.status_code == HTTPStatus.CREATED}
    refused = {status_and_code(answer) for answer in answers if answer.status_code != HTTPStatus.CREATED}
    assert len(made) == 1
    assert refused <= {(409, "idempotency_key_in_use"), (503, "unavailable")}
    assert len(await each_api.shown_videos()) == 1
