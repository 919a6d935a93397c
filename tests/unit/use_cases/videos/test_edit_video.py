"""Changing the labels of a video."""

import pytest

from domain.model.errors import Rejected, VideoNotFound
from domain.model.ids import UserId
from domain.model.uploads.labels import LabelChanges, Labels
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio


async def test_a_change_is_stored(world: World) -> None:
    """With its time, and without an event."""
    video = await world.upload_and_process()
    world.clock.advance(5)
    changed = await world.application.edit_video(ADA, video.id, LabelChanges("A day", "x1", {"a": 1}))
    assert changed == await world.application.get_video(ADA, video.id)
    assert (changed.title, changed.labels) == ("A day", Labels("A day", "x1", {"a": 1}))
    assert (changed.updated_at, changed.event_seq) == (world.clock.now(), video.event_seq)


async def test_a_change_that_changes_nothing_is_not_stored(world: World) -> None:
    """A client may repeat it, and the status keeps its time."""
    video = await world.request_upload(b"content")
    world.clock.advance(5)
    for changes in (LabelChanges(), LabelChanges(title="")):
        assert await world.application.edit_video(ADA, video.id, changes) == video


async def test_the_default_title_is_the_name_of_the_file(world: World) -> None:
    """Null and an empty text put it back."""
    video = await world.request_upload(b"content")
    for nothing in (None, " "):
        await world.application.edit_video(ADA, video.id, LabelChanges(title="A day"))
        changed = await world.application.edit_video(ADA, video.id, LabelChanges(title=nothing))
        assert changed.title == video.source.filename


async def test_what_is_refused_changes_nothing(world: World) -> None:
    """Not even the valid part of a request; another user's video does not exist."""
    video = await world.request_upload(b"content")
    with pytest.raises(Rejected):
        await world.application.edit_video(ADA, video.id, LabelChanges("A day", "x" * 256))
    with pytest.raises(VideoNotFound):
        await world.application.edit_video(UserId("mallory"), video.id, LabelChanges("A day"))
    assert await world.application.get_video(ADA, video.id) == video
