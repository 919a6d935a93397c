"""The signed URLs of a video in a list."""

import pytest

from domain.use_cases.videos.sign_video import VideoUrls
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio


async def test_the_urls_are_those_of_the_player(world: World) -> None:
    """So that a browser loads neither the poster nor the video twice."""
    video = await world.upload_and_process()
    playback = await world.application.get_playback(ADA, video.id)
    assert playback.poster_url is not None
    assert world.application.sign_video(video) == VideoUrls(playback.poster_url, playback.url)


async def test_what_is_not_published_has_no_url(world: World) -> None:
    """As long as nothing plays."""
    assert world.application.sign_video(await world.request_upload(b"content")) == VideoUrls(None, None)
