"""The quotas of users: videos in flight, stored bytes, and uploads per day."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.access.quota import Usage
from domain.model.errors import QuotaExceeded
from domain.model.ids import UserId
from domain.model.uploads.policy import UploadDeclaration
from domain.model.videos.guards import require_playable
from entrypoints.config.limits import LimitSettings
from entrypoints.config.settings import Settings
from tests.support.uploading import chunks_of, request_upload
from tests.support.world import ADA, World, open_world

pytestmark = pytest.mark.anyio

EVE = UserId("eve")
CONTENT = fake_video_bytes()
DECLARED = UploadDeclaration("clip.mp4", len(CONTENT), "")
TO_MIDNIGHT_S = 12 * 3600

Opened = Callable[[Settings], AbstractAsyncContextManager[World]]


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """A function that opens a world with given settings."""

    @asynccontextmanager
    async def open_it(settings: Settings) -> AsyncGenerator[World]:
        async with open_world(tmp_path, settings=settings) as world:
            yield world

    return open_it


async def refusal(world: World, *, owner: UserId = ADA) -> QuotaExceeded:
    """Request another upload, and return the quota error."""
    with pytest.raises(QuotaExceeded) as refused:
        await world.request_upload(CONTENT, owner=owner)
    return refused.value


async def usage(world: World, owner: UserId = ADA) -> Usage:
    """The user's current usage."""
    async with world.database.read() as work:
        return (await work.usage.lock(owner))[owner]


async def test_videos_in_flight_are_limited(opened: Opened) -> None:
    """The limit is inclusive, and is separate for each user."""
    async with opened(Settings(limits=LimitSettings(max_videos_in_flight_per_user=2))) as world:
        await world.request_upload(CONTENT)
        await world.upload(CONTENT)
        assert (await refusal(world)).code == "too_many_videos_in_flight"
        await world.request_upload(CONTENT, owner=EVE)
        await world.run_jobs()
        await world.request_upload(CONTENT)
        assert (await usage(world)).videos_in_flight == 2


@pytest.mark.parametrize("end", ["fail", "cancel", "expire", "complete", "delete"])
async def test_a_terminal_video_is_no_longer_in_flight(opened: Opened, end: str) -> None:
    """Every outcome frees its place; only a completed video counts stored bytes."""
    async with opened(Settings(limits=LimitSettings(max_videos_in_flight_per_user=1))) as world:
        video = await world.request_upload(CONTENT)
        assert (await refusal(world)).code == "too_many_videos_in_flight"
        uploads = world.application.uploads
        if end == "complete":
            world.objects.objects[video.source.key] = CONTENT
            await uploads.complete(ADA, video.id)
            await world.run_jobs()
        elif end == "expire":
            world.clock.advance(26 * 3600)
            assert [each.id for each in await world.application.clean_up.expire_uploads()] == [video.id]
        else:
            calls = {"fail": uploads.report_failure, "cancel": uploads.cancel, "delete": world.application.delete_video}
            await calls[end](ADA, video.id)
        assert (await usage(world)).videos_in_flight == 0
        assert ((await usage(world)).stored_bytes > 0) is (end == "complete")
        await world.request_upload(CONTENT)


async def test_stored_bytes_are_limited(opened: Opened) -> None:
    """The declared size counts first, and the published size later; deleting frees the bytes."""
    async with opened(Settings(limits=LimitSettings(max_stored_bytes_per_user=2 * len(CONTENT)))) as world:
        video = await world.upload(CONTENT)
        await world.request_upload(CONTENT)
        assert (await refusal(world)).code == "storage_quota_exceeded"
        await world.run_jobs()
        published = require_playable(await world.video(video.id))
        assert (await usage(world)).stored_bytes == published.size_bytes + len(CONTENT)
        assert (await refusal(world)).code == "storage_quota_exceeded"
        await world.application.delete_video(ADA, video.id)
        await world.request_upload(CONTENT)


async def test_uploads_per_day_are_limited(opened: Opened) -> None:
    """A deleted video still counts, a failed upload does not; the error says when the next day (UTC) begins."""
    async with opened(Settings(limits=LimitSettings(max_uploads_per_day_per_user=2))) as world:
        await world.application.delete_video(ADA, (await world.upload(CONTENT)).id)
        failed = await world.request_upload(CONTENT)
        refused = await refusal(world)
        assert (refused.code, refused.retry_after_s) == ("daily_upload_quota_exceeded", TO_MIDNIGHT_S)
        await world.application.uploads.report_failure(ADA, failed.id)
        await world.request_upload(CONTENT)
        assert (await refusal(world)).code == "daily_upload_quota_exceeded"
        world.clock.advance(TO_MIDNIGHT_S)
        await world.request_upload(CONTENT)
        assert (await usage(world)).uploads == 1


async def test_a_failed_upload_of_yesterday_frees_nothing_today(opened: Opened) -> None:
    """An upload that was requested yesterday and fails today allows no additional upload today."""
    async with opened(Settings(limits=LimitSettings(max_uploads_per_day_per_user=1))) as world:
        yesterday = await world.request_upload(CONTENT)
        world.clock.advance(TO_MIDNIGHT_S)
        await world.request_upload(CONTENT)
        await world.application.uploads.report_failure(ADA, yesterday.id)
        assert (await refusal(world)).code == "daily_upload_quota_exceeded"


async def test_a_user_over_quota_does_not_affect_others_in_the_same_commit(opened: Opened) -> None:
    """Of many concurrent requests, each is judged by its user's quota, and exactly the allowed number succeeds."""
    async with opened(Settings(limits=LimitSettings(max_videos_in_flight_per_user=3))) as world:
        owners = [ADA] * 5 + [EVE] * 2
        grants = [request_upload(world, CONTENT, owner=owner) for owner in owners]
        results = await asyncio.gather(*grants, return_exceptions=True)
        refused = [isinstance(result, QuotaExceeded) for result in results]
        assert (refused[:5].count(True), refused[5:]) == (2, [False, False])
        assert (await usage(world)).videos_in_flight == 3
        assert len(world.multipart.uploads) == 5


async def test_a_repeated_request_does_not_count_again(opened: Opened) -> None:
    """Its video is already counted."""
    async with opened(Settings(limits=LimitSettings(max_videos_in_flight_per_user=1))) as world:
        first = await request_upload(world, CONTENT, key="again")
        assert (await request_upload(world, CONTENT, key="again")).signed == first.signed


async def test_an_upload_through_the_api_counts_too(opened: Opened) -> None:
    """Over quota it is refused, and nothing is left in the bucket."""
    async with opened(Settings(limits=LimitSettings(max_videos_in_flight_per_user=1))) as world:
        await world.request_upload(CONTENT)
        with pytest.raises(QuotaExceeded):
            await world.application.uploads.receive(ADA, DECLARED, chunks_of(CONTENT))
        assert world.multipart.uploads == {}
