"""The upload protocol over HTTP: the contract that existing clients rely on."""

import re

import httpx
import pytest

from domain.model.ids import VideoId
from domain.model.object_key import ObjectKey
from domain.model.videos.video import Video
from tests.integration.http_fixtures import CONTENT, PRESIGNED, PROBLEM, WorldApi

pytestmark = pytest.mark.anyio

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


async def video(api: WorldApi, video_id: str) -> Video:
    """The stored video."""
    return await api.world.video(VideoId(video_id))


async def test_a_presigned_url_is_granted_in_the_fixed_shape(api: WorldApi) -> None:
    """201, with the fields that clients have always received, and the newer ones of a single PUT."""
    answer = await api.http.post(
        PRESIGNED, json={"filename": "Holiday.MOV", "file_size": 5_000, "content_type": "video/quicktime"}
    )
    body = answer.json()
    assert answer.status_code == httpx.codes.CREATED
    assert UUID.fullmatch(body["video_id"])
    assert body == {
        "video_id": body["video_id"],
        "upload_url": body["upload_url"],
        "r2_key": f"videos/ada/{body['video_id']}.mov",
        "expires_in": 3600,
        "status_url": f"/api/videos/{body['video_id']}/status",
        "headers": {"Content-Type": "video/quicktime"},
        "strategy": "single",
        "upload_id": None,
        "part_size": None,
        "part_count": None,
        "parts": [],
    }
    assert httpx.URL(body["upload_url"]).path.endswith(body["r2_key"])


@pytest.mark.parametrize(
    ("filename", "content_type"),
    [("a.mkv", "video/x-matroska"), ("a.mp4", "video/mp4"), ("a.3gp", "video/3gpp"), ("b.TS", "video/mp2t")],
)
async def test_an_empty_type_is_derived_from_the_extension(api: WorldApi, filename: str, content_type: str) -> None:
    """Browsers send one for containers that they don't know; `headers` has what the PUT must carry."""
    grant = await api.grant(filename=filename)
    assert grant["headers"] == {"Content-Type": content_type}


async def test_the_upload_needs_nothing_but_its_url_and_headers(api: WorldApi) -> None:
    """The bearer token is sent only to the API."""
    grant = await api.grant()
    await api.put(grant)
    assert api.world.keys == {grant["r2_key"]}


async def test_complete_accepts_what_was_uploaded(api: WorldApi) -> None:
    """200 in the fixed format, and one job for the rest."""
    grant = await api.grant()
    await api.put(grant)
    answer = await api.complete(grant["video_id"])
    assert answer.status_code == httpx.codes.OK
    assert answer.json() == {
        "video_id": grant["video_id"],
        "status": "uploaded",
        "status_url": grant["status_url"],
    }
    assert await api.process_jobs(grant["video_id"]) == 1


async def test_complete_before_the_upload_may_be_repeated_after_it(api: WorldApi) -> None:
    """400 while the object is missing; the video stays open."""
    grant = await api.grant()
    early = await api.complete(grant["video_id"])
    assert (early.status_code, early.json()["code"]) == (httpx.codes.BAD_REQUEST, "upload_missing")
    assert early.headers["content-type"] == PROBLEM
    assert await api.process_jobs(grant["video_id"]) == 0
    await api.put(grant)
    first, second = await api.complete(grant["video_id"]), await api.complete(grant["video_id"])
    assert (first.status_code, second.status_code) == (httpx.codes.OK, httpx.codes.OK)
    assert first.json() == second.json()
    assert await api.process_jobs(grant["video_id"]) == 1


async def test_complete_says_uploaded_even_when_all_is_done(api: WorldApi) -> None:
    """A client that repeats the call late gets the response that it missed."""
    video_id = await api.processed()
    answer = await api.complete(video_id)
    assert (answer.status_code, answer.json()["status"]) == (httpx.codes.OK, "uploaded")


async def test_complete_refuses_an_object_of_another_size(api: WorldApi) -> None:
    """422, and the right object may follow."""
    grant = await api.grant()
    key = ObjectKey(grant["r2_key"])
    api.world.objects.objects[key] = CONTENT + b"more"
    answer = await api.complete(grant["video_id"])
    assert (answer.status_code, answer.json()["code"]) == (422, "upload_size_mismatch")
    assert await api.process_jobs(grant["video_id"]) == 0
    await api.put(grant)
    assert (await api.complete(grant["video_id"])).status_code == httpx.codes.OK


async def test_a_reported_failure_fails_the_video(api: WorldApi) -> None:
    """`{success: false}` gets 400 "Upload failed", each time."""
    grant = await api.grant()
    first, second = [await api.complete(grant["video_id"], success=False) for _ in range(2)]
    assert (first.status_code, first.headers["content-type"]) == (httpx.codes.BAD_REQUEST, PROBLEM)
    assert first.json() == second.json()
    assert (first.json()["code"], first.json()["detail"]) == ("upload_failed", "Upload failed")
    assert (await video(api, grant["video_id"])).status == "failed"


async def test_complete_after_a_reported_failure_conflicts(api: WorldApi) -> None:
    """The user starts a new upload."""
    grant = await api.grant()
    await api.put(grant)
    await api.complete(grant["video_id"], success=False)
    answer = await api.complete(grant["video_id"])
    assert (answer.status_code, answer.json()["code"]) == (httpx.codes.CONFLICT, "upload_closed")
    assert await api.process_jobs(grant["video_id"]) == 0


async def test_a_failure_reported_after_complete_conflicts(api: WorldApi) -> None:
    """The accepted upload is processed."""
    video_id = await api.uploaded()
    answer = await api.complete(video_id, success=False)
    assert (answer.status_code, answer.json()["code"]) == (httpx.codes.CONFLICT, "invalid_transition")
    assert (await video(api, video_id)).status == "uploaded"


async def test_complete_needs_no_queue(api: WorldApi) -> None:
    """The job is stored in the database; the sweep sends jobs that could not be sent."""
    grant = await api.grant()
    await api.put(grant)
    api.world.queue.is_down = True
    assert (await api.complete(grant["video_id"])).status_code == httpx.codes.OK
    assert await api.process_jobs(grant["video_id"]) == 1


async def test_complete_is_503_when_the_bucket_is_unavailable(api: WorldApi) -> None:
    """With `Retry-After`, and nothing has changed."""
    grant = await api.grant()
    await api.put(grant)
    api.world.objects.fail_next("peek")
    answer = await api.complete(grant["video_id"])
    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert int(answer.headers["retry-after"]) > 0
    assert (await video(api, grant["video_id"])).status == "uploading"
    assert (await api.complete(grant["video_id"])).status_code == httpx.codes.OK
