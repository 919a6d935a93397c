"""What becomes of an original, chosen and read over HTTP."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.ids import VideoId
from domain.model.uploads.original_policy import OriginalChoice, OriginalPolicy
from domain.model.videos.content_disposition import attachment
from entrypoints.config.imports import ImportSettings
from entrypoints.config.settings import Settings
from tests.integration.http_fixtures import BOB, CONTENT, PRESIGNED, Api, WorldApi, embedded_api, world_api

pytestmark = pytest.mark.anyio

NONE = {"kept": False, "size_bytes": None, "expires_at": None, "reason": None}


async def processed(api: WorldApi, content: bytes = CONTENT, filename: str = "clip.mp4", **declared: Any) -> str:  # noqa: ANN401 (whatever the JSON may hold)
    """Upload a video with these declarations, and run all its jobs; return its id."""
    grant = await api.grant(content, filename, **declared)
    await api.put(grant, content)
    assert (await api.complete(grant["video_id"])).status_code == httpx.codes.OK
    await api.world.run_jobs()
    video_id: str = grant["video_id"]
    return video_id


async def shown(api: Api, video_id: str) -> dict[str, Any]:
    """The video."""
    answer = await api.http.get(f"/api/videos/{video_id}")
    body: dict[str, Any] = answer.json()
    return body


async def test_a_kept_original_is_shown_and_downloaded_under_its_own_name(api: WorldApi) -> None:
    """The response redirects to the bucket, which sends it as an attachment, in ranges too."""
    video_id = await processed(api, filename="été 1.mp4", original="keep")
    body = await shown(api, video_id)
    assert body["original"] == {"kept": True, "size_bytes": len(CONTENT), "expires_at": None, "reason": "requested"}
    assert (body["original_kept"], body["rendition_kind"], body["warnings"]) == (True, "encoded", [])
    answer = await api.http.get(f"/api/videos/{video_id}/original", follow_redirects=False)
    assert answer.status_code == httpx.codes.FOUND


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_the_bucket_serves_it_as_an_attachment(tmp_path: Path, method: str) -> None:
    """Under a signature that covers the filename."""
    async with embedded_api(tmp_path) as api:
        grant = await api.grant()
        await api.put(grant)
        header = attachment("été 1.mp4")
        url = api.application.get_original.objects.presign_get(
            grant["r2_key"],
            content_type="video/mp4",
            expires_in_s=60,
            signed_at=api.application.get_original.clock.now(),
            disposition=header,
        )
        answer = await api.http.request(method, url)
        assert (answer.status_code, answer.headers["content-disposition"]) == (httpx.codes.OK, header)
        assert answer.content == (CONTENT if method == "GET" else b"")
        tampered = await api.http.request(method, url.replace("attachment", "inline"))
        assert tampered.status_code == httpx.codes.FORBIDDEN


async def test_days_are_shown_as_a_time(api: WorldApi) -> None:
    """`keep_days` alone means `keep`; lists show the same."""
    video_id = await processed(api, keep_days=30)
    original = (await shown(api, video_id))["original"]
    expires_at = (api.world.clock.now() + timedelta(days=30)).isoformat().replace("+00:00", "Z")
    assert (original["kept"], original["expires_at"]) == (True, expires_at)
    page = (await api.http.get("/api/videos")).json()
    assert [video["original"] for video in page["items"]] == [original]


async def test_by_default_the_original_is_not_kept(api: WorldApi) -> None:
    """404, and nothing is known before the publication; another user's video is not found at all."""
    video_id = await api.uploaded()
    assert (await shown(api, video_id))["original"] is None
    await api.world.run_jobs()
    assert (await shown(api, video_id))["original"] == NONE
    answer = await api.http.get(f"/api/videos/{video_id}/original")
    assert (answer.status_code, answer.json()["code"]) == (httpx.codes.NOT_FOUND, "original_not_kept")
    other = await api.http.get(f"/api/videos/{video_id}/original", headers=api.speaking_for(BOB))
    assert (other.status_code, other.json()["code"]) == (httpx.codes.NOT_FOUND, "video_not_found")


async def test_an_original_that_a_rendition_cannot_replace_is_kept_beside_it(api: WorldApi) -> None:
    """Whatever its upload chose."""
    content = fake_video_bytes(container="flv", duration_s=60.0, readable_s=30.0)
    body = await shown(api, await processed(api, content, "live.flv", original="delete"))
    assert body["original"] == {"kept": True, "size_bytes": len(content), "expires_at": None, "reason": "unproven"}
    assert (body["rendition_kind"], [warning["code"] for warning in body["warnings"]]) == (
        "encoded",
        ["source_truncated"],
    )


@pytest.mark.parametrize(
    ("declared", "status", "code"),
    [
        ({"original": "burn"}, 400, "invalid_request"),
        ({"original": 1}, 400, "invalid_request"),
        ({"keep_days": "30"}, 400, "invalid_request"),
        ({"keep_days": 0}, 422, "invalid_original"),
        ({"keep_days": 36_501}, 422, "invalid_original"),
        ({"original": "delete", "keep_days": 3}, 422, "invalid_original"),
    ],
)
async def test_an_impossible_choice_is_rejected(
    each_api: Api, declared: dict[str, object], status: int, code: str
) -> None:
    """Nothing is stored."""
    body = {"filename": "clip.mp4", "file_size": 9, "content_type": "", **declared}
    answer = await each_api.http.post(PRESIGNED, json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await each_api.shown_videos() == []


async def test_null_leaves_the_choice_to_the_server(each_api: Api) -> None:
    """Like an absent field."""
    assert (await each_api.grant(original=None, keep_days=None))["video_id"]


async def test_a_repeated_request_must_make_the_same_choice(each_api: Api) -> None:
    """It belongs to the request."""
    key = {"Idempotency-Key": "keep it"}
    first = await each_api.grant(headers=key, original="keep")
    assert (await each_api.grant(headers=key, original="keep"))["video_id"] == first["video_id"]
    body = {"filename": "clip.mp4", "file_size": len(CONTENT), "content_type": ""}
    other = await each_api.http.post(PRESIGNED, json=body, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("fields", "choice"),
    [
        ({"original": "keep"}, OriginalChoice(OriginalPolicy.KEEP)),
        ({"keep_days": "12"}, OriginalChoice(OriginalPolicy.KEEP, 12)),
        ({"original": "delete"}, OriginalChoice(OriginalPolicy.DELETE)),
        ({"original": "", "keep_days": ""}, None),
        ({}, None),
    ],
)
async def test_a_form_may_choose(each_api: Api, fields: dict[str, str], choice: OriginalChoice | None) -> None:
    """With fields before the file."""
    answer = await each_api.http.post(
        "/api/videos/upload", data=fields, files={"file": ("clip.mp4", CONTENT, "video/mp4")}
    )
    assert answer.status_code == httpx.codes.CREATED, answer.text
    async with each_api.application.check_health.database.read() as work:
        assert (await work.videos.get(VideoId(answer.json()["video_id"]))).original_choice == choice


@pytest.mark.parametrize("fields", [{"original": "burn"}, {"keep_days": "soon"}, {"keep_days": "99999"}])
async def test_a_form_with_an_impossible_choice_is_rejected(each_api: Api, fields: dict[str, str]) -> None:
    """Nothing is stored."""
    answer = await each_api.http.post(
        "/api/videos/upload", data=fields, files={"file": ("clip.mp4", CONTENT, "video/mp4")}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_original")
    assert await each_api.shown_videos() == []


async def test_a_choice_behind_the_file_comes_too_late(each_api: Api) -> None:
    """It must not be ignored silently."""
    answer = await each_api.http.post(
        "/api/videos/upload",
        files=[("file", ("clip.mp4", CONTENT, "video/mp4")), ("original", (None, b"keep"))],
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_form")


async def test_an_import_may_choose(tmp_path: Path) -> None:
    """As an upload does."""
    async with world_api(tmp_path, settings=Settings(imports=ImportSettings(youtube_import=True))) as api:
        body = {"url": "https://youtu.be/dQw4w9WgXcQ", "keep_days": 5}
        answer = await api.http.post("/api/videos/youtube", json=body)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        video = await api.world.video(VideoId(answer.json()["video_id"]))
        assert video.original_choice == OriginalChoice(OriginalPolicy.KEEP, 5)
        refused = await api.http.post("/api/videos/youtube", json=body | {"original": "delete"})
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid_original")
