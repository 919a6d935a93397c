"""Idempotency keys over HTTP, with every kind of database and bucket."""

import asyncio
from typing import Any

import httpx
import pytest

from domain.model.errors import Rejected
from tests.integration.http.test_steps import status_and_code
from tests.integration.http_fixtures import BOB, CONTENT, PRESIGNED, Api, WorldApi
from tests.support.world import ADA

pytestmark = pytest.mark.anyio

KEY = {"Idempotency-Key": "upload 7 of 12"}
BODY: dict[str, Any] = {"filename": "clip.mp4", "file_size": len(CONTENT), "content_type": "video/mp4"}


async def request_grant(api: Api, headers: dict[str, str], **changes: object) -> httpx.Response:
    """Request an upload with these headers."""
    return await api.http.post(PRESIGNED, json={**BODY, **changes}, headers=headers)


@pytest.mark.parametrize("strategy", ["single", "multipart"])
async def test_a_repeated_request_gets_the_same_answer(each_api: Api, strategy: str) -> None:
    """Byte for byte, including the URLs, marked as a replay; there is one video."""
    first = await request_grant(each_api, KEY, strategy=strategy)
    assert "idempotency-replayed" not in first.headers
    repeats = [await request_grant(each_api, KEY, strategy=strategy) for _ in range(2)]
    for repeat in repeats:
        assert (repeat.status_code, repeat.content) == (httpx.codes.CREATED, first.content)
        assert repeat.headers["idempotency-replayed"] == "true"
    assert await each_api.shown_videos() == [first.json()["video_id"]]


async def test_a_replayed_url_takes_the_file(each_api: Api) -> None:
    """A client that lost the first response continues with the second."""
    await request_grant(each_api, KEY)
    grant = (await request_grant(each_api, KEY)).json()
    await each_api.put(grant)
    assert (await each_api.complete(grant["video_id"])).status_code == httpx.codes.OK
    assert (await request_grant(each_api, KEY)).json()["video_id"] == grant["video_id"]


@pytest.mark.parametrize(
    "changes", [{"filename": "other.mp4"}, {"file_size": 5}, {"content_type": ""}, {"strategy": "multipart"}]
)
async def test_a_key_stands_for_one_request(each_api: Api, changes: dict[str, object]) -> None:
    """422 for any other body; the first request is still replayed."""
    first = await request_grant(each_api, KEY)
    before = await each_api.remembered()
    assert status_and_code(await request_grant(each_api, KEY, **changes)) == (422, "idempotency_key_reused")
    assert await each_api.remembered() == before
    assert (await request_grant(each_api, KEY)).content == first.content


async def test_anothers_key_is_their_own(each_api: Api) -> None:
    """The same text, used by two users with different bodies, identifies two requests."""
    mine = await request_grant(each_api, KEY)
    theirs = await request_grant(each_api, {**KEY, **each_api.speaking_for(BOB)}, filename="other.mp4")
    assert (theirs.status_code, "idempotency-replayed" in theirs.headers) == (httpx.codes.CREATED, False)
    assert theirs.json()["r2_key"].startswith("videos/bob/")
    assert (await each_api.shown_videos(), await each_api.shown_videos(BOB)) == (
        [mine.json()["video_id"]],
        [theirs.json()["video_id"]],
    )


async def test_fifty_requests_at_once_make_one_video(each_api: Api) -> None:
    """One response is the first, the others are its replays."""
    answers = await asyncio.gather(*(request_grant(each_api, KEY) for _ in range(50)))
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert len([answer for answer in answers if "idempotency-replayed" not in answer.headers]) == 1
    assert len(await each_api.shown_videos()) == 1


async def test_fifty_requests_for_parts_leave_one_upload(each_api: Api) -> None:
    """Multipart uploads created for the other requests are aborted."""
    answers = await asyncio.gather(*(request_grant(each_api, KEY, strategy="multipart") for _ in range(50)))
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    uploads = await each_api.application.clean_up.multipart.list_uploads("")
    assert [upload.upload_id for upload in uploads] == [answers[0].json()["upload_id"]]


async def test_the_key_of_a_deleted_video_cannot_be_used_again(each_api: Api) -> None:
    """409: the first response cannot be repeated, and another one would be wrong."""
    grant = (await request_grant(each_api, KEY)).json()
    await each_api.http.delete(f"/api/videos/{grant['video_id']}")
    assert status_and_code(await request_grant(each_api, KEY)) == (409, "idempotency_key_spent")
    assert await each_api.shown_videos() == []


@pytest.mark.parametrize("strategy", ["single", "multipart"])
async def test_a_refused_request_uses_no_key_up(each_api: Api, strategy: str) -> None:
    """The client can correct the request and use the key again."""
    assert status_and_code(await request_grant(each_api, KEY, filename="clip.exe")) == (422, "unsupported_extension")
    assert (await request_grant(each_api, KEY, strategy=strategy)).status_code == httpx.codes.CREATED


BAD_KEYS = {
    "empty": b"",
    "spaces": b"   ",
    "256 characters": b"k" * 256,
    "beyond ASCII": "schlüssel".encode(),
    "a control character": b"a\x01b",
    "a tabulator": b"a\tb",
    "DEL": b"a\x7f",
}


async def test_a_malformed_key_is_refused(each_api: Api) -> None:
    """400, and nothing is stored."""
    before = await each_api.remembered()
    for name, key in BAD_KEYS.items():
        answer = await each_api.http.post(PRESIGNED, json=BODY, headers=[(b"Idempotency-Key", key)])
        assert status_and_code(answer) == (400, "invalid_idempotency_key"), name
    assert await each_api.remembered() == before


@pytest.mark.parametrize("key", ["k", "k" * 255, "null", "0", "true", '"quoted, with spaces"', "~!@#$%^&*()"])
async def test_any_printable_text_is_a_key(api: WorldApi, key: str) -> None:
    """Whatever its format."""
    answers = [await request_grant(api, {"Idempotency-Key": key}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[1].headers["idempotency-replayed"] == "true"


async def test_a_key_is_forgotten_after_a_day(api: WorldApi) -> None:
    """Then it creates a new video."""
    first = await request_grant(api, KEY)
    api.world.clock.advance(24 * 3600 + 1)
    await api.application.clean_up.run_all()
    api.http.headers.update(api.speaking_for(ADA))
    second = await request_grant(api, KEY)
    assert second.status_code == httpx.codes.CREATED
    assert second.json()["video_id"] != first.json()["video_id"]


async def test_a_repeated_regeneration_makes_no_second_run(api: WorldApi) -> None:
    """One new transcript per key, with a response each time; another request with the key is rejected."""
    video_id = await api.processed()
    path = f"/api/videos/{video_id}/transcript/regenerate"
    answers = [await api.http.post(path, headers=KEY) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [httpx.codes.ACCEPTED] * 2
    assert ["idempotency-replayed" in answer.headers for answer in answers] == [False, True]
    assert answers[1].json() == await api.status(video_id)
    assert status_and_code(await api.http.post(path, headers=KEY, json={"language": "de"})) == (
        422,
        "idempotency_key_reused",
    )
    assert status_and_code(await api.http.post(path)) == (409, "transcription_in_progress")


async def test_a_repeated_retry_is_answered(api: WorldApi) -> None:
    """With the video in its current state."""
    api.world.transcoder.fail("probe", Rejected("No."), times=1)
    video_id = await api.processed()
    path = f"/api/videos/{video_id}/retry"
    assert status_and_code(await api.http.post(path, headers={"Idempotency-Key": " "})) == (
        400,
        "invalid_idempotency_key",
    )
    answers = [await api.http.post(path, headers=KEY) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [httpx.codes.OK] * 2
    assert ["idempotency-replayed" in answer.headers for answer in answers] == [False, True]
    assert status_and_code(await api.http.post(path)) == (409, "not_failed")
