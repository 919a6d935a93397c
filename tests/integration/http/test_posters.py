"""Choosing a poster over HTTP."""

from typing import Any

import httpx
import pytest

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.ids import VideoId
from tests.integration.http_fixtures import BOB, WorldApi

pytestmark = pytest.mark.anyio


async def choose(api: WorldApi, video_id: str, body: Any, **request: Any) -> httpx.Response:  # noqa: ANN401 (any JSON)
    """The response to a choice."""
    return await api.http.put(f"/api/videos/{video_id}/poster", json=body, **request)


async def test_a_poster_is_chosen(api: WorldApi) -> None:
    """The response is the video; the event tells when the picture has changed."""
    video_id = await api.processed()
    before = (await api.http.get(f"/api/videos/{video_id}/poster")).headers["location"]
    answer = await choose(api, video_id, {"time_s": 3})
    assert (answer.status_code, answer.json()["video_id"]) == (202, video_id)
    assert (await choose(api, video_id, {"time_s": 4})).json()["code"] == "poster_in_progress"
    await api.world.run_jobs()
    after = (await api.http.get(f"/api/videos/{video_id}/poster")).headers["location"]
    assert after != before
    assert [
        event.type.value
        for event in api.world.database.tables.unsettled_events
        if event.video_id == VideoId(video_id) and event.type.value == "poster.ready"
    ] == ["poster.ready"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"time_s": -1}, 422, "invalid_poster_time"),
        ({"time_s": 10.5}, 422, "invalid_poster_time"),
        ({"time_s": "3"}, 400, "invalid_request"),
        ({"time_s": None}, 400, "invalid_request"),
        ({}, 400, "invalid_request"),
        ({"time_s": 3, "at": 4}, 400, "invalid_request"),
    ],
)
async def test_a_wrong_choice_is_refused(api: WorldApi, body: object, status: int, code: str) -> None:
    """Nothing is queued."""
    video_id = await api.processed()
    answer = await choose(api, video_id, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert api.world.queue.sent == []


async def test_sound_alone_and_unplayable_videos_are_refused(api: WorldApi) -> None:
    """So are other users."""
    assert (await choose(api, await api.uploaded(), {"time_s": 1})).json()["code"] == "not_playable"
    sound = fake_video_bytes(video_codec=None)
    grant = await api.grant(sound)
    await api.put(grant, sound)
    await api.complete(grant["video_id"])
    await api.world.run_jobs()
    answer = await choose(api, grant["video_id"], {"time_s": 1})
    assert (answer.status_code, answer.json()["code"]) == (422, "no_picture")
    other = await choose(api, grant["video_id"], {"time_s": 1}, headers=api.speaking_for(BOB))
    assert (other.status_code, other.json()["code"]) == (404, "video_not_found")
