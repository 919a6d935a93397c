"""Downloading originals."""

from urllib.parse import unquote

import pytest

from domain.model.errors import NotFound, VideoNotFound
from domain.model.ids import UserId
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio


async def test_a_kept_original_is_signed_with_its_own_name(world: World) -> None:
    """The client downloads the object beside the rendition."""
    video = await world.upload_and_process(original="keep", filename="Ann's clip.mp4")
    url = await world.application.get_original(ADA, video.id)
    assert "original.mp4" in unquote(url)


async def test_a_video_without_a_kept_original_has_none(world: World) -> None:
    """Before the publication, and once the original is erased."""
    video = await world.upload()
    for _ in range(2):
        with pytest.raises(NotFound) as refused:
            await world.application.get_original(ADA, video.id)
        assert refused.value.code == "original_not_kept"
        await world.run_jobs()


async def test_the_original_of_another_user_is_not_found(world: World) -> None:
    """Like the video itself."""
    video = await world.upload_and_process(original="keep")
    with pytest.raises(VideoNotFound):
        await world.application.get_original(UserId("bob"), video.id)
