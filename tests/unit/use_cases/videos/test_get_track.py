"""Serving captions and storyboards by signed URLs."""

import pytest

from domain.model.errors import Rejected, TranscriptNotFound, VideoNotFound
from domain.model.videos.track_urls import SignedTrack
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio

CAPTIONS = b"WEBVTT\n\n00:00.000 --> 00:01.000\n"


async def captions_of(world: World) -> tuple[SignedTrack, ...]:
    """The caption tracks of the only video."""
    [video] = world.database._committed.videos.values()
    return tuple(each.address for each in (await world.application.get_playback(ADA, video.id)).captions)


async def test_captions_are_served_until_their_address_expires(world: World) -> None:
    """Caches may hold them just as long."""
    await world.upload_and_process()
    [address] = await captions_of(world)
    track = await world.application.get_track(address)
    assert track.content.startswith("WEBVTT")
    assert track.max_age_s == address.address.expires_s - world.clock.now().timestamp()
    world.clock.advance(track.max_age_s)
    with pytest.raises(Rejected) as expired:
        await world.application.get_track(address)
    assert expired.value.code == "url_expired"


async def test_replaced_captions_have_a_new_address(world: World) -> None:
    """Within the same slot; the old address serves the current content, or none once they are deleted."""
    video = await world.upload_and_process()
    [old] = await captions_of(world)
    await world.application.transcripts.replace(ADA, video.id, CAPTIONS + b"hello\n", language="de")
    [new] = await captions_of(world)
    assert new != old
    assert "hello" in (await world.application.get_track(old)).content
    await world.application.transcripts.remove(ADA, video.id)
    assert await captions_of(world) == ()
    with pytest.raises(TranscriptNotFound):
        await world.application.get_track(new)


async def test_the_storyboard_of_a_deleted_video_is_gone(world: World) -> None:
    """Its images are named by signed URLs."""
    video = await world.upload_and_process()
    address = (await world.application.get_playback(ADA, video.id)).storyboard
    assert address is not None
    assert "storyboard.jpg" in (await world.application.get_track(address)).content
    await world.application.delete_video(ADA, video.id)
    with pytest.raises(VideoNotFound):
        await world.application.get_track(address)
