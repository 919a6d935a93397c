"""The contract of every database: transactions."""

import asyncio

import pytest

from domain.model.access.quota import Usage
from domain.model.errors import AlreadyExists, JobNotFound, VideoNotFound
from domain.model.ids import VideoId
from domain.model.transcripts.transcript import ChunkTranscript
from domain.model.videos.lifecycle import VideoStatus
from domain.ports.database import Database
from domain.ports.event_bus import EventsWritten
from tests.contract.conftest import ObservedBus
from tests.support.builders import (
    JOB_ID,
    NOW,
    OWNER,
    VIDEO_ID,
    a_new_job,
    a_source,
    a_transcript,
    a_video,
    an_idempotency_key,
)

pytestmark = pytest.mark.anyio


class SomethingBroke(Exception):
    """Raised inside a unit of work."""


async def test_writes_are_visible_after_the_commit(database: Database) -> None:
    """A unit of work commits when its block ends."""
    video = a_video()
    async with database.write() as work:
        await work.videos.add(video)
    async with database.read() as work:
        assert await work.videos.get(video.id) == video


async def test_rollback_drops_every_write(database: Database) -> None:
    """A unit of work that raises changes no repository, and the error is passed on."""

    async def break_half_way() -> None:
        async with database.write() as work:
            await work.videos.add(a_video())
            await work.jobs.add(a_new_job())
            await work.transcripts.save(a_transcript())
            await work.idempotency_keys.add(an_idempotency_key())
            assert await work.schedule.try_acquire("sweep", every_s=3600)
            assert (await work.usage.lock(OWNER))[OWNER].videos_in_flight == 1
            raise SomethingBroke

    with pytest.raises(SomethingBroke):
        await break_half_way()
    async with database.read() as work:
        with pytest.raises(VideoNotFound):
            await work.videos.get(VIDEO_ID)
        assert await work.jobs.of_video(VIDEO_ID) == []
        assert await work.idempotency_keys.find(OWNER, an_idempotency_key().key) is None
    async with database.write() as work:
        assert await work.schedule.try_acquire("sweep", every_s=3600)
        assert (await work.usage.lock(OWNER))[OWNER] == Usage()


async def test_a_unit_of_work_reads_its_own_writes(database: Database) -> None:
    """A write is visible at once inside its unit of work."""
    async with database.write() as work:
        await work.videos.add(a_video())
        assert (await work.videos.get(VIDEO_ID)).id == VIDEO_ID


async def test_a_refused_write_leaves_the_unit_of_work_usable(database: Database) -> None:
    """The caller may continue after the error, and commit."""
    async with database.write() as work:
        with pytest.raises(VideoNotFound):
            await work.transcripts.save(a_transcript())
        with pytest.raises(JobNotFound):
            await work.transcripts.save_chunk(JOB_ID, 0, ChunkTranscript("Hello."))
        await work.jobs.add(a_new_job())
        with pytest.raises(AlreadyExists):
            await work.jobs.add(a_new_job())
        await work.videos.add(a_video())
    async with database.read() as work:
        assert (await work.videos.get(VIDEO_ID)).id == VIDEO_ID
        assert [job.id for job in await work.jobs.of_video(VIDEO_ID)] == [JOB_ID]


async def test_a_reader_sees_one_state(database: Database) -> None:
    """A commit during the read is visible only to later reads."""
    async with database.read() as reading:
        with pytest.raises(VideoNotFound):
            await reading.videos.get(VIDEO_ID)
        async with database.write() as writing:
            await writing.videos.add(a_video())
        with pytest.raises(VideoNotFound):
            await reading.videos.get(VIDEO_ID)


async def test_readers_do_not_see_what_is_not_committed(database: Database) -> None:
    """A reader that runs with a writer sees the state before it."""
    async with database.write() as writing:
        await writing.videos.add(a_video())
        async with database.read() as reading:
            with pytest.raises(VideoNotFound):
                await reading.videos.get(VIDEO_ID)


async def test_writers_do_not_lose_each_others_changes(database: Database) -> None:
    """Twenty concurrent read-modify-writes count to twenty, because each waits for the one before."""
    async with database.write() as work:
        await work.videos.add(a_video())

    async def count() -> None:
        async with database.write() as work:
            video = await work.videos.get(VIDEO_ID)
            size_bytes = video.source.size_bytes
            counted = a_video(source=a_source(size_bytes=size_bytes + 1))
            await work.videos.save(counted)

    before = a_video().source.size_bytes
    await asyncio.gather(*(count() for _ in range(20)))
    async with database.read() as work:
        assert (await work.videos.get(VIDEO_ID)).source.size_bytes == before + 20


async def test_a_cancelled_unit_of_work_leaves_no_trace(database: Database) -> None:
    """Cancelling a writer rolls back its changes and lets the next writer start."""
    entered = asyncio.Event()

    async def write_for_ever() -> None:
        async with database.write() as work:
            await work.videos.add(a_video())
            entered.set()
            await asyncio.Event().wait()

    writer = asyncio.create_task(write_for_ever())
    await entered.wait()
    writer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writer
    other = a_video(id=VideoId("other"))
    async with database.write() as work:
        await work.videos.add(other)
        with pytest.raises(VideoNotFound):
            await work.videos.get(VIDEO_ID)


async def test_a_commit_with_events_is_announced_once(database: Database, bus: ObservedBus) -> None:
    """After the commit, when a reader finds the events; other commits, and readers, are not announced."""
    found: list[bool] = []

    async def look() -> None:
        async with database.read() as reading:
            found.append(await reading.events.has_unsettled())

    bus.observe = look
    async with database.write() as work:
        await work.videos.add(a_video())
    async with database.read() as work:
        await work.videos.get(VIDEO_ID)
    assert (bus.published, found) == ([], [])
    async with database.write() as work:
        await work.videos.save(a_video(status=VideoStatus.COMPLETED))
        await work.videos.delete(VIDEO_ID, now=NOW)
    async with database.write() as work:
        assert await work.events.settle() == a_video(status=VideoStatus.COMPLETED).event_seq + 1
    assert (bus.published, found) == ([EventsWritten()], [True])


async def test_a_rollback_is_not_announced(database: Database, bus: ObservedBus) -> None:
    """There is nothing to read."""

    async def break_half_way() -> None:
        async with database.write() as work:
            await work.videos.add(a_video(status=VideoStatus.UPLOADED))
            raise SomethingBroke

    with pytest.raises(SomethingBroke):
        await break_half_way()
    assert bus.published == []


@pytest.mark.parametrize("fault", [OSError("refused"), RuntimeError("closed"), TimeoutError()])
async def test_a_fault_of_the_bus_fails_nothing(database: Database, bus: ObservedBus, fault: Exception) -> None:
    """The transaction has committed; the log is read every few seconds anyhow."""
    bus.fault = fault
    async with database.write() as work:
        await work.videos.add(a_video(status=VideoStatus.UPLOADED))
    async with database.read() as work:
        assert await work.events.has_unsettled()


async def test_a_working_database_passes_its_check(database: Database) -> None:
    """The readiness probe reports this check."""
    await database.check()
