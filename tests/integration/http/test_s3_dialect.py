"""Multipart uploads in the dialect of S3, as `@uppy/aws-s3` sends them."""

import re
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest

from tests.integration.http_fixtures import BOB, SMALL_PARTS, THREE_PARTS, Api, WorldApi, world_api

pytestmark = pytest.mark.anyio

XML = "application/xml"
METHODS = {"create": "POST", "list": "GET", "complete": "POST", "abort": "DELETE"}


@pytest.fixture
async def api(tmp_path: Path) -> AsyncGenerator[WorldApi]:
    """The API over fakes, with the smallest allowed parts."""
    async with world_api(tmp_path, settings=SMALL_PARTS) as opened:
        yield opened


async def ticketed_url(api: Api, video_id: str, action: str) -> str:
    """A URL for one step."""
    answer = await api.upload(video_id, "POST", "/ticket", json={"action": action})
    assert answer.status_code == httpx.codes.CREATED, answer.text
    url: str = answer.json()["url"]
    return url


async def step(api: Api, video_id: str, action: str, **request: Any) -> httpx.Response:  # noqa: ANN401 (what httpx takes)
    """Take one step without a token."""
    url = await ticketed_url(api, video_id, action)
    return await without_token(api, METHODS[action], url, **request)


async def without_token(api: Api, method: str, url: str, **request: Any) -> httpx.Response:  # noqa: ANN401 (what httpx takes)
    """Send a request as Uppy does."""
    unsent = api.http.build_request(method, url, **request)
    del unsent.headers["authorization"]
    return await api.http.send(unsent)


def read(answer: httpx.Response, *names: str) -> list[str | None]:
    """The texts of these elements of the document."""
    assert answer.headers["content-type"] == XML
    root = ET.fromstring(answer.text)  # noqa: S314 (our own answer)
    return [root.findtext(name) for name in names]


def part_numbers(answer: httpx.Response) -> list[str | None]:
    """The numbers of the listed parts."""
    return [part.findtext("PartNumber") for part in ET.fromstring(answer.text).findall("Part")]  # noqa: S314


async def test_a_preflight_without_a_ticket_is_refused(each_api: Api) -> None:
    """Litestar answers OPTIONS itself, for every path; it is no error of the server."""
    for path in ("/api/s3/x", "/api/s3/x/create", "/api/s3/x/list"):
        assert (await without_token(each_api, "OPTIONS", path)).status_code == 403


async def test_an_upload_in_the_dialect_of_s3(each_api: Api) -> None:
    """Create, parts, list, complete: the bucket is asked which parts it has, whatever list the client sends."""
    api = each_api
    grant = await api.grant(THREE_PARTS, strategy="multipart")
    video_id = grant["video_id"]
    created = await step(api, video_id, "create")
    assert created.status_code == httpx.codes.OK
    assert read(created, "UploadId", "Key") == [grant["upload_id"], video_id]
    await api.put_parts([grant["parts"][0], grant["parts"][2]], THREE_PARTS)
    listed = await step(api, video_id, "list")
    assert part_numbers(listed) == ["1", "3"]
    assert "<ETag>" in listed.text
    early = await step(api, video_id, "complete", content="<CompleteMultipartUpload></CompleteMultipartUpload>")
    assert early.status_code == httpx.codes.BAD_REQUEST
    assert read(early, "Code", "Reason") == ["InvalidPart", "upload_incomplete"]
    await api.put_parts([grant["parts"][1]], THREE_PARTS)
    completed = await step(api, video_id, "complete", content="<anything>" + "x" * 1_000_000)
    assert completed.status_code == httpx.codes.OK, completed.text
    assert read(completed, "Key", "Location") == [video_id, f"http://telecine.test{grant['status_url']}"]
    assert (await api.status(video_id))["status"] == "uploaded"
    assert await api.process_jobs(video_id) == 1


async def test_every_step_may_be_repeated(api: WorldApi) -> None:
    """On the same URL, because Uppy sends a request again whose answer was lost."""
    grant = await api.grant(THREE_PARTS, strategy="multipart")
    await api.put_parts(grant["parts"], THREE_PARTS)
    for action in ("create", "list", "complete", "list"):
        url = await ticketed_url(api, grant["video_id"], action)
        answers = [await without_token(api, METHODS[action], url) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert answers[0].text == answers[1].text
    assert await api.process_jobs(grant["video_id"]) == 1


async def test_an_abort_cancels_the_upload(api: WorldApi) -> None:
    """Repeatedly; the later steps are answered as S3 answers for an upload that is gone."""
    grant = await api.grant(THREE_PARTS, strategy="multipart")
    url = await ticketed_url(api, grant["video_id"], "abort")
    assert [(await without_token(api, "DELETE", url)).status_code for _ in range(2)] == [204, 204]
    assert (await api.status(grant["video_id"]))["failure"]["code"] == "upload_cancelled"
    for action in ("create", "list", "complete"):
        answer = await step(api, grant["video_id"], action)
        assert answer.status_code == httpx.codes.NOT_FOUND
        assert read(answer, "Code", "Reason") == ["NoSuchUpload", "upload_closed"]


async def test_a_ticket_permits_one_step_of_one_upload(api: WorldApi) -> None:
    """Not another step, not another video, no event stream, nothing after five minutes; and it names no token."""
    one, other = [(await api.grant(THREE_PARTS, strategy="multipart"))["video_id"] for _ in range(2)]
    url = await ticketed_url(api, one, "list")
    ticket = re.fullmatch(rf"/api/s3/{one}/list\?ticket=(tks_[0-9a-f]+)", url)
    assert ticket is not None
    wrong = [
        ("POST", f"/api/s3/{one}/complete?ticket={ticket[1]}"),
        ("DELETE", f"/api/s3/{one}?ticket={ticket[1]}"),
        ("GET", f"/api/s3/{other}/list?ticket={ticket[1]}"),
        ("GET", f"/api/s3/{one}/list"),
        ("GET", f"/api/s3/{one}/list?ticket=tks_0"),
        ("GET", f"/api/s3/{one}/list?ticket={'x' * 5000}"),
    ]
    for method, address in wrong:
        answer = await without_token(api, method, address)
        assert answer.status_code == httpx.codes.FORBIDDEN, address
        assert read(answer, "Code", "Reason") == ["AccessDenied", "invalid_ticket"]
        assert ticket[1] not in answer.text
    assert (await without_token(api, "GET", f"{url}&x-id=ListParts")).status_code == httpx.codes.OK
    twice = await without_token(api, "GET", f"{url}&ticket={ticket[1]}")
    assert (twice.status_code, read(twice, "Code", "Reason")) == (400, ["InvalidRequest", "repeated_parameter"])
    api.world.clock.advance(301)
    assert (await without_token(api, "GET", url)).status_code == httpx.codes.FORBIDDEN
    stream = await ticketed_url(api, one, "list")
    answer = await without_token(api, "GET", f"/api/videos/{one}/events?ticket={stream.partition('=')[2]}")
    assert answer.json()["code"] == "invalid_ticket"


async def test_a_ticket_never_outlives_the_token(api: WorldApi) -> None:
    """Tests issue tokens of ten minutes; of the last minute a ticket gets the rest."""
    grant = await api.grant(THREE_PARTS, strategy="multipart")
    api.world.clock.advance(560)
    answer = await api.upload(grant["video_id"], "POST", "/ticket", json={"action": "list"})
    assert answer.json()["expires_in"] <= 40
    api.world.clock.advance(41)
    assert (await without_token(api, "GET", answer.json()["url"])).status_code == httpx.codes.FORBIDDEN


async def test_tickets_are_issued_for_multipart_uploads_of_ones_own(api: WorldApi) -> None:
    """A single PUT has no steps, and another user's video does not exist."""
    grant = await api.grant()
    body = {"action": "list"}
    single = await api.upload(grant["video_id"], "POST", "/ticket", json=body)
    assert (single.status_code, single.json()["code"]) == (409, "not_multipart")
    foreign = await api.upload(grant["video_id"], "POST", "/ticket", json=body, headers=api.speaking_for(BOB))
    assert (foreign.status_code, foreign.json()["code"]) == (404, "video_not_found")
    unknown = await api.upload(grant["video_id"], "POST", "/ticket", json={"action": "erase"})
    assert unknown.status_code == httpx.codes.BAD_REQUEST


async def test_a_part_of_the_wrong_size_is_not_listed(api: WorldApi) -> None:
    """The client believes every listed part to be there; the bucket's URLs accept one size only, other ways do not."""
    grant = await api.grant(THREE_PARTS, strategy="multipart")
    await api.put_parts(grant["parts"], THREE_PARTS)
    (upload,) = api.world.multipart.uploads.values()
    upload.parts[2] = b"short"
    assert part_numbers(await step(api, grant["video_id"], "list")) == ["1", "3"]


async def test_an_unavailable_bucket_is_an_error_that_clients_repeat(api: WorldApi) -> None:
    """503 with `Retry-After`, without the cause."""
    grant = await api.grant(THREE_PARTS, strategy="multipart")
    api.world.multipart.fail_next("list_parts")
    answer = await step(api, grant["video_id"], "list")
    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert read(answer, "Code", "Reason") == ["ServiceUnavailable", "unavailable"]
    assert int(answer.headers["retry-after"]) > 0
