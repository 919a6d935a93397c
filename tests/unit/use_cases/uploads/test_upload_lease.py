"""The lease of a server that receives a file."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from domain.model.errors import Conflict, TelecineError
from domain.model.failure import FailureCode
from domain.model.uploads.multipart import MIN_PART_BYTES
from domain.model.videos.lifecycle import VideoStatus
from domain.use_cases.uploads.receive_upload import ReceivedUpload
from domain.use_cases.uploads.upload_lease import LEASE_S, RENEW_EVERY_S
from entrypoints.bootstrap.use_cases.wire import wire
from entrypoints.config.settings import Settings
from entrypoints.config.uploads import UploadSettings
from tests.support.receiving import DECLARED, left_by_a_dead_server, receive, videos
from tests.support.uploading import TWO_PARTS
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio


async def test_a_request_whose_server_died_releases_its_key(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key is free after a minute; then the old video fails, is erased, and counts for no quota."""
    left = await left_by_a_dead_server(world, monkeypatch)
    world.clock.advance(LEASE_S)
    with pytest.raises(Conflict, match="still running"):
        await receive(world, key="again")
    world.clock.advance(1)
    received = await receive(world, key="again")
    assert not received.is_replay
    replaced = await world.video(left.id)
    assert replaced.failure is not None
    assert (replaced.status, replaced.failure.code) == (VideoStatus.FAILED, FailureCode.UPLOAD_FAILED)
    assert (await receive(world, key="again")).video == received.video
    await world.run_jobs()
    assert world.multipart.uploads == {}


async def test_only_one_of_two_requests_takes_over_a_dead_servers_key(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both find the server dead, and one gets the key."""
    await left_by_a_dead_server(world, monkeypatch)
    world.clock.advance(LEASE_S + 1)
    results = await asyncio.gather(*(receive(world, key="again") for _ in range(2)), return_exceptions=True)
    assert [result.code for result in results if isinstance(result, Conflict)] == ["idempotency_key_in_use"]
    assert [video.is_uploaded for video in await videos(world)].count(True) == 1


async def test_a_slow_request_holds_its_key_until_its_end(world: World) -> None:
    """It holds for hours, even with short outages of the database, and the clean-up does not expire its upload."""
    settings = Settings(uploads=UploadSettings(abandoned_upload_seconds=3600))

    async def chunks() -> AsyncIterator[bytes]:
        yield TWO_PARTS[: MIN_PART_BYTES + 1]
        for number in range(600):
            world.database.is_down = number % 3 == 1
            await world.clock.wait_for_sleepers()
            await world.advance(RENEW_EVERY_S)
        world.database.is_down = False
        assert await wire(world.adapters, settings).clean_up.expire_uploads() == []
        with pytest.raises(Conflict, match="still running"):
            await receive(world, key="again")
        yield TWO_PARTS[MIN_PART_BYTES + 1 :]

    received = await world.application.uploads.receive(ADA, DECLARED, chunks(), key="again")
    assert received.video.is_uploaded
    assert world.clock.sleepers == 0


async def test_a_server_considered_dead_is_refused(world: World) -> None:
    """Its machine was suspended, for example: the video that took its place stays, and nothing is accepted twice."""
    taken: list[ReceivedUpload] = []

    async def chunks() -> AsyncIterator[bytes]:
        yield TWO_PARTS[: MIN_PART_BYTES + 1]
        world.database.is_down = True
        await world.clock.wait_for_sleepers()
        await world.advance(LEASE_S + 1)
        world.database.is_down = False
        taken.append(await receive(world, key="again"))
        await world.advance(RENEW_EVERY_S)
        yield TWO_PARTS[MIN_PART_BYTES + 1 :]

    with pytest.raises(Conflict) as refused:
        await world.application.uploads.receive(ADA, DECLARED, chunks(), key="again")
    assert refused.value.code == "upload_closed"
    assert (await receive(world, key="again")).video == taken[0].video
    assert [video.is_uploaded for video in await videos(world)].count(True) == 1
    await world.run_jobs()
    assert world.multipart.uploads == {}


async def test_a_lease_ends_with_its_deleted_video(world: World) -> None:
    """Its renewal finds no video, and stops."""

    async def chunks() -> AsyncIterator[bytes]:
        yield TWO_PARTS[: MIN_PART_BYTES + 1]
        await world.clock.wait_for_sleepers()
        await world.application.delete_video(ADA, (await videos(world))[0].id)
        await world.advance(RENEW_EVERY_S)
        assert world.clock.sleepers == 0
        yield TWO_PARTS[MIN_PART_BYTES + 1 :]

    with pytest.raises(TelecineError):
        await world.application.uploads.receive(ADA, DECLARED, chunks(), key="again")
