"""Registering new videos, many in one commit."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from adapters.fakes.clock import FakeClock
from adapters.fakes.database import InMemoryDatabase
from domain.model.access.quota import Quota
from domain.model.errors import AlreadyExists, Unavailable
from domain.model.ids import VideoId
from domain.model.videos.video import Video
from domain.ports.database import UnitOfWork
from domain.use_cases.jobs.group_commit import MAX_GROUP_SIZE
from domain.use_cases.videos.register_videos import RegisterVideos
from tests.support.builders import a_uuid, a_video
from tests.support.world import until

pytestmark = pytest.mark.anyio


class CountingDatabase(InMemoryDatabase):
    """Counts its write transactions, each of which takes a turn of the event loop."""

    def __init__(self) -> None:
        super().__init__(FakeClock())
        self.writes = 0

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[UnitOfWork]:
        """Count the transaction."""
        self.writes += 1
        async with super().write() as work:
            await asyncio.sleep(0)
            yield work


@pytest.fixture
def database() -> CountingDatabase:
    """An empty database."""
    return CountingDatabase()


def new_videos(count: int) -> list[Video]:
    """Build this many videos with different ids."""
    return [a_video(id=VideoId(a_uuid(number))) for number in range(count)]


async def admit_all(database: CountingDatabase, videos: list[Video]) -> list[BaseException | None]:
    """Register them all concurrently; return the result or error of each."""
    admit = RegisterVideos(database, Quota())
    return await asyncio.gather(*(admit(video) for video in videos), return_exceptions=True)


async def stored(database: CountingDatabase, video: Video) -> Video:
    """Read the video from the database."""
    async with database.read() as work:
        return await work.videos.get(video.id)


async def test_concurrent_videos_commit_together(database: CountingDatabase) -> None:
    """Few commits store many videos, and each video is stored when its call returns."""
    videos = new_videos(2 * MAX_GROUP_SIZE + 1)
    assert await admit_all(database, videos) == [None] * len(videos)
    assert database.writes == 3
    for video in videos:
        assert await stored(database, video) == video


async def test_calls_during_a_commit_share_the_next(database: CountingDatabase) -> None:
    """The second commit stores all of them."""
    admit = RegisterVideos(database, Quota())
    first, *others = new_videos(5)
    earlier = asyncio.create_task(admit(first))
    await until(lambda: database.writes == 1)
    await asyncio.gather(*(admit(video) for video in others))
    await earlier
    assert database.writes == 2
    await admit(a_video(id=VideoId(a_uuid(9))))
    assert database.writes == 3


async def test_a_taken_id_does_not_affect_other_videos(database: CountingDatabase) -> None:
    """Only the call that caused the error gets it."""
    taken, *others = new_videos(3)
    await admit_all(database, [taken])
    results = await admit_all(database, [others[0], taken, others[1]])
    assert [type(result) for result in results] == [type(None), AlreadyExists, type(None)]
    assert [await stored(database, video) for video in others] == others


async def test_every_call_fails_when_the_database_is_down(database: CountingDatabase) -> None:
    """No call succeeds without a stored video; later calls work again."""
    database.is_down = True
    assert [type(result) for result in await admit_all(database, new_videos(3))] == [Unavailable] * 3
    database.is_down = False
    assert await admit_all(database, new_videos(3)) == [None] * 3


async def test_a_cancelled_call_does_not_affect_the_others(database: CountingDatabase) -> None:
    """A client that disconnects while its video commits does not cancel the common commit."""
    admit = RegisterVideos(database, Quota())
    leaving, staying = (asyncio.create_task(admit(video)) for video in new_videos(2))
    await until(lambda: database.writes == 1)
    leaving.cancel()
    await staying
    await until(leaving.done)
    assert leaving.cancelled()
