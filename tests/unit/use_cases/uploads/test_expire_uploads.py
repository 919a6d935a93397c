"""Expiring abandoned uploads."""

import asyncio
from datetime import timedelta

import pytest

from domain.model.failure import FailureCode
from domain.model.videos.lifecycle import VideoStatus
from domain.use_cases.videos.every_page import PAGE_SIZE
from tests.support.uploading import CONTENT, HOUR_S, ended, request_upload, upload_in_parts
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("is_in_parts", [False, True])
async def test_an_abandoned_upload_expires(world: World, *, is_in_parts: bool) -> None:
    """It expires after a day without a call of its client, whether it has no data, one PUT or parts."""
    video = await (upload_in_parts(world) if is_in_parts else world.request_upload(CONTENT))
    world.objects.objects[video.source.key] = CONTENT
    world.clock.advance(24 * HOUR_S)
    assert await world.application.clean_up.expire_uploads() == []
    world.clock.advance(1)
    assert [each.id for each in await world.application.clean_up.expire_uploads()] == [video.id]
    await ended(world, video, FailureCode.UPLOAD_EXPIRED)


async def test_an_upload_lives_as_long_as_its_client_asks_for_urls(world: World) -> None:
    """There is no upper limit on its age."""
    video = (await request_upload(world)).signed.video
    for _ in range(5):
        world.clock.advance(23 * HOUR_S)
        await world.application.uploads.sign_parts(ADA, video.id, [1])
        assert await world.application.clean_up.expire_uploads() == []
    assert (await world.video(video.id)).status is VideoStatus.UPLOADING


async def test_an_upload_lives_as_long_as_its_urls(world: World) -> None:
    """It does not expire while a URL is valid, which a setting can extend to days."""
    video = await world.request_upload(CONTENT)
    async with world.database.write() as work:
        later = video.upload_expires_at + timedelta(days=3)
        await work.videos.save(video.upload_extended(later, now=world.clock.now()))
    world.clock.advance(3 * 24 * HOUR_S)
    assert await world.application.clean_up.expire_uploads() == []
    world.clock.advance(2 * HOUR_S)
    assert len(await world.application.clean_up.expire_uploads()) == 1


async def test_a_client_that_resumes_during_the_sweep_is_not_expired(world: World) -> None:
    """Each upload is read again before it expires; a deleted one is skipped."""
    back, gone = (await request_upload(world)).signed.video, (await request_upload(world)).signed.video
    world.clock.advance(25 * HOUR_S)
    overdue = await world.application.clean_up.expire_uploads.overdue()
    assert {video.id for video in overdue} == {back.id, gone.id}
    await world.application.uploads.sign_parts(ADA, back.id, [1])
    await world.application.delete_video(ADA, gone.id)
    expire = world.application.clean_up.expire_uploads
    assert [await expire._expire(video.id) for video in overdue] == [False, False]
    assert (await world.video(back.id)).status is VideoStatus.UPLOADING


async def test_all_abandoned_uploads_expire(world: World) -> None:
    """They are read in batches; two concurrent clean-ups expire each upload once."""
    for _ in range(PAGE_SIZE + 1):
        await world.request_upload(CONTENT)
    world.clock.advance(25 * HOUR_S)
    expired = await asyncio.gather(*(world.application.clean_up.expire_uploads() for _ in range(2)))
    ids = [video.id for each in expired for video in each]
    assert (len(ids), len(set(ids))) == (PAGE_SIZE + 1, PAGE_SIZE + 1)


async def test_a_completed_upload_does_not_expire(world: World) -> None:
    """The time that it waits for a worker does not matter."""
    video = await world.upload(CONTENT)
    world.clock.advance(100 * HOUR_S)
    assert await world.application.clean_up.expire_uploads() == []
    assert (await world.video(video.id)).status is VideoStatus.UPLOADED
