"""The overview of an operator: what it counts, and how often."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from adapters.fakes.operations_repository import InMemoryOperationsRepository
from domain.model.jobs.payloads import QueueName
from domain.model.operations.overview import MinuteCounts, minute_of
from tests.support.world import UserId, open_world

pytestmark = pytest.mark.anyio


async def test_it_counts_videos_queues_and_events(tmp_path: Path) -> None:
    """Of all users."""
    async with open_world(tmp_path) as world:
        await world.upload_and_process()
        await world.upload(owner=UserId("grace"))
        await world.request_upload(b"x" * 10)
        overview = await world.application.operations.get_overview()
        media = next(queue for queue in overview.queues if queue.name is QueueName.MEDIA)
        assert (media.waiting, media.due, media.running) == (1, 1, 0)
        assert (overview.videos.uploading, overview.videos.uploaded, overview.videos.completed) == (1, 1, 1)
        assert overview.videos.stored_bytes > 0
        at = minute_of(world.clock.now())
        assert overview.last_hour[-1] == MinuteCounts(at, completed=1, uploaded=2)


async def test_a_past_minute_is_counted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Later calls read only the minutes that are not final yet, and forget those older than an hour."""
    asked: list[datetime] = []
    minutes = InMemoryOperationsRepository.minutes

    async def noted(self: InMemoryOperationsRepository, *, since: datetime) -> list[MinuteCounts]:
        asked.append(since)
        return await minutes(self, since=since)

    monkeypatch.setattr(InMemoryOperationsRepository, "minutes", noted)
    async with open_world(tmp_path) as world:
        get_overview = world.application.operations.get_overview
        await world.upload_and_process()
        uploaded_at = minute_of(world.clock.now())
        for _ in range(3):
            await get_overview()
        world.clock.advance(600.0)
        await get_overview()
        overview = await get_overview()
        now = world.clock.now()
        assert MinuteCounts(uploaded_at, completed=1, uploaded=1) in overview.last_hour
        assert asked[0] == minute_of(uploaded_at - timedelta(minutes=59))
        assert asked[-1] == minute_of(now - timedelta(minutes=2))
        world.clock.advance(3600.0)
        assert sum(minute.completed for minute in (await get_overview()).last_hour) == 0
