"""What has arrived of an upload, so that a client can resume it."""

import pytest

from domain.model.errors import Unavailable
from domain.model.videos.lifecycle import VideoStatus
from tests.support.uploading import PART_SIZES, TWO_PARTS, complete, request_upload, send_parts, upload_in_parts
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio


async def test_an_upload_can_be_resumed_by_its_id(small_parts: World) -> None:
    """The bucket shows which parts are received and which are missing."""
    video = (await request_upload(small_parts)).signed.video
    describe = small_parts.application.uploads.get_status
    progress = await describe(ADA, video.id)
    assert (progress.received_bytes, progress.parts, progress.missing_parts) == (0, {}, [1, 2])
    await send_parts(small_parts, video, TWO_PARTS, 2)
    progress = await describe(ADA, video.id)
    assert (progress.received_bytes, progress.parts) == (PART_SIZES[2], {2: PART_SIZES[2]})
    assert progress.missing_parts == [1]
    await send_parts(small_parts, video, TWO_PARTS, 1)
    assert (await describe(ADA, video.id)).missing_parts == []
    await complete(small_parts, video)
    progress = await describe(ADA, video.id)
    assert (progress.received_bytes, progress.parts, progress.missing_parts) == (len(TWO_PARTS), PART_SIZES, [])


async def test_the_status_of_a_single_put_is_its_size(world: World) -> None:
    """The object is either complete or absent."""
    video = await world.request_upload(TWO_PARTS)
    describe = world.application.uploads.get_status
    assert ((await describe(ADA, video.id)).received_bytes, (await describe(ADA, video.id)).missing_parts) == (0, [])
    world.objects.objects[video.source.key] = TWO_PARTS
    assert (await describe(ADA, video.id)).received_bytes == len(TWO_PARTS)
    await complete(world, video)
    assert (await describe(ADA, video.id)).received_bytes == len(TWO_PARTS)


async def test_nothing_is_left_of_a_closed_upload(small_parts: World) -> None:
    """There is nothing to resume, even if the bucket still has parts."""
    video = await upload_in_parts(small_parts)
    await small_parts.application.uploads.cancel(ADA, video.id)
    progress = await small_parts.application.uploads.get_status(ADA, video.id)
    assert (progress.received_bytes, progress.parts, progress.missing_parts) == (0, {}, [1, 2])


async def test_joined_parts_count_as_received(small_parts: World) -> None:
    """The parts were joined, but the response was lost; repeating the call completes the upload."""
    video = await upload_in_parts(small_parts)
    small_parts.objects.fail_next("peek")
    with pytest.raises(Unavailable):
        await complete(small_parts, video)
    progress = await small_parts.application.uploads.get_status(ADA, video.id)
    assert (progress.received_bytes, progress.missing_parts) == (len(TWO_PARTS), [])
    assert (await complete(small_parts, video)).status is VideoStatus.UPLOADED
