"""Multipart uploads over HTTP, with every kind of database and bucket, and the smallest allowed parts."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.integration.http.test_steps import status_and_code
from tests.integration.http_fixtures import CONTENT, PART_BYTES, THREE_PARTS, Api

pytestmark = pytest.mark.anyio


async def granted(api: Api, content: bytes = THREE_PARTS) -> dict[str, Any]:
    """A grant for a multipart upload of this content."""
    return await api.grant(content, strategy="multipart")


async def progress(api: Api, video_id: str) -> dict[str, Any]:
    """The progress of the upload."""
    answer = await api.upload(video_id)
    assert answer.status_code == httpx.codes.OK, answer.text
    described: dict[str, Any] = answer.json()
    return described


async def signed(api: Api, video_id: str, numbers: list[int]) -> list[dict[str, Any]]:
    """Fresh URLs for these parts."""
    answer = await api.upload(video_id, "POST", "/parts", json={"part_numbers": numbers})
    assert answer.status_code == httpx.codes.OK, answer.text
    body = answer.json()
    assert (body["video_id"], body["expires_in"]) == (video_id, 3600)
    parts: list[dict[str, Any]] = body["parts"]
    assert [part["part_number"] for part in parts] == numbers
    return parts


async def test_the_plan_comes_with_the_grant(each_api: Api) -> None:
    """Equal parts except the last, each with its size and URL; there is no URL for the whole file."""
    grant = await granted(each_api)
    assert (grant["strategy"], grant["part_size"], grant["part_count"]) == ("multipart", PART_BYTES, 3)
    assert grant["upload_id"]
    assert (grant["upload_url"], grant["headers"]) == (None, {})
    assert [part["part_number"] for part in grant["parts"]] == [1, 2, 3]
    assert [part["size"] for part in grant["parts"]] == [PART_BYTES, PART_BYTES, 1000]


async def test_three_parts_become_one_video(each_api: Api) -> None:
    """In any order, and without ETags from the client."""
    grant = await granted(each_api)
    await each_api.put_parts(grant["parts"][::-1], THREE_PARTS)
    answer = await each_api.complete(grant["video_id"])
    assert (answer.status_code, answer.json()["status"]) == (httpx.codes.OK, "uploaded")
    assert await each_api.process_jobs(grant["video_id"]) == 1
    described = await progress(each_api, grant["video_id"])
    assert (described["status"], described["received_bytes"]) == ("uploaded", len(THREE_PARTS))
    assert (described["received_parts"], described["missing_parts"]) == ([1, 2, 3], [])


async def test_a_small_video_is_one_part(each_api: Api) -> None:
    """If the client requests parts, it gets them."""
    grant = await granted(each_api, CONTENT)
    assert [(part["part_number"], part["size"]) for part in grant["parts"]] == [(1, len(CONTENT))]
    await each_api.put_parts(grant["parts"], CONTENT)
    assert (await each_api.complete(grant["video_id"])).status_code == httpx.codes.OK


async def test_another_device_resumes_with_the_id_alone(each_api: Api) -> None:
    """Only the missing parts are signed and sent."""
    grant = await granted(each_api)
    fresh = await progress(each_api, grant["video_id"])
    assert (fresh["received_bytes"], fresh["missing_parts"]) == (0, [1, 2, 3])
    await each_api.put_parts([grant["parts"][1]], THREE_PARTS)
    described = await progress(each_api, grant["video_id"])
    assert (described["strategy"], described["file_size"]) == ("multipart", len(THREE_PARTS))
    assert (described["part_size"], described["part_count"]) == (PART_BYTES, 3)
    assert (described["received_bytes"], described["received_parts"]) == (PART_BYTES, [2])
    await each_api.put_parts(await signed(each_api, grant["video_id"], described["missing_parts"]), THREE_PARTS)
    assert (await progress(each_api, grant["video_id"]))["missing_parts"] == []
    assert (await each_api.complete(grant["video_id"])).status_code == httpx.codes.OK


async def test_missing_parts_are_named(each_api: Api) -> None:
    """400 while parts are missing; nothing changes, and the rest may follow."""
    grant = await granted(each_api)
    await each_api.put_parts([grant["parts"][0]], THREE_PARTS)
    before = await each_api.remembered()
    answer = await each_api.complete(grant["video_id"])
    assert status_and_code(answer) == (400, "upload_incomplete")
    assert answer.json()["detail"].endswith(": 2, 3.")
    assert await each_api.remembered() == before
    await each_api.put_parts(grant["parts"][1:], THREE_PARTS)
    assert (await each_api.complete(grant["video_id"])).status_code == httpx.codes.OK


async def test_a_part_that_is_sent_again_replaces_itself(each_api: Api, request: pytest.FixtureRequest) -> None:
    """With the old URL or a fresh one; the last PUT counts."""
    if "rclone" in request.node.name:
        pytest.skip("this server does not replace parts")
    grant = await granted(each_api)
    await each_api.put_parts(grant["parts"], b"x" * len(THREE_PARTS))
    await each_api.put_parts(await signed(each_api, grant["video_id"], [3, 1]), THREE_PARTS)
    assert (await progress(each_api, grant["video_id"]))["received_bytes"] == len(THREE_PARTS)
    assert (await each_api.complete(grant["video_id"])).status_code == httpx.codes.OK


async def test_parts_that_are_no_video_fail(each_api: Api) -> None:
    """422 after they are joined: parts cannot be sent again then, so a new upload is needed."""
    grant = await granted(each_api)
    await each_api.put_parts(grant["parts"], b"x" * len(THREE_PARTS))
    assert status_and_code(await each_api.complete(grant["video_id"])) == (422, "not_a_video")
    status = await each_api.status(grant["video_id"])
    assert (status["status"], status["failure"]["code"]) == ("failed", "not_a_video")
    assert status_and_code(await each_api.complete(grant["video_id"])) == (409, "upload_closed")


async def test_fifty_reports_of_parts_at_once_make_one_job(each_api: Api) -> None:
    """They are joined once; every response is the same."""
    grant = await granted(each_api)
    await each_api.put_parts(grant["parts"], THREE_PARTS)
    answers = await asyncio.gather(*(each_api.complete(grant["video_id"]) for _ in range(50)))
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
    assert await each_api.process_jobs(grant["video_id"]) == 1


@pytest.mark.parametrize("sent", [0, 1, 3])
async def test_an_upload_in_parts_is_cancelled(each_api: Api, sent: int) -> None:
    """With any number of parts; afterwards none can be signed or reported."""
    grant = await granted(each_api)
    await each_api.put_parts(grant["parts"][:sent], THREE_PARTS)
    for _ in range(2):
        assert (await each_api.upload(grant["video_id"], "DELETE")).status_code == httpx.codes.NO_CONTENT
    answer = await each_api.upload(grant["video_id"], "POST", "/parts", json={"part_numbers": [1]})
    assert status_and_code(answer) == (409, "upload_closed")
    assert status_and_code(await each_api.complete(grant["video_id"])) == (409, "upload_closed")
    assert (await progress(each_api, grant["video_id"]))["missing_parts"] == [1, 2, 3]


async def test_after_complete_no_part_is_signed(each_api: Api) -> None:
    """409; and a URL for the whole file never exists."""
    grant = await granted(each_api, CONTENT)
    assert status_and_code(await each_api.upload(grant["video_id"], "POST", "/presigned")) == (409, "not_single_put")
    await each_api.put_parts(grant["parts"], CONTENT)
    await each_api.complete(grant["video_id"])
    answer = await each_api.upload(grant["video_id"], "POST", "/parts", json={"part_numbers": [1]})
    assert status_and_code(answer) == (409, "upload_completed")


BAD_NUMBERS: dict[str, tuple[object, int, str]] = {
    "none": ([], 422, "invalid_part_numbers"),
    "0": ([0], 422, "invalid_part_numbers"),
    "-1": ([-1], 422, "invalid_part_numbers"),
    "one too many": ([4], 422, "invalid_part_numbers"),
    "10,001": ([10_001], 422, "invalid_part_numbers"),
    "10**30": ([10**30], 422, "invalid_part_numbers"),
    "doubled": ([2, 1, 2], 422, "invalid_part_numbers"),
    "101 at once": (list(range(1, 102)), 422, "invalid_part_numbers"),
    "text": ([1, "2"], 400, "invalid_request"),
    "true": ([True], 400, "invalid_request"),
    "half a part": ([1.5], 400, "invalid_request"),
    "1.0": ([1.0], 400, "invalid_request"),
    "null": ([None], 400, "invalid_request"),
    "no list": ("1", 400, "invalid_request"),
    "an object": ({"1": 1}, 400, "invalid_request"),
}


async def test_numbers_that_no_part_has_are_refused(each_api: Api) -> None:
    """Nothing is signed or stored."""
    grant = await granted(each_api)
    before = await each_api.remembered()
    for name, (numbers, status, code) in BAD_NUMBERS.items():
        answer = await each_api.upload(grant["video_id"], "POST", "/parts", json={"part_numbers": numbers})
        assert status_and_code(answer) == (status, code), name
        assert await each_api.remembered() == before, name


async def test_a_part_of_another_upload_is_no_part_of_this_one(each_api: Api) -> None:
    """A part sent to one video's URL never counts for another video."""
    one, other = await granted(each_api), await granted(each_api)
    await each_api.put_parts(other["parts"], THREE_PARTS)
    assert (await progress(each_api, one["video_id"]))["missing_parts"] == [1, 2, 3]
    assert status_and_code(await each_api.complete(one["video_id"])) == (400, "upload_incomplete")
    assert (await each_api.complete(other["video_id"])).status_code == httpx.codes.OK


@pytest.mark.parametrize("change", [-1, 1])
async def test_a_part_of_another_size_is_refused_by_its_url(each_api: Api, change: int) -> None:
    """The length is signed: the part is not stored."""
    grant = await granted(each_api)
    part = grant["parts"][0]
    assert await each_api.refuses(part["url"], b"x" * (part["size"] + change), part["headers"])
    assert (await progress(each_api, grant["video_id"]))["received_parts"] == []


async def test_a_url_stands_for_its_own_part(each_api: Api) -> None:
    """The part number and the upload are signed."""
    grant, other = await granted(each_api), await granted(each_api)
    part = grant["parts"][0]
    forged = [
        part["url"].replace("partNumber=1", "partNumber=2"),
        part["url"].replace("partNumber=1", "partNumber=10001"),
        part["url"].replace(grant["video_id"], other["video_id"]),
    ]
    for url in forged:
        assert url != part["url"]
        assert await each_api.refuses(url, THREE_PARTS[:PART_BYTES], {})
    assert (await progress(each_api, grant["video_id"]))["received_parts"] == []
    assert (await progress(each_api, other["video_id"]))["received_parts"] == []


async def test_a_part_after_the_end_is_harmless(each_api: Api) -> None:
    """Its URL is invalid once the parts are joined; the accepted object stays unchanged."""
    grant = await granted(each_api)
    await each_api.put_parts(grant["parts"], THREE_PARTS)
    await each_api.complete(grant["video_id"])
    part = grant["parts"][2]
    assert await each_api.refuses(part["url"], b"y" * part["size"], part["headers"])
    assert (await progress(each_api, grant["video_id"]))["received_bytes"] == len(THREE_PARTS)
