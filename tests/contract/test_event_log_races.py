"""The contract of the event log: readers that follow it while many transactions write."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.model.ids import VideoId
from domain.model.videos.events import LoggedEvent
from domain.ports.database import Database
from tests.support.builders import NOW, a_uuid, a_video

pytestmark = pytest.mark.anyio

_NUMBERS = count(1)

# The videos that a transaction changes in this order, how often other tasks run before it ends, and whether it is kept.
_TRANSACTIONS = st.tuples(
    st.lists(st.integers(0, 2), min_size=1, max_size=3, unique=True).map(sorted), st.integers(0, 4), st.booleans()
)


class RolledBack(Exception):
    """Ends a transaction without a commit."""


async def _write(database: Database, video_ids: Sequence[VideoId], turns: int, *, is_kept: bool) -> None:
    """Write one event of each video, and two of the first."""
    with suppress(RolledBack):
        async with database.write() as work:
            for video_id in (*video_ids, video_ids[0]):
                video = await work.videos.get(video_id)
                await work.videos.save(video.captions_removed(now=NOW))
                for _ in range(turns):
                    await asyncio.sleep(0)
            if not is_kept:
                raise RolledBack


class Follower:
    """Reads the log page by page, as a stream of all events and one stream for each video."""

    def __init__(self, database: Database, video_ids: Sequence[VideoId], limit: int) -> None:
        self.read: list[LoggedEvent] = []
        self.of_videos: dict[VideoId, list[LoggedEvent]] = {video_id: [] for video_id in video_ids}
        self._database = database
        self._limit = limit

    async def start_at_the_end(self) -> None:
        """Skip the events of earlier examples."""
        while await self._settle():
            pass
        async with self._database.read() as work:
            self.position = await work.events.last_position()

    async def follow(self, writers: "asyncio.Future[list[None]]") -> None:
        """Read until the writers have ended and nothing is left."""
        is_ended = False
        while not is_ended:
            await asyncio.sleep(0)
            is_ended = writers.done()
            while await self._settle() or await self._read():
                pass

    async def _settle(self) -> int:
        async with self._database.write() as work:
            return await work.events.settle(limit=self._limit)

    async def _read(self) -> int:
        async with self._database.read() as work:
            page = await work.events.after(self.position, limit=self._limit)
            for video_id, known in self.of_videos.items():
                known.extend(await work.events.of_video(video_id, after_seq=len(known), limit=self._limit))
        self.read += page
        self.position = page[-1].position if page else self.position
        return len(page)


@given(transactions=st.lists(_TRANSACTIONS, min_size=2, max_size=12), limit=st.integers(1, 4))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_follower_misses_an_event_or_reads_one_too_early(
    database: Database, transactions: list[tuple[list[int], int, bool]], limit: int
) -> None:
    """Each committed event is read once, in the order of its video, whenever its transaction commits."""
    example = next(_NUMBERS)
    video_ids = [VideoId(a_uuid(example * 10 + number)) for number in range(3)]
    async with database.write() as work:
        await work.videos.add(*(a_video(id=video_id) for video_id in video_ids))
    followers = [Follower(database, video_ids, limit), Follower(database, video_ids, limit + 1)]
    for follower in followers:
        await follower.start_at_the_end()
    writers = asyncio.gather(
        *(
            _write(database, [video_ids[number] for number in numbers], turns, is_kept=is_kept)
            for numbers, turns, is_kept in transactions
        )
    )
    await asyncio.gather(writers, *(follower.follow(writers) for follower in followers))
    kept = [numbers for numbers, _, is_kept in transactions if is_kept]
    for follower in followers:
        positions = [each.position for each in follower.read]
        assert positions == sorted(set(positions))
        for number, video_id in enumerate(video_ids):
            expected = sum((number in numbers) + (number == numbers[0]) for numbers in kept)
            assert [each.event.seq for each in follower.of_videos[video_id]] == list(range(1, expected + 1))
            assert [each for each in follower.read if each.event.video_id == video_id] == follower.of_videos[video_id]
