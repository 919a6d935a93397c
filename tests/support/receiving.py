"""Files sent through the API, on a world of fakes."""

from collections.abc import AsyncIterator

import pytest

from domain.model.ids import UserId
from domain.model.uploads.multipart import MIN_PART_BYTES
from domain.model.uploads.policy import UploadDeclaration
from domain.model.videos.video import Video
from domain.use_cases.uploads.receive_upload import ReceivedUpload
from tests.support.uploading import TWO_PARTS, chunks_of
from tests.support.world import ADA, World

ROOM = 3 * MIN_PART_BYTES
DECLARED = UploadDeclaration("clip.mp4", ROOM, "")


class HungUp(Exception):
    """The client has disconnected."""


async def receive(
    world: World, content: bytes = TWO_PARTS, *, key: str | None = None, chunk: int = 64 * 1024, owner: UserId = ADA
) -> ReceivedUpload:
    """Send a file through the API."""
    return await world.application.uploads.receive(owner, DECLARED, chunks_of(content, size=chunk), key=key)


async def broken_off(content: bytes, after: int) -> AsyncIterator[bytes]:
    """Yield this many bytes, and then raise HungUp."""
    yield content[:after]
    raise HungUp


async def videos(world: World) -> list[Video]:
    """All videos of the user."""
    return list((await world.application.list_videos(ADA, limit=100)).videos)


async def left_by_a_dead_server(world: World, monkeypatch: pytest.MonkeyPatch) -> Video:
    """The state that a killed server leaves: an upload with its first part in the bucket."""

    async def die(_self: object, _video: Video) -> None:
        raise HungUp

    with monkeypatch.context() as patch:
        patch.setattr("domain.use_cases.uploads.receive_upload.ReceiveUpload._give_up", die)
        with pytest.raises(HungUp):
            await world.application.uploads.receive(ADA, DECLARED, broken_off(TWO_PARTS, MIN_PART_BYTES), key="again")
    (video,) = await videos(world)
    return video
