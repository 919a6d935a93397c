"""Reading a video: only its owner finds it, here and in every other use case."""

from collections.abc import Awaitable, Callable

import pytest

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.errors import VideoNotFound
from domain.model.ids import UserId, VideoId
from entrypoints.application import Application
from tests.support.world import World

pytestmark = pytest.mark.anyio

MALLORY = UserId("mallory")
CONTENT = fake_video_bytes()
Call = Callable[[Application], Callable[[UserId, VideoId], Awaitable[object]]]
CALLS: dict[str, Call] = {
    "complete": lambda application: application.uploads.complete,
    "fail": lambda application: application.uploads.report_failure,
    "cancel": lambda application: application.uploads.cancel,
    "renew": lambda application: application.uploads.renew,
    "describe": lambda application: application.uploads.get_status,
    "sign parts": lambda application: lambda owner, video_id: application.uploads.sign_parts(owner, video_id, [1]),
    "retry": lambda application: application.retry_video,
    "get": lambda application: application.get_video,
    "delete": lambda application: application.delete_video,
    "get transcript": lambda application: application.get_transcript,
}


@pytest.mark.parametrize("name", CALLS)
async def test_a_foreign_video_is_not_found(world: World, name: str) -> None:
    """Another user gets the same error as for an unknown id."""
    video = await world.request_upload(CONTENT)
    call = CALLS[name](world.application)
    with pytest.raises(VideoNotFound) as foreign:
        await call(MALLORY, video.id)
    with pytest.raises(VideoNotFound) as unknown:
        await call(MALLORY, VideoId("unknown"))
    assert foreign.value.args == unknown.value.args
    assert await world.video(video.id) == video
