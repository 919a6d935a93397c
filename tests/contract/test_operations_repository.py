"""The contract of what an operator reads, over every database."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from domain.model.ids import JobId, UserId, VideoId
from domain.model.jobs.job import Job, JobState, NewJob
from domain.model.jobs.payloads import ErasePayload, JobKind, JobPayload, ProcessPayload
from domain.model.operations.overview import KindDepth, MinuteCounts, VideoTotals, minute_of
from domain.model.operations.user_usage import UserCursor, UserUsage
from domain.model.videos.pagination import Cursor
from domain.model.videos.video import Video
from domain.ports.database import Database
from tests.support.builders import NOW, a_failure, a_publication, a_source, a_uuid, a_video

pytestmark = pytest.mark.anyio

ADA, GRACE, EVE = UserId("ada"), UserId("grace"), UserId("eve")


async def add_job(database: Database, number: int, payload: JobPayload, *, delay_s: float = 0.0) -> Job:
    """A queued job."""
    async with database.write() as work:
        return await work.jobs.add(NewJob(JobId(a_uuid(number)), VideoId(a_uuid(900)), payload, 3, delay_s))


async def claim(database: Database, job: Job, worker: str | None = None) -> Job:
    """The job in the hands of a worker."""
    async with database.write() as work:
        return await work.jobs.claim(job.id, lease_s=60, worker=worker)


async def bury(database: Database, job: Job) -> None:
    """The job after its last attempt."""
    async with database.write() as work:
        await work.jobs.bury(job.lease, error="compression_failed: no")


async def pages(database: Database, state: JobState, limit: int) -> list[list[JobId]]:
    """The ids of every page of the list."""
    found: list[list[JobId]] = []
    after: Cursor | None = None
    async with database.read() as work:
        while rows := await work.operations.jobs(state, limit=limit, after=after):
            found.append([job.id for job in rows])
            after = Cursor(rows[-1].run_after, VideoId(rows[-1].id))
    return found


def a_video_of(owner: UserId, number: int, size_bytes: int) -> Video:
    """An upload of this user."""
    return a_video(id=VideoId(a_uuid(number)), owner=owner, source=replace(a_source(), size_bytes=size_bytes))


def ended(video: Video, *, is_failed: bool = False) -> Video:
    """The video after its work, with a rendition of 100 bytes."""
    processing = video.uploaded(etag="e", now=NOW).processing_started(now=NOW)
    if is_failed:
        return processing.processing_failed(a_failure(), now=NOW)
    publication = a_publication()
    (main,) = publication.renditions
    return processing.published(replace(publication, renditions=(replace(main, size_bytes=100),)), now=NOW).completed(
        now=NOW
    )


async def test_an_empty_database_has_nothing(database: Database) -> None:
    """Every kind of job is counted with zero."""
    async with database.read() as work:
        assert {depth.kind: depth for depth in await work.operations.depths()} == {k: KindDepth(k) for k in JobKind}
        assert await work.operations.totals() == VideoTotals()
        assert await work.operations.users(limit=10) == []
        assert await work.operations.minutes(since=NOW) == []
    for state in JobState:
        assert await pages(database, state, 10) == []


async def test_live_jobs_are_counted_by_kind(database: Database) -> None:
    """A delayed job waits, but is not due; done and dead jobs do not count."""
    first = await add_job(database, 1, ProcessPayload())
    await add_job(database, 2, ProcessPayload())
    await add_job(database, 3, ErasePayload(), delay_s=3600)
    running, done = await add_job(database, 4, ProcessPayload()), await add_job(database, 5, ProcessPayload())
    await claim(database, running)
    finished = await claim(database, done)
    async with database.write() as work:
        await work.jobs.finish(finished.lease)
    await bury(database, await claim(database, await add_job(database, 6, ProcessPayload())))
    async with database.read() as work:
        depths = {depth.kind: depth for depth in await work.operations.depths()}
        assert depths[JobKind.PROCESS] == KindDepth(JobKind.PROCESS, 2, 2, 1, first.run_after)
        assert depths[JobKind.ERASE] == KindDepth(JobKind.ERASE, 1, 0, 0, None)
        assert await work.operations.now() >= first.run_after


async def test_jobs_are_listed_in_pages(database: Database) -> None:
    """Queued and running ones oldest first, over all kinds; dead ones newest first."""
    payloads = [ProcessPayload(), ErasePayload(), ProcessPayload(), ErasePayload(), ProcessPayload()]
    queued = [await add_job(database, n, payloads[n], delay_s=float(100 - n)) for n in range(5)]
    assert await pages(database, JobState.QUEUED, 2) == [
        [queued[4].id, queued[3].id],
        [queued[2].id, queued[1].id],
        [queued[0].id],
    ]
    running = [await claim(database, await add_job(database, n, payloads[n - 10])) for n in (10, 11, 12)]
    assert [id_ for page in await pages(database, JobState.RUNNING, 2) for id_ in page] == [j.id for j in running]
    for job in running:
        await bury(database, job)
    dead = [job.id for job in sorted(running, key=lambda job: (job.run_after, job.id), reverse=True)]
    assert await pages(database, JobState.DEAD, 2) == [dead[:2], dead[2:]]
    assert await pages(database, JobState.RUNNING, 2) == []


async def test_a_job_has_its_times_and_its_worker(database: Database) -> None:
    """The time of the last change follows each change of the state."""
    added = await add_job(database, 1, ProcessPayload())
    claimed = await claim(database, added, worker="host:17")
    async with database.read() as work:
        (listed,) = await work.operations.jobs(JobState.RUNNING, limit=5)
    assert listed.worker == claimed.worker == "host:17"
    assert added.created_at is not None
    assert added.created_at == listed.created_at == added.updated_at
    assert listed.updated_at is not None
    assert listed.updated_at >= added.created_at
    await bury(database, claimed)
    async with database.read() as work:
        (dead,) = await work.operations.jobs(JobState.DEAD, limit=5)
    assert (dead.worker, dead.last_error) == ("host:17", "compression_failed: no")
    assert dead.updated_at is not None
    assert dead.updated_at >= listed.updated_at


async def test_videos_and_bytes_of_all_users_are_summed(database: Database) -> None:
    """By status; the bytes are those that count towards quotas."""
    processing = a_video_of(GRACE, 4, 40).uploaded(etag="e", now=NOW)
    async with database.write() as work:
        await work.videos.add(a_video_of(ADA, 1, 10), ended(a_video_of(ADA, 2, 20)))
        await work.videos.add(ended(a_video_of(GRACE, 3, 30), is_failed=True), processing)
        await work.videos.add(a_video_of(EVE, 5, 50))
    async with database.write() as work:
        await work.videos.save((await work.videos.get(processing.id)).processing_started(now=NOW))
        await work.videos.delete(VideoId(a_uuid(5)), now=NOW)
    async with database.read() as work:
        totals = await work.operations.totals()
    assert totals == VideoTotals(uploading=1, processing=1, completed=1, failed=1, stored_bytes=180)
    assert totals.videos == 4


async def test_users_are_listed_by_what_they_store(database: Database) -> None:
    """Most bytes first; a user whose videos are deleted is absent."""
    async with database.write() as work:
        await work.videos.add(a_video_of(ADA, 1, 50), a_video_of(ADA, 2, 50), ended(a_video_of(GRACE, 3, 9)))
        await work.videos.add(a_video_of(EVE, 4, 1), a_video_of(UserId("zoe"), 5, 7))
        await work.videos.delete(VideoId(a_uuid(5)), now=NOW)
    expected = [UserUsage(ADA, 2, 100, 2), UserUsage(GRACE, 1, 100, 0), UserUsage(EVE, 1, 1, 1)]
    async with database.read() as work:
        assert await work.operations.users(limit=10) == expected
        for before, after in pairwise(expected):
            assert await work.operations.users(limit=1, after=UserCursor.after(before)) == [after]
        assert await work.operations.users(limit=1, after=UserCursor.after(expected[-1])) == []


async def test_a_recount_corrects_the_numbers_of_videos(database: Database) -> None:
    """A process of an older version does not update them."""
    async with database.write() as work:
        closed = a_video_of(ADA, 3, 30).upload_closed(a_failure(), now=NOW)
        await work.videos.add(ended(a_video_of(ADA, 1, 10)), ended(a_video_of(ADA, 2, 20), is_failed=True), closed)
    async with database.write() as work:
        before = (await work.usage.lock(ADA))[ADA]
        assert await work.usage.recount() == ADA
        assert (await work.usage.lock(ADA))[ADA] == before
    assert (before.completed, before.failed, before.videos) == (1, 2, 3)


async def test_events_are_counted_by_minute(database: Database) -> None:
    """From a time on; other events do not count."""
    later = NOW + timedelta(minutes=2)
    async with database.write() as work:
        await work.videos.add(ended(a_video_of(ADA, 1, 10)), ended(a_video_of(ADA, 2, 10), is_failed=True))
        await work.videos.add(a_video_of(GRACE, 3, 10).uploaded(etag="e", now=later))
    async with database.read() as work:
        assert await work.operations.minutes(since=minute_of(NOW)) == [
            MinuteCounts(minute_of(NOW), completed=1, failed=1, uploaded=2),
            MinuteCounts(minute_of(later), uploaded=1),
        ]
        assert await work.operations.minutes(since=minute_of(later)) == [MinuteCounts(minute_of(later), uploaded=1)]
