"""The positions of events while transactions on Postgres are held open at chosen steps."""

import asyncio

import pytest
from sqlalchemy import select

from adapters.sql.database import SqlDatabase
from adapters.sql.tables import events
from domain.model.ids import VideoId
from domain.model.videos.events import EventType
from domain.ports.database import UnitOfWork
from tests.integration.sql.waiting import one_waits
from tests.support.builders import NOW, OWNER, a_uuid, a_video

pytestmark = pytest.mark.anyio

HELD, *OTHERS = (VideoId(a_uuid(number)) for number in range(1, 5))


@pytest.fixture(autouse=True)
async def _uploads(postgres: SqlDatabase) -> None:
    async with postgres.write() as work:
        await work.videos.add(*(a_video(id=video_id) for video_id in (HELD, *OTHERS)))


async def _upload(work: UnitOfWork, video_id: VideoId) -> None:
    await work.videos.save((await work.videos.get(video_id)).uploaded(etag="e", now=NOW))


async def _commit(database: SqlDatabase, *video_ids: VideoId) -> None:
    for video_id in video_ids:
        async with database.write() as work:
            await _upload(work, video_id)


async def _settle(database: SqlDatabase) -> int:
    async with database.write() as work:
        return await work.events.settle()


async def _after(database: SqlDatabase, position: int) -> list[tuple[int, VideoId | None]]:
    async with database.read() as work:
        read = await work.events.after(position, limit=100, owner=OWNER)
    return [(each.position, each.event.video_id) for each in read]


async def test_a_cursor_does_not_step_over_a_transaction_that_is_held_open(postgres: SqlDatabase) -> None:
    """Its event was inserted first and commits last; those that commit in between are read without waiting for it.

    A cursor over the numbers of the insert would miss it.
    """
    async with postgres.write() as holding:
        await _upload(holding, HELD)
        await _commit(postgres, *OTHERS)
        assert await _settle(postgres) == len(OTHERS)
        read = await _after(postgres, 0)
        assert read == list(enumerate(OTHERS, start=1))
    cursor = read[-1][0]
    assert await _after(postgres, cursor) == []
    assert await _settle(postgres) == 1
    assert await _after(postgres, cursor) == [(cursor + 1, HELD)]
    async with postgres._engine.connect() as connection:
        inserted = (await connection.execute(select(events.c.video_id).order_by(events.c.id))).scalars().all()
    assert inserted == [HELD, *OTHERS]


async def test_a_settle_waits_for_the_one_before_it(postgres: SqlDatabase) -> None:
    """Otherwise its higher positions could be read before the lower ones; writers wait for neither."""
    await _commit(postgres, OTHERS[0])
    async with postgres.write() as settling:
        assert await settling.events.settle() == 1
        await _commit(postgres, OTHERS[1])
        second = asyncio.create_task(_settle(postgres))
        await one_waits(postgres)
        await _commit(postgres, OTHERS[2])
        assert await _after(postgres, 0) == []
    # It numbers what had committed when it got the lock, not only what had when it began to wait.
    assert await second == 2
    assert await _after(postgres, 0) == list(enumerate(OTHERS, start=1))


async def test_a_settle_that_is_rolled_back_leaves_no_gap(postgres: SqlDatabase) -> None:
    """Its positions are given by the next."""
    await _commit(postgres, OTHERS[0])

    async def settle_and_break() -> None:
        async with postgres.write() as work:
            await work.events.settle()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await settle_and_break()
    assert await _settle(postgres) == 1
    assert await _after(postgres, 0) == [(1, OTHERS[0])]


async def test_a_reader_of_one_state_reads_a_log_of_one_state(postgres: SqlDatabase) -> None:
    """A snapshot of a video and the position at which its events continue belong together."""
    await _commit(postgres, OTHERS[0])
    async with postgres.read() as reading:
        assert await reading.events.last_position() == 0
        await _settle(postgres)
        assert await reading.events.after(0, limit=10) == []
        assert (await reading.events.last_position(), await reading.events.has_unsettled()) == (0, True)


async def test_deleting_waits_for_a_settle_and_keeps_the_counts(postgres: SqlDatabase) -> None:
    """Both change the row of positions."""
    await _commit(postgres, OTHERS[0])
    await _settle(postgres)
    await _commit(postgres, OTHERS[1])

    async def delete() -> int:
        async with postgres.write() as work:
            return await work.events.delete_older(NOW.replace(year=NOW.year + 1), limit=100)

    async with postgres.write() as settling:
        await settling.events.settle()
        deleting = asyncio.create_task(delete())
        await one_waits(postgres)
    assert await deleting == 2
    async with postgres.read() as work:
        assert (await work.events.last_position(), await work.events.deleted_through()) == (2, 2)


async def test_events_that_only_a_newer_version_knows_are_skipped(postgres: SqlDatabase) -> None:
    """During a rolling upgrade, old processes read the log of new ones."""
    await _commit(postgres, *OTHERS)
    async with postgres._engine.begin() as connection:
        await connection.execute(events.update().values(type="video.archived").where(events.c.video_id == OTHERS[1]))
    await _settle(postgres)
    assert await _after(postgres, 0) == [(1, OTHERS[0]), (3, OTHERS[2])]
    async with postgres.read() as work:
        assert [each.event.type for each in await work.events.of_video(OTHERS[1], after_seq=0, limit=9)] == []
        assert (await work.events.after(0, limit=1))[0].event.type is EventType.UPLOAD_COMPLETED
