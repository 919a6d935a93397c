"""Listing, playing and deleting videos, and the health check."""

import pytest

from domain.model.errors import Conflict, Rejected, TranscriptNotFound, VideoNotFound
from domain.model.ids import UserId
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.source import PublicationKind
from domain.model.videos.video import Video
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio


async def test_pages_lead_through_all_videos(world: World) -> None:
    """They list the newest first and each video once, until there is no cursor."""
    videos: list[Video] = []
    for _ in range(5):
        videos.append(await world.grant(b"content"))
        world.clock.advance(1)
    await world.grant(b"content", owner=UserId("mallory"))
    seen: list[Video] = []
    cursor: str | None = None
    while True:
        page = await world.application.list_videos(ADA, limit=2, cursor=cursor)
        seen += page.videos
        if page.next_cursor is None:
            break
        cursor = page.next_cursor.encoded()
    assert seen == list(reversed(videos))


async def test_a_page_can_show_one_status(world: World) -> None:
    """The filter is the name of a status."""
    done = await world.processed()
    await world.grant(b"content")
    page = await world.application.list_videos(ADA, limit=10, status=VideoStatus.COMPLETED)
    assert page.videos == (done,)


@pytest.mark.parametrize("limit", [0, -1, 101, 10**9])
async def test_the_page_size_has_bounds(world: World, limit: int) -> None:
    """A client cannot request everything at once."""
    with pytest.raises(Rejected):
        await world.application.list_videos(ADA, limit=limit)


async def test_a_video_can_be_played_once_it_is_published(world: World) -> None:
    """Before publication it is refused."""
    video = await world.upload()
    with pytest.raises(Conflict) as refused:
        await world.application.get_playback(ADA, video.id)
    assert refused.value.code == "not_playable"
    await world.run_jobs()
    playback = await world.application.get_playback(ADA, video.id)
    assert (playback.content_type, playback.kind) == ("video/mp4", PublicationKind.ENCODED)
    assert "rendition.mp4" in playback.url
    assert "poster.jpg" in (playback.poster_url or "")
    assert "poster.jpg" in await world.application.get_playback.poster(ADA, video.id)
    assert playback.has_storyboard
    assert "storyboard.jpg" in await world.application.get_playback.storyboard(ADA, video.id)


async def test_a_transcript_is_absent_until_it_is_made(world: World) -> None:
    """A missing transcript is an error, not an empty transcript."""
    video = await world.upload()
    with pytest.raises(TranscriptNotFound):
        await world.application.get_transcript(ADA, video.id)


async def test_deleting_a_video_removes_everything(world: World) -> None:
    """Its row, transcript and objects are removed; objects that arrive later are erased, too."""
    video = await world.processed()
    await world.application.delete_video(ADA, video.id)
    with pytest.raises(VideoNotFound):
        await world.application.get_video(ADA, video.id)
    await world.run_jobs()
    assert world.keys == set()
    world.objects.objects[video.source.key] = b"late"
    world.clock.advance(26 * 3600)
    await world.application.sweep_jobs()
    await world.run_jobs()
    assert world.keys == set()


async def test_health_names_the_failed_dependency(world: World) -> None:
    """Each dependency is checked separately."""
    assert await world.application.check_health() == {"database": "ok", "object_store": "ok"}
    world.database.is_down = True
    world.objects.fail_next("check")
    health = await world.application.check_health()
    assert health == {"database": "database_unavailable", "object_store": "unavailable"}
