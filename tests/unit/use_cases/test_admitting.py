"""Remembering new videos, many in one commit."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from adapters.fakes.clock import FakeClock
from adapters.fakes.database import InMemoryDatabase
from domain.model.errors import AlreadyExists, Unavailable
from domain.model.identity import VideoId
from domain.model.usage import Quota
from domain.model.video import Video
from domain.ports.database import UnitOfWork
from domain.use_cases.admit_video import AdmitVideo
from domain.use_cases.together import MAX_TOGETHER
from tests.builders import a_uuid, a_video
from tests.world import until

pytestmark = pytest.mark.anyio


class CountingDatabase(InMemoryDatabase):
    """Counts its writing transactions, which take a turn of the event loop each."""

    def __init__(self) -> None:
        super().__init__(FakeClock())
        self.writes = 0

    @asynccontextmanager
    async def write(self) -> AsyncGenerator[UnitOfWork]:
        """Count it."""
        self.writes += 1
        async with super().write() as work:
            await asyncio.sleep(0)
            yield work


@pytest.fixture
def database() -> CountingDatabase:
    """An empty one."""
    return CountingDatabase()


def some(count: int) -> list[Video]:
    """So many videos."""
    return [a_video(id=VideoId(a_uuid(number))) for number in range(count)]


async def admit_all(database: CountingDatabase, videos: list[Video]) -> list[BaseException | None]:
    """Admit them all at once; what became of each."""
    admit = AdmitVideo(database, Quota())
    return await asyncio.gather(*(admit(video) for video in videos), return_exceptions=True)


async def stored(database: CountingDatabase, video: Video) -> Video:
    """The video as it is remembered."""
    async with database.read() as work:
        return await work.videos.get(video.id)


async def test_what_comes_together_commits_together(database: CountingDatabase) -> None:
    """Few commits carry many videos, and each of them is there when its call returns."""
    videos = some(2 * MAX_TOGETHER + 1)
    assert await admit_all(database, videos) == [None] * len(videos)
    assert database.writes == 3
    for video in videos:
        assert await stored(database, video) == video


async def test_who_comes_during_a_commit_shares_the_next(database: CountingDatabase) -> None:
    """Nobody is forgotten, and nobody waits for a third commit."""
    admit = AdmitVideo(database, Quota())
    first, *others = some(5)
    earlier = asyncio.create_task(admit(first))
    await until(lambda: database.writes == 1)
    await asyncio.gather(*(admit(video) for video in others))
    await earlier
    assert database.writes == 2
    await admit(a_video(id=VideoId(a_uuid(9))))
    assert database.writes == 3


async def test_one_that_is_taken_hinders_no_other(database: CountingDatabase) -> None:
    """The error goes to the call that caused it."""
    taken, *others = some(3)
    await admit_all(database, [taken])
    results = await admit_all(database, [others[0], taken, others[1]])
    assert [type(result) for result in results] == [type(None), AlreadyExists, type(None)]
    assert [await stored(database, video) for video in others] == others


async def test_everybody_hears_that_the_database_is_away(database: CountingDatabase) -> None:
    """Nobody is told of an upload that is not remembered; later calls try again."""
    database.is_down = True
    assert [type(result) for result in await admit_all(database, some(3))] == [Unavailable] * 3
    database.is_down = False
    assert await admit_all(database, some(3)) == [None] * 3


async def test_one_who_leaves_takes_nobody_along(database: CountingDatabase) -> None:
    """A client that hangs up while its video commits does not hurt the others."""
    admit = AdmitVideo(database, Quota())
    leaving, staying = (asyncio.create_task(admit(video)) for video in some(2))
    await until(lambda: database.writes == 1)
    leaving.cancel()
    await staying
    await until(leaving.done)
    assert leaving.cancelled()
