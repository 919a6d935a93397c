"""Signing the parts of an upload."""

from collections.abc import Sequence

import pytest

from domain.model.errors import Conflict, Rejected
from domain.model.uploads.policy import UploadDeclaration, UploadStrategy
from domain.model.videos.video import Video
from tests.support.uploading import (
    PART_SIZES,
    TWO_PARTS,
    complete,
    completion_refused,
    put,
    request_upload,
    send_parts,
    upload_in_parts,
)
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio

# The default part size is 16 MiB, so a small file has one part.
OVER_HUNDRED_PARTS = UploadDeclaration("clip.mp4", 9 * 1024**3, "", UploadStrategy.MULTIPART)


async def refused(world: World, video: Video, numbers: Sequence[int]) -> str:
    """Request URLs of these parts, and return the code of the refusal."""
    with pytest.raises((Rejected, Conflict)) as refusal:
        await world.application.uploads.sign_parts(ADA, video.id, numbers)
    return refusal.value.code


async def test_parts_are_signed_in_any_order_and_again(small_parts: World) -> None:
    """A part that is sent again replaces the earlier one."""
    video = (await request_upload(small_parts)).signed.video
    signed = await small_parts.application.uploads.sign_parts(ADA, video.id, [2, 1])
    assert [(part.number, part.size_bytes) for part in signed.parts] == [(2, PART_SIZES[2]), (1, PART_SIZES[1])]
    await put(small_parts, signed.parts[0].presigned, b"?" * PART_SIZES[2])
    small_parts.clock.advance(5000)
    with pytest.raises(Rejected, match="expired"):
        await put(small_parts, signed.parts[0].presigned, b"!" * PART_SIZES[2])
    await send_parts(small_parts, video, TWO_PARTS, 1, 2)
    await complete(small_parts, video)
    assert small_parts.objects.objects[video.source.key] == TWO_PARTS


async def test_up_to_a_hundred_parts_are_signed_at_once(world: World) -> None:
    """An empty list, too many parts, a repeated part and an unknown part are refused."""
    video = (await world.application.uploads.request(ADA, OVER_HUNDRED_PARTS)).signed.video
    assert video.source.plan is not None
    last = video.source.plan.count
    signed = await world.application.uploads.sign_parts(ADA, video.id, range(last - 99, last + 1))
    assert len(signed.parts) == 100
    for numbers in ([], range(1, 102), [1, 1], [0], [-1], [last + 1]):
        assert await refused(world, video, numbers) == "invalid_part_numbers"


async def test_asking_for_urls_keeps_an_upload_open(small_parts: World) -> None:
    """The request shows that the client is active; the lifetime of the new URLs starts with it."""
    video = (await request_upload(small_parts)).signed.video
    small_parts.clock.advance(3000)
    await small_parts.application.uploads.sign_parts(ADA, video.id, [1])
    now = await small_parts.video(video.id)
    assert (now.updated_at, now.upload_expires_at) == (
        small_parts.clock.now(),
        small_parts.application.uploads.sign_parts.sign.expires_at(small_parts.clock.now()),
    )


async def test_a_single_put_has_no_parts(world: World) -> None:
    """An upload in parts, in turn, has no single PUT to renew."""
    single, parts = await world.request_upload(TWO_PARTS), (await request_upload(world)).signed.video
    assert await refused(world, single, [1]) == "not_multipart"
    with pytest.raises(Conflict) as refusal:
        await world.application.uploads.renew(ADA, parts.id)
    assert refusal.value.code == "not_single_put"


@pytest.mark.parametrize(("end", "code"), [("complete", "upload_completed"), ("cancel", "upload_closed")])
async def test_an_ended_upload_is_not_signed_again(world: World, end: str, code: str) -> None:
    """Neither a part nor a single PUT is signed."""
    single, parts = await world.request_upload(TWO_PARTS), await upload_in_parts(world)
    world.objects.objects[single.source.key] = TWO_PARTS
    for video in (single, parts):
        await getattr(world.application.uploads, end)(ADA, video.id)
    assert await refused(world, parts, [1]) == code
    with pytest.raises(Conflict) as refusal:
        await world.application.uploads.renew(ADA, single.id)
    assert refusal.value.code == code


async def test_a_dropped_upload_has_nothing(small_parts: World) -> None:
    """A bucket drops an unfinished upload after a week: every part is missing, and completion is refused."""
    video = await upload_in_parts(small_parts)
    small_parts.multipart.uploads.clear()
    progress = await small_parts.application.uploads.get_status(ADA, video.id)
    assert (progress.received_bytes, progress.missing_parts) == (0, [1, 2])
    assert (await completion_refused(small_parts, video)).code == "upload_missing"
