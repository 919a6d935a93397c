"""Uploads without a declared size, over fakes: signing, completing and resuming."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from domain.model.errors import Conflict, QuotaExceeded, Rejected, TelecineError
from domain.model.uploads.multipart import MIN_PART_BYTES
from domain.model.uploads.policy import UploadDeclaration, UploadStrategy
from domain.model.videos.video import Video
from entrypoints.config.limits import LimitSettings
from entrypoints.config.settings import Settings
from entrypoints.config.uploads import UploadSettings
from tests.support.uploading import TWO_PARTS, complete, completion_refused, put, request_upload
from tests.support.world import ADA, World, open_world

pytestmark = pytest.mark.anyio

LAST = len(TWO_PARTS) - MIN_PART_BYTES
RECORDING = UploadDeclaration("clip.mp4", None, "", UploadStrategy.MULTIPART, part_bytes=MIN_PART_BYTES)
LIMITED = Settings(
    uploads=UploadSettings(max_upload_bytes=3 * MIN_PART_BYTES),
    limits=LimitSettings(max_stored_bytes_per_user=4 * MIN_PART_BYTES),
)


async def begun(world: World) -> Video:
    """A recording of which nothing is signed."""
    signed = (await world.application.uploads.request(ADA, RECORDING)).signed
    assert (signed.parts, signed.video.source.size_bytes) == ((), 0)
    return signed.video


async def send(world: World, video: Video, number: int, *, last: int | None = None) -> None:
    """Send one part of the two."""
    signed = await world.application.uploads.sign_parts(ADA, video.id, [number], last_part_bytes=last)
    start = (number - 1) * MIN_PART_BYTES
    await put(world, signed.parts[0].presigned, TWO_PARTS[start : start + signed.parts[0].size_bytes])


async def refused(world: World, video: Video, numbers: Sequence[int], last: int | None = None) -> str:
    """Sign these parts, and return the code of the refusal."""
    with pytest.raises((Rejected, Conflict, QuotaExceeded)) as refusal:
        await world.application.uploads.sign_parts(ADA, video.id, numbers, last_part_bytes=last)
    error: TelecineError = refusal.value
    return error.code


async def test_the_size_is_learned_at_the_end(world: World) -> None:
    """Until then the source has what was signed, and the progress has no size."""
    video = await begun(world)
    assert (await completion_refused(world, video)).detail.startswith("1 of 1 parts")
    await send(world, video, 2, last=LAST)
    assert (await world.video(video.id)).source.size_bytes == len(TWO_PARTS)
    progress = await world.application.uploads.get_status(ADA, video.id)
    assert (progress.video.source.known_size_bytes, progress.missing_parts) == (None, [1])
    assert (await completion_refused(world, video)).code == "upload_incomplete"
    await send(world, video, 1)
    accepted = await complete(world, video)
    assert (accepted.source.known_size_bytes, accepted.source.layout) == (len(TWO_PARTS), accepted.source.plan)
    assert world.objects.objects[video.source.key] == TWO_PARTS


async def test_a_lost_answer_of_the_bucket_is_repaired(world: World) -> None:
    """The joined object has the size, which may not exceed what was signed."""
    video = await begun(world)
    assert video.source.multipart is not None
    await send(world, video, 1)
    await send(world, video, 2, last=LAST)
    upload_id = video.source.multipart.upload_id
    parts = await world.multipart.list_parts(video.source.key, upload_id)
    await world.multipart.complete(video.source.key, upload_id, parts)
    progress = await world.application.uploads.get_status(ADA, video.id)
    assert (progress.received_bytes, progress.missing_parts) == (len(TWO_PARTS), [])
    world.objects.objects[video.source.key] = TWO_PARTS + b"more"
    assert (await completion_refused(world, video)).code == "upload_size_mismatch"
    world.objects.objects[video.source.key] = TWO_PARTS
    assert (await complete(world, video)).source.size_bytes == len(TWO_PARTS)


async def test_a_part_larger_than_signed_is_refused(world: World) -> None:
    """As it would get past the limits."""
    video = await begun(world)
    await send(world, video, 1, last=1000)
    (upload,) = world.multipart.uploads.values()
    upload.parts[1] = TWO_PARTS[:1001]
    assert (await completion_refused(world, video)).code == "part_size_mismatch"


async def test_signed_parts_count_towards_the_limits(tmp_path: Path) -> None:
    """A part that exceeds them is not signed and counts nothing; a smaller last one may still fit."""
    async with open_world(tmp_path, settings=LIMITED) as world:
        first, second = await begun(world), await begun(world)
        assert await refused(world, first, [3, 4]) == "file_too_large"
        await world.application.uploads.sign_parts(ADA, first.id, [1, 2, 3])
        assert await refused(world, second, [2]) == "storage_quota_exceeded"
        assert (await world.video(second.id)).source.size_bytes == 0
        await world.application.uploads.sign_parts(ADA, second.id, [1], last_part_bytes=1000)


async def test_the_size_of_a_last_part_is_checked(world: World) -> None:
    """From one byte to a whole part, and only without a declared size."""
    video = await begun(world)
    for last in (0, MIN_PART_BYTES + 1):
        assert await refused(world, video, [1], last) == "invalid_last_part_size"
    assert await refused(world, video, [10_001]) == "invalid_part_numbers"
    declared = (await request_upload(world)).signed.video
    assert await refused(world, declared, [1], 1) == "invalid_last_part_size"
