"""Playing videos."""

import pytest

from domain.model.errors import Conflict
from domain.model.videos.source import PublicationKind
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio


async def test_a_video_can_be_played_once_it_is_published(world: World) -> None:
    """Before publication it is refused."""
    video = await world.upload()
    with pytest.raises(Conflict) as refused:
        await world.application.get_playback(ADA, video.id)
    assert refused.value.code == "not_playable"
    await world.run_jobs()
    playback = await world.application.get_playback(ADA, video.id)
    assert (playback.content_type, playback.kind) == ("video/mp4", PublicationKind.ENCODED)
    assert playback.title == video.title
    assert "rendition.mp4" in playback.url
    assert "poster.jpg" in (playback.poster_url or "")
    assert "poster.jpg" in await world.application.get_playback.poster(ADA, video.id)
    assert playback.storyboard is not None
    assert "storyboard.jpg" in (playback.storyboard_image_url or "")
    assert "storyboard.jpg" in await world.application.get_playback.storyboard(ADA, video.id)
