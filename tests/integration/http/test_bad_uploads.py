"""Objects that arrive too late, or differ from the declaration, with every kind of database and bucket."""

from contextlib import AbstractAsyncContextManager
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from domain.model.errors import Rejected
from entrypoints.config.limits import LimitSettings
from entrypoints.config.settings import Settings
from tests.contract.s3_object_store_fixtures import r2
from tests.integration.http.test_steps import status_and_code, uploaded
from tests.integration.http_fixtures import (
    BOB,
    CONTENT,
    PRESIGNED,
    SMALL_PARTS,
    Api,
    WorldApi,
    embedded_api,
    production_api,
    world_api,
)
from tests.services.postgres import PostgresServer
from tests.support.world import ADA

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("change", [-1, 1, -len(CONTENT)])
async def test_a_body_of_another_length_is_refused_by_the_url(each_api: Api, change: int) -> None:
    """The length is signed: a shorter, longer or empty body is not stored."""
    grant = await each_api.grant()
    body = (CONTENT + b"x")[: len(CONTENT) + change]
    assert await each_api.refuses(grant["upload_url"], body, grant["headers"])
    assert (await each_api.upload(grant["video_id"])).json()["received_bytes"] == 0
    assert status_and_code(await each_api.complete(grant["video_id"])) == (400, "upload_missing")


async def test_a_body_of_another_type_is_refused_by_the_url(each_api: Api) -> None:
    """The type is signed, too."""
    grant = await each_api.grant()
    assert await each_api.refuses(grant["upload_url"], CONTENT, {"Content-Type": "text/html"})
    assert (await each_api.upload(grant["video_id"])).json()["received_bytes"] == 0


async def test_a_url_stands_for_its_own_video(each_api: Api) -> None:
    """With another video's key in it, it is rejected."""
    grant, other = await each_api.grant(), await each_api.grant()
    forged = grant["upload_url"].replace(grant["video_id"], other["video_id"])
    assert await each_api.refuses(forged, CONTENT, grant["headers"])
    assert (await each_api.upload(other["video_id"])).json()["received_bytes"] == 0


async def test_what_was_sent_last_counts(each_api: Api) -> None:
    """A single PUT may be repeated until it is reported complete."""
    grant = await each_api.grant()
    await each_api.put(grant, b"x" * len(CONTENT))
    await each_api.put(grant)
    assert (await each_api.complete(grant["video_id"])).status_code == httpx.codes.OK


async def test_a_put_after_complete_changes_no_answer(each_api: Api) -> None:
    """The accepted object is identified by its ETag; a repeated report gets the same response."""
    grant = await each_api.grant()
    await each_api.put(grant)
    first = await each_api.complete(grant["video_id"])
    await each_api.sent(grant["upload_url"], b"y" * len(CONTENT), grant["headers"])
    again = await each_api.complete(grant["video_id"])
    assert (again.status_code, again.content) == (httpx.codes.OK, first.content)
    assert await each_api.process_jobs(grant["video_id"]) == 1


async def test_an_object_that_replaces_an_accepted_one_is_never_played(api: WorldApi) -> None:
    """The worker detects the change and publishes nothing of it."""
    grant = await api.grant()
    await api.put(grant)
    await api.complete(grant["video_id"])
    await api.sent(grant["upload_url"], CONTENT[:-1] + b"y", grant["headers"])
    await api.world.run_jobs()
    status = await api.status(grant["video_id"])
    assert (status["status"], status["playable"], status["failure"]["code"]) == ("failed", False, "source_changed")


async def test_a_put_after_delete_brings_nothing_back(each_api: Api) -> None:
    """The URL may still accept it; the video stays deleted, and the object is erased later."""
    grant = await each_api.grant()
    await each_api.http.delete(f"/api/videos/{grant['video_id']}")
    await each_api.sent(grant["upload_url"], CONTENT, grant["headers"])
    assert status_and_code(await each_api.complete(grant["video_id"])) == (404, "video_not_found")
    assert await each_api.shown_videos() == []


async def test_an_upload_that_expired_takes_no_report(api: WorldApi) -> None:
    """409 after the clean-up has closed it; the reason is shown."""
    grant, parts = await api.grant(), await api.grant(strategy="multipart")
    await api.put(grant)
    api.world.clock.advance(24 * 3600 + 1)
    await api.application.clean_up.run_all()
    api.http.headers.update(api.speaking_for(ADA))
    for video_id in (grant["video_id"], parts["video_id"]):
        assert status_and_code(await api.complete(video_id)) == (409, "upload_closed")
        assert status_and_code(await api.complete(video_id, success=False)) == (400, "upload_failed")
        assert (await api.status(video_id))["failure"]["code"] == "upload_expired"


async def test_anothers_upload_can_not_be_reported(each_api: Api) -> None:
    """It looks as if it did not exist."""
    grant = await each_api.grant()
    await each_api.put(grant)
    bob = each_api.speaking_for(BOB)
    for body in ({"success": True}, {"success": False}):
        answer = await each_api.upload(grant["video_id"], "POST", "/complete", json=body, headers=bob)
        assert status_and_code(answer) == (404, "video_not_found")
    assert (await each_api.status(grant["video_id"]))["status"] == "uploading"


SHORT_LIVED_URLS = replace(SMALL_PARTS, uploads=replace(SMALL_PARTS.uploads, presigned_url_expiration_seconds=1))


@pytest.fixture(params=["embedded", "postgres and r2"])
def short_lived_urls(request: pytest.FixtureRequest, tmp_path: Path) -> AbstractAsyncContextManager[Api]:
    """The API with real clocks and URLs that expire after a second."""
    if request.param == "embedded":
        return embedded_api(tmp_path, settings=SHORT_LIVED_URLS)
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return production_api(tmp_path, server, r2(), settings=SHORT_LIVED_URLS)


@pytest.mark.parametrize("strategy", ["single", "multipart"])
async def test_an_expired_url_is_refused_and_signed_again(
    short_lived_urls: AbstractAsyncContextManager[Api], strategy: str
) -> None:
    """403 from the bucket; the upload continues with fresh URLs."""
    async with short_lived_urls as api:
        grant = await api.grant(strategy=strategy)
        url, headers = (
            (grant["upload_url"], grant["headers"])
            if strategy == "single"
            else (grant["parts"][0]["url"], grant["parts"][0]["headers"])
        )
        while (await api.sent(url, CONTENT, headers)).status_code != HTTPStatus.FORBIDDEN:
            pass
        if strategy == "single":
            fresh = (await api.upload(grant["video_id"], "POST", "/presigned")).json()
            await api.put(fresh)
        else:
            answer = await api.upload(grant["video_id"], "POST", "/parts", json={"part_numbers": [1]})
            await api.put_parts(answer.json()["parts"], CONTENT)
        assert (await api.complete(grant["video_id"])).status_code == httpx.codes.OK


QUOTAS = {
    "too_many_videos_in_flight": (429, Settings(limits=LimitSettings(max_videos_in_flight_per_user=1))),
    "storage_quota_exceeded": (403, Settings(limits=LimitSettings(max_stored_bytes_per_user=2 * len(CONTENT) - 1))),
    "daily_upload_quota_exceeded": (429, Settings(limits=LimitSettings(max_uploads_per_day_per_user=1))),
}


@pytest.mark.parametrize("code", QUOTAS)
@pytest.mark.parametrize("stack", ["fakes", "embedded", "postgres and r2"])
async def test_a_quota_holds(tmp_path: Path, postgres_server: PostgresServer, code: str, stack: str) -> None:
    """The second video is rejected by every route, and nothing is stored; closing the first frees the quota."""
    status, settings = QUOTAS[code]
    openings: dict[str, AbstractAsyncContextManager[Api]] = {
        "fakes": world_api(tmp_path, settings=settings),
        "embedded": embedded_api(tmp_path, settings=settings),
        "postgres and r2": production_api(tmp_path, postgres_server, r2(), settings=settings),
    }
    async with openings[stack] as api:
        grant = await api.grant()
        before = await api.remembered()
        body = {"filename": "clip.mp4", "file_size": len(CONTENT), "content_type": ""}
        for refused in (
            await api.http.post(PRESIGNED, json=body),
            await api.http.post(PRESIGNED, json={**body, "strategy": "multipart"}),
            await api.http.post("/api/videos/upload", files={"file": ("clip.mp4", CONTENT)}),
        ):
            assert status_and_code(refused) == (status, code)
            assert ("retry-after" in refused.headers) is (code == "daily_upload_quota_exceeded")
            assert await api.remembered() == before
        assert (await api.http.post(PRESIGNED, json=body, headers=api.speaking_for(BOB))).status_code == 201
        await api.upload(grant["video_id"], "DELETE")
        assert (await api.http.post(PRESIGNED, json=body)).status_code == httpx.codes.CREATED


async def test_only_a_failed_video_is_retried(each_api: Api) -> None:
    """409 for queued or running videos, and if the files are gone."""
    grant = await each_api.grant()
    assert status_and_code(await each_api.http.post(f"/api/videos/{grant['video_id']}/retry")) == (409, "not_failed")
    await each_api.complete(grant["video_id"], success=False)
    assert status_and_code(await each_api.http.post(f"/api/videos/{grant['video_id']}/retry")) == (
        409,
        "nothing_to_retry",
    )
    video_id = await uploaded(each_api)
    assert status_and_code(await each_api.http.post(f"/api/videos/{video_id}/retry")) == (409, "not_failed")


async def test_a_failed_video_is_retried(api: WorldApi) -> None:
    """200 in the format of `complete`; this time the video is completed."""
    api.world.transcriber.fail(Rejected("No more credit.", code="transcription_rejected"), times=1)
    video_id = await api.processed()
    assert (await api.status(video_id))["failure"]["stage"] == "transcribe"
    answer = await api.http.post(f"/api/videos/{video_id}/retry")
    assert (answer.status_code, answer.json()["status"]) == (httpx.codes.OK, "uploaded")
    await api.world.run_jobs()
    assert (await api.status(video_id))["status"] == "completed"
