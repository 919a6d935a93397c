"""Signing a requested upload."""

import pytest

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.uploads.multipart import MIB
from domain.model.uploads.policy import UploadStrategy
from domain.use_cases.uploads.sign_upload import FIRST_PART_COUNT
from tests.support.uploading import declared, request_upload
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio


async def test_an_upload_in_parts_gets_the_urls_of_its_first_parts(world: World) -> None:
    """Each URL accepts exactly the size of its part; the multipart upload exists before the response is sent."""
    grant = await world.application.uploads.request(ADA, declared(200 * MIB, UploadStrategy.MULTIPART))
    video = grant.signed.video
    assert video.source.multipart is not None
    assert (grant.signed.presigned, video.source.multipart.part_bytes) == (None, 16 * MIB)
    assert [part.number for part in grant.signed.parts] == list(range(1, FIRST_PART_COUNT + 1))
    assert {part.size_bytes for part in grant.signed.parts} == {16 * MIB}
    assert world.multipart.uploads[video.source.multipart.upload_id].key == video.source.key


async def test_few_parts_are_all_signed_at_once(world: World) -> None:
    """The last part has the remaining bytes."""
    grant = await world.application.uploads.request(ADA, declared(16 * MIB + 5, UploadStrategy.MULTIPART))
    assert [(part.number, part.size_bytes) for part in grant.signed.parts] == [(1, 16 * MIB), (2, 5)]


async def test_only_an_upload_in_parts_has_parts(world: World) -> None:
    """Signing parts of a single PUT returns none."""
    grant = await request_upload(world, b"content", strategy=UploadStrategy.SINGLE)
    assert world.application.uploads.sign_parts.sign.parts(grant.signed.video, [1], signed_at=world.clock.now()) == ()


async def test_a_replay_after_the_upload_has_no_usable_urls(world: World) -> None:
    """For a completed or closed upload it returns the same video with URLs that were never valid."""
    content = fake_video_bytes()
    first = await request_upload(world, content, strategy=UploadStrategy.SINGLE, key="again")
    video = first.signed.video
    world.objects.objects[video.source.key] = content
    await world.application.uploads.complete(ADA, video.id)
    replay = await request_upload(world, content, strategy=UploadStrategy.SINGLE, key="again")
    assert (replay.is_replay, replay.signed.video.id, replay.signed.expires_in_s) == (True, video.id, 0)
    assert first.signed.presigned is not None
    assert replay.signed.presigned is not None
    assert replay.signed.presigned.url != first.signed.presigned.url
