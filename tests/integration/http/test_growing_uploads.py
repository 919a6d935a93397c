"""Uploads without a declared size: recordings that are sent while they grow."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from domain.model.ids import VideoId
from entrypoints.config.limits import LimitSettings
from tests.integration.http_fixtures import (
    CONTENT,
    PART_BYTES,
    PRESIGNED,
    SMALL_PARTS,
    THREE_PARTS,
    Api,
    WorldApi,
    world_api,
)
from tests.support.world import ADA

pytestmark = pytest.mark.anyio

LAST_BYTES = len(THREE_PARTS) - 2 * PART_BYTES
LIMIT = 3 * PART_BYTES
DEFAULT_BYTES = 16 * 1024**2


async def begin(api: Api) -> dict[str, Any]:
    """Request an upload of a recording."""
    body = {"filename": "lecture.mp4", "content_type": "video/mp4", "strategy": "multipart"}
    answer = await api.http.post(PRESIGNED, json=body)
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return dict(answer.json())


async def sign(api: Api, video_id: str, *numbers: int, last: int | None = None) -> httpx.Response:
    """Request the URLs of parts."""
    body: dict[str, object] = {"part_numbers": list(numbers)}
    if last is not None:
        body["last_part_size"] = last
    return await api.upload(video_id, "POST", "/parts", json=body)


async def send(api: Api, video_id: str, *numbers: int, last: int | None = None) -> None:
    """Send parts of the recording."""
    answer = await sign(api, video_id, *numbers, last=last)
    assert answer.status_code == httpx.codes.OK, answer.text
    await api.put_parts(answer.json()["parts"], THREE_PARTS)


async def progress(api: Api, video_id: str) -> dict[str, Any]:
    """The progress of the upload."""
    return dict((await api.upload(video_id)).json())


def refused(answer: httpx.Response) -> tuple[int, str]:
    """The status and code of a refusal."""
    return answer.status_code, answer.json()["code"]


async def stored_bytes(api: Api) -> int:
    """What counts towards the storage quota of the user."""
    async with api.application.check_health.database.write() as work:
        return (await work.usage.lock(ADA))[ADA].stored_bytes


async def size_of(api: Api, video_id: str) -> int:
    """The size of the video's source."""
    async with api.application.check_health.database.read() as work:
        return (await work.videos.get(VideoId(video_id))).source.size_bytes


async def test_a_recording_is_sent_while_it_grows(each_api: Api) -> None:
    """Its size is learned at the end; until then, what was signed counts towards the quota."""
    api = each_api
    grant = await begin(api)
    video_id = grant["video_id"]
    assert (grant["strategy"], grant["part_size"], grant["part_count"], grant["parts"]) == (
        "multipart",
        PART_BYTES,
        None,
        [],
    )
    assert await stored_bytes(api) == 0
    await send(api, video_id, 1)
    assert await stored_bytes(api) == PART_BYTES
    await send(api, video_id, 3, last=LAST_BYTES)
    assert await stored_bytes(api) == len(THREE_PARTS)
    seen = await progress(api, video_id)
    assert (seen["file_size"], seen["part_count"]) == (None, None)
    assert (seen["received_parts"], seen["missing_parts"]) == ([1, 3], [2])
    early = await api.complete(video_id)
    assert refused(early) == (400, "upload_incomplete")
    assert "1 of 3 parts" in early.json()["detail"]
    assert early.json()["detail"].endswith(": 2.")
    await send(api, video_id, 2)
    assert [(await api.complete(video_id)).status_code for _ in range(2)] == [200, 200]
    assert await size_of(api, video_id) == await stored_bytes(api) == len(THREE_PARTS)
    seen = await progress(api, video_id)
    assert (seen["file_size"], seen["part_count"], seen["missing_parts"]) == (len(THREE_PARTS), 3, [])
    assert await api.process_jobs(video_id) == 1


async def test_the_true_size_replaces_what_was_signed(each_api: Api) -> None:
    """Parts that were signed and never sent are no part of the file."""
    api = each_api
    video_id = (await begin(api))["video_id"]
    await sign(api, video_id, 1, 2, 3, 4)
    assert await stored_bytes(api) == 4 * PART_BYTES
    await send(api, video_id, 1, 2)
    assert (await api.complete(video_id)).status_code == httpx.codes.OK
    assert await stored_bytes(api) == 2 * PART_BYTES


async def test_only_the_last_part_may_be_smaller(each_api: Api) -> None:
    """R2 joins no others; the refusal names the part, and a part sent again in full size mends it."""
    api = each_api
    video_id = (await begin(api))["video_id"]
    await send(api, video_id, 1, 3, last=LAST_BYTES)
    short = (await sign(api, video_id, 2, last=1000)).json()["parts"][0]
    assert (await api.sent(short["url"], b"x" * 1000, short["headers"])).status_code == httpx.codes.OK
    answer = await api.complete(video_id)
    assert refused(answer) == (422, "part_size_mismatch")
    assert answer.json()["detail"].endswith(": 2.")
    assert (await progress(api, video_id))["missing_parts"] == [2]
    if "127.0.0.1" not in short["url"]:  # Rclone replaces no part.
        await send(api, video_id, 2)
        assert (await api.complete(video_id)).status_code == httpx.codes.OK


async def test_a_url_of_the_last_part_accepts_its_size_only(each_api: Api) -> None:
    """So a client cannot store more than what is counted."""
    video_id = (await begin(each_api))["video_id"]
    (part,) = (await sign(each_api, video_id, 1, last=1000)).json()["parts"]
    assert part["size"] == 1000
    # Rclone does not check the length.
    if "127.0.0.1" not in part["url"]:
        assert await each_api.refuses(part["url"], b"x" * 1001, part["headers"])


async def test_an_empty_recording_is_incomplete(api: WorldApi) -> None:
    """It can be cancelled, which frees what it counted."""
    video_id = (await begin(api))["video_id"]
    assert refused(await api.complete(video_id)) == (400, "upload_incomplete")
    assert (await progress(api, video_id))["missing_parts"] == [1]
    await sign(api, video_id, 1)
    assert await stored_bytes(api) == DEFAULT_BYTES
    assert (await api.upload(video_id, "DELETE")).status_code == httpx.codes.NO_CONTENT
    assert await stored_bytes(api) == 0


async def test_a_lost_answer_to_complete_is_repaired(api: WorldApi) -> None:
    """The parts are joined, and the server stopped before it recorded that: the object has the size."""
    video_id = (await begin(api))["video_id"]
    await sign(api, video_id, 1, last=len(CONTENT))
    (upload_id,) = api.world.multipart.uploads
    upload = api.world.multipart.uploads[upload_id]
    part = await api.world.multipart.upload_part(upload.key, upload_id, 1, CONTENT)
    await api.world.multipart.complete(upload.key, upload_id, [part])
    seen = await progress(api, video_id)
    assert (seen["file_size"], seen["received_bytes"], seen["missing_parts"]) == (*[len(CONTENT)] * 2, [])
    assert (await api.complete(video_id)).status_code == httpx.codes.OK
    assert await size_of(api, video_id) == len(CONTENT)


async def test_more_than_was_signed_is_refused(api: WorldApi) -> None:
    """A bucket that ignores the signed length cannot be used to get past the limits."""
    video_id = (await begin(api))["video_id"]
    await sign(api, video_id, 1, last=1000)
    (upload,) = api.world.multipart.uploads.values()
    upload.parts[1] = THREE_PARTS[:2000]
    assert refused(await api.complete(video_id)) == (422, "part_size_mismatch")


async def test_a_silent_recording_expires(api: WorldApi) -> None:
    """As every upload does; each signed part keeps it open."""
    video_id = (await begin(api))["video_id"]
    await sign(api, video_id, 1)
    api.world.clock.advance(100_000)
    await api.application.clean_up.expire_uploads()
    assert (await api.application.get_video(ADA, VideoId(video_id))).is_upload_closed
    assert await stored_bytes(api) == 0


async def test_the_limits_hold_while_it_grows(tmp_path: Path) -> None:
    """The part that exceeds the quota or the largest file is not signed, and a smaller last part still is."""
    limits = LimitSettings(max_stored_bytes_per_user=LIMIT)
    async with world_api(tmp_path, settings=replace(SMALL_PARTS, limits=limits)) as api:
        video_id = (await begin(api))["video_id"]
        assert (await sign(api, video_id, 1, 2)).status_code == httpx.codes.OK
        assert refused(await sign(api, video_id, 3, 4)) == (403, "storage_quota_exceeded")
        assert await stored_bytes(api) == 2 * PART_BYTES
        other = (await begin(api))["video_id"]
        assert refused(await sign(api, other, 2)) == (403, "storage_quota_exceeded")
        assert (await sign(api, other, 1, last=1000)).status_code == httpx.codes.OK


async def test_the_largest_file_holds_while_it_grows(tmp_path: Path) -> None:
    """In parts, as for a declared size."""
    uploads = replace(SMALL_PARTS.uploads, max_upload_bytes=LIMIT - 1)
    async with world_api(tmp_path, settings=replace(SMALL_PARTS, uploads=uploads)) as api:
        video_id = (await begin(api))["video_id"]
        assert refused(await sign(api, video_id, 3)) == (413, "file_too_large")
        assert (await sign(api, video_id, 3, last=PART_BYTES - 1)).status_code == httpx.codes.OK


async def test_bad_declarations_are_refused(api: WorldApi) -> None:
    """A size may be missing with `multipart` alone; the size of a last part belongs to an undeclared size alone."""
    for strategy in ("single", "auto"):
        answer = await api.http.post(PRESIGNED, json={"filename": "a.mp4", "strategy": strategy})
        assert refused(answer) == (422, "invalid_file_size")
    for size in (PART_BYTES - 1, 6 * 1024**4):
        body = {"filename": "a.mp4", "strategy": "multipart", "part_size": size}
        assert refused(await api.http.post(PRESIGNED, json=body)) == (422, "invalid_part_size")
    video_id = (await begin(api))["video_id"]
    for last in (0, -1, DEFAULT_BYTES + 1):
        assert refused(await sign(api, video_id, 1, last=last)) == (422, "invalid_last_part_size")
    assert refused(await sign(api, video_id, 10_001)) == (422, "invalid_part_numbers")
    declared = await api.grant(THREE_PARTS, strategy="multipart", part_size=PART_BYTES + 1)
    assert (declared["part_size"], declared["part_count"]) == (PART_BYTES + 1, 3)
    assert refused(await sign(api, declared["video_id"], 2, last=5)) == (422, "invalid_last_part_size")
