"""The upload protocol over HTTP, step by step, with every kind of database and bucket."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.integration.http_fixtures import BOB, CONTENT, PRESIGNED, PROBLEM, Api, WorldApi

pytestmark = pytest.mark.anyio


def status_and_code(answer: httpx.Response) -> tuple[int, str]:
    """The status, and the code of a problem."""
    assert answer.headers["content-type"] == PROBLEM, answer.text
    return answer.status_code, answer.json()["code"]


async def uploaded(api: Api) -> str:
    """Upload a video in one PUT and report it; returns its id."""
    grant = await api.grant()
    await api.put(grant)
    assert (await api.complete(grant["video_id"])).status_code == httpx.codes.OK
    return str(grant["video_id"])


async def test_one_put_leads_to_one_job(each_api: Api) -> None:
    """Presign, PUT, complete: the contract that existing clients rely on."""
    grant = await each_api.grant(filename="Holiday.MP4")
    assert grant["r2_key"] == f"videos/ada/{grant['video_id']}.mp4"
    assert (grant["expires_in"], grant["strategy"], grant["parts"]) == (3600, "single", [])
    await each_api.put(grant)
    answer = await each_api.complete(grant["video_id"])
    assert (answer.status_code, answer.json()) == (
        httpx.codes.OK,
        {"video_id": grant["video_id"], "status": "uploaded", "status_url": grant["status_url"]},
    )
    assert (await each_api.status(grant["video_id"]))["status"] == "uploaded"
    assert await each_api.process_jobs(grant["video_id"]) == 1


async def test_the_upload_is_described_before_between_and_after(each_api: Api) -> None:
    """From the bucket's state; the declared size and the expiry of the URLs stay."""
    grant = await each_api.grant()
    before = (await each_api.upload(grant["video_id"])).json()
    await each_api.put(grant)
    between = (await each_api.upload(grant["video_id"])).json()
    await each_api.complete(grant["video_id"])
    after = (await each_api.upload(grant["video_id"])).json()
    described = [(each["status"], each["received_bytes"], each["missing_parts"]) for each in (before, between, after)]
    assert described == [("uploading", 0, []), ("uploading", len(CONTENT), []), ("uploaded", len(CONTENT), [])]
    for each in (before, between, after):
        assert (each["strategy"], each["file_size"], each["part_size"]) == ("single", len(CONTENT), None)
        assert each["expires_at"] == before["expires_at"]


async def test_a_single_put_is_signed_again(each_api: Api) -> None:
    """The fresh URL accepts the same file; the other fields of the grant stay the same."""
    grant = await each_api.grant()
    answer = await each_api.upload(grant["video_id"], "POST", "/presigned")
    fresh = answer.json()
    assert answer.status_code == httpx.codes.OK
    assert {**fresh, "upload_url": None} == {**grant, "upload_url": None}
    await each_api.put(fresh)
    assert (await each_api.complete(grant["video_id"])).status_code == httpx.codes.OK


async def test_complete_before_the_upload_changes_nothing(each_api: Api) -> None:
    """400 while the object is missing; then it is sent and reported again."""
    grant = await each_api.grant()
    before = await each_api.remembered()
    assert status_and_code(await each_api.complete(grant["video_id"])) == (400, "upload_missing")
    assert await each_api.remembered() == before
    await each_api.put(grant)
    answers = [await each_api.complete(grant["video_id"]) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content


async def test_fifty_reports_at_once_make_one_job(each_api: Api) -> None:
    """All get the same response."""
    grant = await each_api.grant()
    await each_api.put(grant)
    answers = await asyncio.gather(*(each_api.complete(grant["video_id"]) for _ in range(50)))
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
    assert await each_api.process_jobs(grant["video_id"]) == 1


async def test_a_file_that_is_not_a_video_may_be_replaced(each_api: Api) -> None:
    """422 by its first bytes; the right file of the same size may follow."""
    grant = await each_api.grant()
    await each_api.put(grant, b"x" * len(CONTENT))
    assert status_and_code(await each_api.complete(grant["video_id"])) == (422, "not_a_video")
    assert await each_api.process_jobs(grant["video_id"]) == 0
    await each_api.put(grant)
    assert (await each_api.complete(grant["video_id"])).status_code == httpx.codes.OK


async def test_a_reported_failure_is_answered_400_each_time(each_api: Api) -> None:
    """The video has failed, and the upload is closed."""
    grant = await each_api.grant()
    await each_api.put(grant)
    answers = [await each_api.complete(grant["video_id"], success=False) for _ in range(2)]
    assert [status_and_code(answer) for answer in answers] == [(400, "upload_failed")] * 2
    status = await each_api.status(grant["video_id"])
    assert (status["status"], status["failure"]["code"]) == ("failed", "upload_failed")
    assert status_and_code(await each_api.complete(grant["video_id"])) == (409, "upload_closed")
    assert status_and_code(await each_api.upload(grant["video_id"], "POST", "/presigned")) == (409, "upload_closed")


async def test_a_failure_reported_after_complete_is_too_late(each_api: Api) -> None:
    """The accepted upload is processed."""
    video_id = await uploaded(each_api)
    assert status_and_code(await each_api.complete(video_id, success=False)) == (409, "invalid_transition")
    assert status_and_code(await each_api.upload(video_id, "POST", "/presigned")) == (409, "upload_completed")
    assert (await each_api.status(video_id))["status"] == "uploaded"


@pytest.mark.parametrize("state", ["granted", "sent", "uploaded", "cancelled"])
async def test_an_upload_is_cancelled(each_api: Api, state: str) -> None:
    """204 until processing has begun, also when repeated; the video shows why it failed."""
    grant = await each_api.grant()
    video_id = grant["video_id"]
    if state in {"sent", "uploaded"}:
        await each_api.put(grant)
    if state == "uploaded":
        await each_api.complete(video_id)
    if state == "cancelled":
        await each_api.upload(video_id, "DELETE")
    answer = await each_api.upload(video_id, "DELETE")
    assert (answer.status_code, answer.content) == (httpx.codes.NO_CONTENT, b"")
    status = await each_api.status(video_id)
    assert (status["status"], status["failure"]["code"]) == ("failed", "upload_cancelled")
    assert await each_api.process_jobs(video_id) == 0
    assert status_and_code(await each_api.complete(video_id)) == (409, "upload_closed")
    described = (await each_api.upload(video_id)).json()
    assert (described["status"], described["received_bytes"], described["missing_parts"]) == ("failed", 0, [])


async def test_anothers_upload_can_not_be_cancelled(each_api: Api) -> None:
    """It looks as if it did not exist, and stays open."""
    grant = await each_api.grant()
    answer = await each_api.upload(grant["video_id"], "DELETE", headers=each_api.speaking_for(BOB))
    assert status_and_code(answer) == (404, "video_not_found")
    assert (await each_api.status(grant["video_id"]))["status"] == "uploading"


async def test_a_deleted_video_takes_no_more_reports(each_api: Api) -> None:
    """404 as for an unknown id, in every state of the upload."""
    grant = await each_api.grant()
    await each_api.put(grant)
    assert (await each_api.http.delete(f"/api/videos/{grant['video_id']}")).status_code == httpx.codes.NO_CONTENT
    for answer in (await each_api.complete(grant["video_id"]), await each_api.upload(grant["video_id"])):
        assert status_and_code(answer) == (404, "video_not_found")
    assert await each_api.shown_videos() == []


@pytest.mark.parametrize("how", ["one put", "parts"])
async def test_a_video_in_processing_is_not_cancelled(api: WorldApi, how: str) -> None:
    """409; the whole video can be deleted."""
    grant = await api.grant(strategy="single" if how == "one put" else "multipart")
    await (api.put(grant) if how == "one put" else api.put_parts(grant["parts"], CONTENT))
    await api.complete(grant["video_id"])
    api.world.transcoder.hang("probe")
    working = asyncio.create_task(api.world.run_jobs())
    await api.world.transcoder.is_hanging.wait()
    assert status_and_code(await api.upload(grant["video_id"], "DELETE")) == (409, "processing_begun")
    working.cancel()


async def test_a_finished_video_is_not_cancelled(api: WorldApi) -> None:
    """409; it stays playable."""
    video_id = await api.processed()
    assert status_and_code(await api.upload(video_id, "DELETE")) == (409, "processing_begun")
    assert (await api.status(video_id))["status"] == "completed"


async def fetched(api: WorldApi, video_id: str) -> bytes:
    """The content of the playback URL."""
    playback = (await api.http.get(f"/api/videos/{video_id}/playback")).json()
    return (await api.http.get(playback["url"])).content


@pytest.mark.parametrize("strategy", ["single", "multipart", "auto"])
async def test_an_uploaded_video_becomes_playable(api: WorldApi, strategy: str) -> None:
    """With each strategy; the small file of `auto` is sent in one PUT."""
    grant = await api.grant(strategy=strategy)
    assert grant["strategy"] == ("multipart" if strategy == "multipart" else "single")
    await (api.put_parts(grant["parts"], CONTENT) if grant["parts"] else api.put(grant))
    await api.complete(grant["video_id"])
    await api.world.run_jobs()
    assert (await api.status(grant["video_id"]))["status"] == "completed"
    assert await fetched(api, grant["video_id"])


async def test_an_upload_of_one_put_has_no_parts_to_sign(each_api: Api) -> None:
    """The 409 names the right call."""
    grant = await each_api.grant()
    answer = await each_api.upload(grant["video_id"], "POST", "/parts", json={"part_numbers": [1]})
    assert status_and_code(answer) == (409, "not_multipart")


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ({"file_size": 100 * 1024**2 - 1, "strategy": "auto"}, "single"),
        ({"file_size": 100 * 1024**2, "strategy": "auto"}, "multipart"),
        ({"file_size": 5 * 1024**3, "strategy": "single"}, "single"),
        ({"file_size": 5 * 1024**3 + 1, "strategy": "auto"}, "multipart"),
    ],
)
async def test_auto_takes_parts_where_they_are_worth_it(api: WorldApi, declared: dict[str, Any], expected: str) -> None:
    """From 100 MiB on."""
    answer = await api.http.post(PRESIGNED, json={"filename": "clip.mp4", "content_type": "", **declared})
    assert (answer.status_code, answer.json()["strategy"]) == (httpx.codes.CREATED, expected)
