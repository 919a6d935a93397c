"""Running jobs: leases, attempts and draining."""

import asyncio
from pathlib import Path

import pytest

from domain.model.errors import Unavailable
from domain.model.failure import FailureCode
from domain.model.ids import JobId
from domain.model.jobs.job import Job, JobState
from domain.model.jobs.payloads import JobKind
from domain.model.media.media_info import MediaInfo
from domain.model.videos.lifecycle import VideoStatus
from domain.use_cases.jobs.run_job import JobOutcome, JobResult
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def _hanging(world: World) -> tuple[JobId, asyncio.Task[JobOutcome]]:
    """A job whose encoder never ends."""
    world.transcoder.hang("compress")
    await world.upload()
    job_id = world.queue.sent.pop(0).id
    running = asyncio.create_task(world.application.run_job(job_id))
    await world.transcoder.is_hanging.wait()
    return job_id, running


async def test_an_unknown_job_is_not_claimed(world: World) -> None:
    """A message of a deleted job is ignored."""
    outcome = await world.application.run_job(JobId("gone"))
    assert outcome.result is JobResult.NOT_CLAIMED


async def test_a_job_runs_once_at_a_time(world: World) -> None:
    """A second message for a running job is ignored."""
    job_id, running = await _hanging(world)
    assert (await world.application.run_job(job_id)).result is JobResult.NOT_CLAIMED
    await world.application.run_job.drain()
    await running


async def test_the_lease_is_renewed_while_the_work_lasts(world: World) -> None:
    """A job can take far longer than its lease."""
    _, running = await _hanging(world)
    for _ in range(20):
        await world.advance(15)
    assert (await world.application.sweep_jobs()).freed == 0
    await world.application.run_job.drain()
    await running


async def test_a_failed_renewal_is_retried(world: World) -> None:
    """The database may recover before the lease expires."""
    job_id, running = await _hanging(world)
    world.database.is_down = True
    await world.advance(15)
    world.database.is_down = False
    await world.advance(15)
    lease_until = (await world.job(job_id)).lease_until
    assert lease_until is not None
    assert lease_until > world.clock.now()
    await world.application.run_job.drain()
    await running


async def test_a_stale_worker_writes_nothing(world: World) -> None:
    """A worker that was paused past its lease finds a newer fence, and stops."""
    job_id, running = await _hanging(world)
    async with world.database.write() as work:
        await work.jobs.expire_all_leases()
        await work.jobs.claim(job_id, lease_s=600)
    current = await world.job(job_id)
    world.clock.advance(15)
    outcome = await running
    assert outcome.result is JobResult.LEASE_LOST
    assert await world.job(job_id) == current


async def test_draining_releases_jobs_without_counting_the_attempt(world: World) -> None:
    """A rolling restart costs no attempt, and a draining worker claims no job."""
    job_id, running = await _hanging(world)
    await world.application.run_job.drain()
    assert (await running).result is JobResult.RELEASED
    job = await world.job(job_id)
    assert (job.state, job.attempt) == (JobState.QUEUED, 0)
    assert (await world.application.run_job(job_id)).result is JobResult.NOT_CLAIMED


async def test_draining_without_a_database_lets_the_lease_expire(world: World) -> None:
    """A sweep frees the job later."""
    job_id, running = await _hanging(world)
    world.database.is_down = True
    await world.application.run_job.drain()
    assert (await running).result is JobResult.LEASE_LOST
    world.database.is_down = False
    world.clock.advance(61)
    assert (await world.application.sweep_jobs()).freed == 1
    assert (await world.job(job_id)).state is JobState.QUEUED


async def test_a_cancelled_attempt_releases_its_job(world: World) -> None:
    """The job is released as in a drain, and the cancellation propagates."""
    job_id, running = await _hanging(world)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert (await world.job(job_id)).attempt == 0


async def test_an_unexpected_error_counts_as_an_attempt(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The job is retried; after the last attempt the video fails with a message without internals."""
    monkeypatch.setattr(world.transcoder, "probe", None)
    video = await world.upload()
    for _ in range(12):
        await world.run_jobs()
        world.clock.advance(3601)
        await world.application.sweep_jobs()
    failed = await world.video(video.id)
    assert failed.failure is not None
    assert failed.failure.code is FailureCode.PROCESSING_FAILED
    assert "NoneType" not in failed.failure.message
    (job,) = await world.jobs(video.id, JobKind.PROCESS)
    assert job.last_error == "TypeError"


async def test_an_error_without_a_database_waits_for_the_sweep(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The result cannot be written; the lease expires, and the sweep frees the job."""
    video = await world.upload()
    probe = world.transcoder.probe

    async def fail_all(_path: object) -> object:
        world.database.is_down = True
        raise Unavailable("Everything is away.")

    monkeypatch.setattr(world.transcoder, "probe", fail_all)
    outcome = await world.application.run_job(world.queue.sent.pop(0).id)
    assert outcome.result is JobResult.LEASE_LOST
    world.database.is_down = False
    monkeypatch.setattr(world.transcoder, "probe", probe)
    world.clock.advance(61)
    await world.application.sweep_jobs()
    await world.run_jobs()
    assert (await world.video(video.id)).status is VideoStatus.COMPLETED


class Collapse(BaseException):
    """An exception that is not an Exception."""


async def test_a_base_exception_propagates(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not a failed attempt: the worker ends, and the lease expires."""

    async def collapse(_path: Path) -> MediaInfo:
        raise Collapse

    monkeypatch.setattr(world.transcoder, "probe", collapse)
    await world.upload()
    job_id = world.queue.sent.pop(0).id
    with pytest.raises(Collapse):
        await world.application.run_job(job_id)
    assert (await world.job(job_id)).state is JobState.RUNNING


async def test_a_finished_attempt_can_take_long_to_send_the_next_job(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow queue does not turn a finished job into a lost lease."""
    await world.upload()
    job_id = world.queue.sent.pop(0).id
    is_sending, may_continue = asyncio.Event(), asyncio.Event()

    async def slow(job: Job) -> None:
        if job.kind is JobKind.ERASE:
            is_sending.set()
            await may_continue.wait()

    monkeypatch.setattr(world.queue, "send", slow)
    running = asyncio.create_task(world.application.run_job(job_id))
    await is_sending.wait()
    for _ in range(3):
        await world.advance(15)
    may_continue.set()
    assert (await running).result is JobResult.DONE


async def test_a_job_claimed_during_a_drain_is_released_before_it_starts(world: World) -> None:
    """The drain waits until every claim is settled, and no handler starts after it."""
    await world.upload()
    job_id = world.queue.sent.pop(0).id
    async with world.database.write():
        claiming = asyncio.create_task(world.application.run_job(job_id))
        await asyncio.sleep(0)
        draining = asyncio.create_task(world.application.run_job.drain())
        await asyncio.sleep(0)
        assert not draining.done()
    await draining
    assert claiming.done()
    assert claiming.result().result is JobResult.RELEASED
    assert world.transcoder.calls == []
    assert (await world.job(job_id)).attempt == 0


async def test_a_suspended_worker_keeps_its_jobs(world: World) -> None:
    """After the machine was suspended all leases are overdue; they are renewed before any job is freed."""
    job_id, running = await _hanging(world)
    world.clock.advance(3600)
    await world.application.run_job.renew_leases()
    assert (await world.application.sweep_jobs()).freed == 0
    assert (await world.job(job_id)).state is JobState.RUNNING
    await world.application.run_job.drain()
    await running


async def test_renewing_skips_a_lost_lease(world: World) -> None:
    """The attempt's own renewal ends it."""
    job_id, running = await _hanging(world)
    async with world.database.write() as work:
        await work.jobs.expire_all_leases()
        await work.jobs.claim(job_id, lease_s=600)
    await world.application.run_job.renew_leases()
    await world.advance(15)
    assert (await running).result is JobResult.LEASE_LOST


async def test_a_claim_waits_for_the_database(world: World) -> None:
    """The message leaves the queue when it is taken, so the worker keeps trying to claim the job."""
    video = await world.upload()
    world.database.is_down = True
    running = asyncio.create_task(world.application.run_job(world.queue.sent.pop(0).id))
    await world.advance(5)
    await world.advance(5)
    assert not running.done()
    world.database.is_down = False
    world.clock.advance(5)
    assert (await running).result is JobResult.DONE
    assert (await world.video(video.id)).playable


async def test_a_drain_ends_the_wait_for_the_database(world: World) -> None:
    """No job was claimed, so there is nothing to release."""
    await world.upload()
    world.database.is_down = True
    running = asyncio.create_task(world.application.run_job(world.queue.sent.pop(0).id))
    await world.advance(1)
    draining = asyncio.create_task(world.application.run_job.drain())
    await world.advance(5)
    await draining
    assert (await running).result is JobResult.NOT_CLAIMED
