"""The contract of every job repository: claims, leases and fences."""

import asyncio
from datetime import timedelta

import pytest

from domain.model.errors import AlreadyExists, JobNotFound, JobUnavailable, LeaseLost
from domain.model.ids import JobId, VideoId
from domain.model.jobs.job import Job, JobState, Lease
from domain.model.jobs.payloads import (
    DeliverPayload,
    ErasePayload,
    ImportPayload,
    IndexPayload,
    JobPayload,
    OpenUpload,
    PosterPayload,
    ProcessPayload,
    RetranscribePayload,
    TranscribePayload,
)
from domain.model.object_key import ObjectKey
from domain.ports.database import Database
from domain.ports.job_repository import JobRepository
from tests.support.builders import JOB_ID, VIDEO_ID, a_new_job, a_span, a_uuid

pytestmark = pytest.mark.anyio

LEASE_S = 60.0
EXPIRED_S = -1.0


async def _add(database: Database, *, delay_s: float = 0.0, max_attempts: int = 5) -> None:
    async with database.write() as work:
        await work.jobs.add(a_new_job(delay_s=delay_s, max_attempts=max_attempts))


async def _claim(database: Database, *, lease_s: float = LEASE_S) -> Job:
    async with database.write() as work:
        return await work.jobs.claim(JOB_ID, lease_s=lease_s)


async def _revive(database: Database) -> Job:
    async with database.write() as work:
        return await work.jobs.revive(JOB_ID)


async def _get(database: Database) -> Job:
    async with database.read() as work:
        return await work.jobs.get(JOB_ID)


@pytest.mark.parametrize(
    "payload",
    [
        ImportPayload(),
        ProcessPayload(),
        TranscribePayload(ObjectKey("derived/u/v/1-audio.ogg"), (a_span(), a_span(start_s=20.0, end_s=30.0)), 2),
        RetranscribePayload(2),
        PosterPayload(93.25),
        IndexPayload(),
        IndexPayload(after=VIDEO_ID),
        DeliverPayload(),
        ErasePayload(
            keys=(ObjectKey("videos/u/v.mp4"),),
            prefixes=("derived/u/v/",),
            keep=(ObjectKey("derived/u/v/1-poster.jpg"),),
            uploads=(OpenUpload(ObjectKey("videos/u/v.mp4"), "2~" + "x" * 2000),),
            through_fence=3,
        ),
    ],
)
async def test_a_payload_is_stored_unchanged(database: Database, payload: JobPayload) -> None:
    """A job of every kind is read as it was added: queued, without an attempt."""
    async with database.write() as work:
        added = await work.jobs.add(a_new_job(payload=payload))
    job = await _get(database)
    assert job == added
    assert job.payload == payload
    assert (job.state, job.attempt, job.fence) == (JobState.QUEUED, 0, 0)


async def test_an_unknown_job_is_not_found(database: Database) -> None:
    """It can neither be read nor claimed."""
    with pytest.raises(JobNotFound):
        await _get(database)
    with pytest.raises(JobUnavailable):
        await _claim(database)


async def test_an_id_is_taken_once(database: Database) -> None:
    """A second job cannot replace the first one."""
    await _add(database)
    with pytest.raises(AlreadyExists):
        await _add(database)


async def test_a_claim_raises_attempt_and_fence(database: Database) -> None:
    """The worker gets a lease; the row has the same values."""
    await _add(database)
    job = await _claim(database)
    assert (job.state, job.attempt, job.fence) == (JobState.RUNNING, 1, 1)
    assert job == await _get(database)


async def test_a_job_is_claimed_by_one(database: Database) -> None:
    """Of many concurrent claims one succeeds."""
    await _add(database)
    outcomes = await asyncio.gather(*(_claim(database) for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(outcome, Job) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, JobUnavailable) for outcome in outcomes) == 9


async def test_a_job_that_is_not_due_is_not_claimed(database: Database) -> None:
    """Back-off is a time before which no worker may begin."""
    await _add(database, delay_s=3600)
    with pytest.raises(JobUnavailable):
        await _claim(database)


async def test_an_abandoned_job_is_claimed_again(database: Database) -> None:
    """After the lease expires the next worker may claim the job, and the fence increases."""
    await _add(database)
    await _claim(database, lease_s=EXPIRED_S)
    assert (await _claim(database)).fence == 2


async def test_a_job_without_attempts_left_is_not_claimed(database: Database) -> None:
    """The number of attempts stops a job that kills its worker."""
    await _add(database, max_attempts=2)
    for _ in range(2):
        await _claim(database, lease_s=EXPIRED_S)
    with pytest.raises(JobUnavailable):
        await _claim(database)


async def _every_change(jobs: JobRepository, lease: Lease) -> None:
    """Every method that requires the lease."""
    with pytest.raises(LeaseLost):
        await jobs.lock(lease)
    with pytest.raises(LeaseLost):
        await jobs.renew(lease, lease_s=LEASE_S)
    with pytest.raises(LeaseLost):
        await jobs.finish(lease)
    with pytest.raises(LeaseLost):
        await jobs.reschedule(lease, delay_s=0, error="late")
    with pytest.raises(LeaseLost):
        await jobs.release(lease)
    with pytest.raises(LeaseLost):
        await jobs.bury(lease, error="late")
    with pytest.raises(LeaseLost):
        await jobs.free(lease)
    with pytest.raises(LeaseLost):
        await jobs.park(lease, delay_s=0)


async def test_a_stale_worker_changes_nothing(database: Database) -> None:
    """Every change with an older fence is rejected."""
    await _add(database)
    stale = await _claim(database, lease_s=EXPIRED_S)
    current = await _claim(database)
    async with database.write() as work:
        await _every_change(work.jobs, stale.lease)
    assert await _get(database) == current


async def test_a_finished_job_changes_no_more(database: Database) -> None:
    """A finished job cannot be changed, not even by its own worker."""
    await _add(database)
    job = await _claim(database)
    async with database.write() as work:
        await work.jobs.lock(job.lease)
        await work.jobs.finish(job.lease)
        await _every_change(work.jobs, job.lease)
    assert (await _get(database)).state is JobState.DONE
    with pytest.raises(JobUnavailable):
        await _claim(database)


async def test_deleting_the_jobs_of_a_video_revokes_their_leases(database: Database) -> None:
    """Deleting revokes the leases of running jobs; deleting again is allowed."""
    await _add(database)
    job = await _claim(database)
    async with database.write() as work:
        await work.jobs.add(a_new_job(id=JobId(a_uuid(7)), video_id=VideoId("another")))
    for _ in range(2):
        async with database.write() as work:
            await work.jobs.delete_of_video(VIDEO_ID)
    async with database.write() as work:
        await _every_change(work.jobs, job.lease)
        assert await work.jobs.of_video(VIDEO_ID) == []
        assert len(await work.jobs.of_video(VideoId("another"))) == 1


async def test_renewing_keeps_a_job(database: Database) -> None:
    """A renewed lease ends later, and the job does not count as abandoned."""
    await _add(database)
    job = await _claim(database, lease_s=EXPIRED_S)
    async with database.write() as work:
        assert [job.id for job in await work.jobs.abandoned(limit=10)] == [JOB_ID]
        await work.jobs.renew(job.lease, lease_s=LEASE_S)
        assert await work.jobs.abandoned(limit=10) == []


async def test_a_rescheduled_job_waits(database: Database) -> None:
    """It is queued with its error, and due only after the delay; the attempt counts."""
    await _add(database)
    job = await _claim(database)
    async with database.write() as work:
        await work.jobs.reschedule(job.lease, delay_s=3600, error="unavailable: the bucket is away")
    waiting = await _get(database)
    assert (waiting.state, waiting.attempt, waiting.last_error) == (
        JobState.QUEUED,
        1,
        "unavailable: the bucket is away",
    )
    assert job.lease_until is not None
    assert waiting.run_after > job.lease_until + timedelta(minutes=30)
    with pytest.raises(JobUnavailable):
        await _claim(database)


async def test_a_released_job_can_be_claimed_at_once(database: Database) -> None:
    """A worker that stops charges no attempt, but the fence increases."""
    await _add(database)
    job = await _claim(database)
    async with database.write() as work:
        await work.jobs.release(job.lease)
    again = await _claim(database)
    assert (again.attempt, again.fence) == (1, 2)


async def test_a_buried_job_stays_dead(database: Database) -> None:
    """It keeps its error and is never claimed."""
    await _add(database)
    job = await _claim(database)
    async with database.write() as work:
        await work.jobs.bury(job.lease, error="not_a_video")
    buried = await _get(database)
    assert (buried.state, buried.last_error) == (JobState.DEAD, "not_a_video")
    with pytest.raises(JobUnavailable):
        await _claim(database)


async def test_a_dead_job_is_revived_from_its_first_attempt_on(database: Database) -> None:
    """It is due at once and counts as never sent; its fence keeps increasing, so no earlier worker can change it."""
    await _add(database, max_attempts=1)
    former = await _claim(database)
    async with database.write() as work:
        await work.jobs.bury(former.lease, error="not_a_video")
        revived = await work.jobs.revive(JOB_ID)
    assert revived == await _get(database)
    assert (revived.state, revived.attempt, revived.fence, revived.sent_at) == (JobState.QUEUED, 0, 1, None)
    assert revived.last_error == "not_a_video"
    again = await _claim(database)
    assert (again.attempt, again.fence) == (1, 2)
    async with database.write() as work:
        await _every_change(work.jobs, former.lease)


async def test_only_dead_jobs_are_revived(database: Database) -> None:
    """Neither queued, running, finished nor unknown jobs can be revived."""
    with pytest.raises(JobUnavailable):
        await _revive(database)
    await _add(database)
    with pytest.raises(JobUnavailable):
        await _revive(database)
    job = await _claim(database)
    with pytest.raises(JobUnavailable):
        await _revive(database)
    async with database.write() as work:
        await work.jobs.finish(job.lease)
    with pytest.raises(JobUnavailable):
        await _revive(database)
    assert (await _get(database)).state is JobState.DONE


async def test_a_parked_job_waits_with_its_attempts_reset(database: Database) -> None:
    """Its fence keeps increasing, and its message counts as not sent."""
    await _add(database)
    job = await _claim(database)
    async with database.write() as work:
        await work.jobs.park(job.lease, delay_s=60)
    parked = await _get(database)
    assert (parked.state, parked.attempt, parked.fence, parked.sent_at) == (JobState.QUEUED, 0, 1, None)
    with pytest.raises(JobUnavailable):
        await _claim(database)


async def test_a_waiting_job_is_woken(database: Database) -> None:
    """It is due at once, also if its message was sent before."""
    await _add(database, delay_s=60)
    async with database.write() as work:
        await work.jobs.mark_sent(Lease(JOB_ID, 0))
    async with database.write() as work:
        woken = await work.jobs.wake(JOB_ID)
    assert woken is not None
    assert (woken.id, woken.sent_at) == (JOB_ID, None)
    assert (await _claim(database)).attempt == 1


async def test_a_running_job_is_not_woken(database: Database) -> None:
    """Its worker keeps the lease and looks for new work itself; a dead job stays dead."""
    await _add(database)
    job = await _claim(database)
    async with database.write() as work:
        assert await work.jobs.wake(JOB_ID) is None
        await work.jobs.bury(job.lease, error="lost")
        assert await work.jobs.wake(JOB_ID) is None
        with pytest.raises(JobNotFound):
            await work.jobs.wake(JobId(a_uuid(99)))
    assert (await _get(database)).state is JobState.DEAD


async def test_freeing_charges_the_attempt(database: Database) -> None:
    """The job of a lost worker waits again, with one attempt less."""
    await _add(database)
    job = await _claim(database, lease_s=EXPIRED_S)
    async with database.write() as work:
        await work.jobs.free(job.lease)
    freed = await _get(database)
    assert (freed.state, freed.attempt) == (JobState.QUEUED, 1)


async def test_only_an_abandoned_job_is_seized(database: Database) -> None:
    """A worker that renewed its lease in time keeps its job."""
    await _add(database)
    job = await _claim(database, lease_s=EXPIRED_S)
    async with database.write() as work:
        await work.jobs.seize(job.lease)
        await work.jobs.renew(job.lease, lease_s=LEASE_S)
        with pytest.raises(LeaseLost):
            await work.jobs.seize(job.lease)


async def test_workers_and_messages_can_be_forgotten_at_once(database: Database) -> None:
    """Without a live worker, running jobs become abandoned and queued jobs count as never sent."""
    await _add(database)
    await _claim(database)
    waiting = a_new_job(id=JobId(a_uuid(8)))
    async with database.write() as work:
        added = await work.jobs.add(waiting)
        await work.jobs.mark_sent(added.lease)
        await work.jobs.expire_all_leases()
        assert [job.id for job in await work.jobs.due(limit=10, resend_after_s=3600)] == [waiting.id]


async def test_every_lease_can_be_expired_at_once(database: Database) -> None:
    """For a start without any live worker."""
    await _add(database)
    await _claim(database)
    async with database.write() as work:
        await work.jobs.expire_all_leases()
        assert [job.id for job in await work.jobs.abandoned(limit=10)] == [JOB_ID]


async def test_due_jobs_are_those_that_wait_unsent(database: Database) -> None:
    """The oldest first; neither running, nor delayed, nor recently sent jobs."""
    async with database.write() as work:
        for number, delay_s in ((11, -1.0), (12, -2.0), (13, 3600.0), (14, -3.0), (15, -4.0)):
            await work.jobs.add(a_new_job(id=JobId(a_uuid(number)), delay_s=delay_s))
        await work.jobs.claim(JobId(a_uuid(14)), lease_s=LEASE_S)
        await work.jobs.mark_sent(Lease(JobId(a_uuid(15)), fence=0))
    async with database.read() as work:
        due = await work.jobs.due(limit=10, resend_after_s=60)
        assert [job.id for job in due] == [a_uuid(12), a_uuid(11)]
        assert [job.id for job in await work.jobs.due(limit=1, resend_after_s=60)] == [a_uuid(12)]
        assert len(await work.jobs.due(limit=10, resend_after_s=-1)) == 3


async def test_marking_a_running_job_sent_does_nothing(database: Database) -> None:
    """A worker may be faster than the mark; an unknown job is no error either."""
    await _add(database)
    await _claim(database)
    async with database.write() as work:
        await work.jobs.mark_sent(Lease(JOB_ID, fence=0))
        await work.jobs.mark_sent(Lease(JobId("gone"), fence=0))
    assert (await _get(database)).sent_at is None


async def test_a_mark_needs_the_current_fence(database: Database) -> None:
    """A job that was sent, tried and queued again has not been sent for this wait."""
    await _add(database)
    before = await _get(database)
    job = await _claim(database)
    async with database.write() as work:
        await work.jobs.reschedule(job.lease, delay_s=0, error="away")
        await work.jobs.mark_sent(before.lease)
    assert (await _get(database)).sent_at is None


async def test_a_job_marked_unsent_is_due_again(database: Database) -> None:
    """The job counts as never sent; running and unknown jobs do not change."""
    running = JobId(a_uuid(40))
    async with database.write() as work:
        waiting = (await work.jobs.add(a_new_job())).lease
        await work.jobs.add(a_new_job(id=running))
        await work.jobs.mark_sent(waiting, Lease(running, fence=0))
        claimed = await work.jobs.claim(running, lease_s=LEASE_S)
        assert await work.jobs.due(limit=10, resend_after_s=60) == []
        await work.jobs.mark_unsent(waiting, Lease(running, fence=0), Lease(JobId("gone"), fence=0))
        await work.jobs.mark_unsent()
        assert [job.id for job in await work.jobs.due(limit=10, resend_after_s=60)] == [JOB_ID]
        assert (await work.jobs.get(running)).sent_at == claimed.sent_at


async def test_no_backlog_keeps_a_new_job_waiting(database: Database) -> None:
    """A job that was never sent comes before one that was sent long ago, however old that is."""
    async with database.write() as work:
        for number in range(20, 25):
            job = await work.jobs.add(a_new_job(id=JobId(a_uuid(number)), delay_s=-3600))
            await work.jobs.mark_sent(job.lease)
        await work.jobs.add(a_new_job(id=JobId(a_uuid(30))))
        due = await work.jobs.due(limit=2, resend_after_s=-1)
    assert due[0].id == a_uuid(30)
