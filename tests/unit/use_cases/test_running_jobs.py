"""Running and sweeping jobs: leases, attempts, drains and lost workers."""

import asyncio
from pathlib import Path

import pytest

from adapters.fakes.database import InMemoryJobRepository
from domain.model.errors import Unavailable
from domain.model.failure import FailureCode
from domain.model.identity import JobId
from domain.model.job import Job, JobKind, JobState, Lease, ProcessPayload
from domain.model.lifecycle import VideoStatus
from domain.model.media import MediaInfo
from domain.use_cases.run_job import JobOutcome, JobResult
from domain.use_cases.sweep_jobs import SweepReport
from tests.builders import a_failure, a_job
from tests.world import World

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
    """Old messages do no harm."""
    outcome = await world.application.run_job(JobId("gone"))
    assert outcome.result is JobResult.NOT_CLAIMED


async def test_a_job_runs_once_at_a_time(world: World) -> None:
    """A second message for a running job is ignored."""
    job_id, running = await _hanging(world)
    assert (await world.application.run_job(job_id)).result is JobResult.NOT_CLAIMED
    await world.application.run_job.drain()
    await running


async def test_the_lease_is_renewed_while_the_work_lasts(world: World) -> None:
    """A job may take far longer than its lease."""
    _, running = await _hanging(world)
    for _ in range(20):
        await world.pass_time(15)
    assert (await world.application.sweep_jobs()).freed == 0
    await world.application.run_job.drain()
    await running


async def test_a_renewal_that_fails_is_tried_again(world: World) -> None:
    """The database may be back before the lease runs out."""
    job_id, running = await _hanging(world)
    world.database.is_down = True
    await world.pass_time(15)
    world.database.is_down = False
    await world.pass_time(15)
    lease_until = (await world.job(job_id)).lease_until
    assert lease_until is not None
    assert lease_until > world.clock.now()
    await world.application.run_job.drain()
    await running


async def test_a_stale_worker_writes_nothing(world: World) -> None:
    """Paused past its lease, it finds another fence and stops."""
    job_id, running = await _hanging(world)
    async with world.database.write() as work:
        await work.jobs.forget_workers()
        await work.jobs.claim(job_id, lease_s=600)
    current = await world.job(job_id)
    world.clock.advance(15)
    outcome = await running
    assert outcome.result is JobResult.LEASE_LOST
    assert await world.job(job_id) == current


async def test_draining_gives_jobs_back_uncharged(world: World) -> None:
    """A rolling restart costs no attempt, and no job is taken any more."""
    job_id, running = await _hanging(world)
    await world.application.run_job.drain()
    assert (await running).result is JobResult.GIVEN_BACK
    job = await world.job(job_id)
    assert (job.state, job.attempt) == (JobState.QUEUED, 0)
    assert (await world.application.run_job(job_id)).result is JobResult.NOT_CLAIMED


async def test_draining_without_database_leaves_the_lease_to_run_out(world: World) -> None:
    """What can't be given back is freed by a sweep later."""
    job_id, running = await _hanging(world)
    world.database.is_down = True
    await world.application.run_job.drain()
    assert (await running).result is JobResult.LEASE_LOST
    world.database.is_down = False
    world.clock.advance(61)
    assert (await world.application.sweep_jobs()).freed == 1
    assert (await world.job(job_id)).state is JobState.QUEUED


async def test_a_cancelled_attempt_is_given_back(world: World) -> None:
    """An interrupt from outside ends as a drain does, and goes on as the interrupt it is."""
    job_id, running = await _hanging(world)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert (await world.job(job_id)).attempt == 0


async def test_an_unforeseen_error_is_an_attempt(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug is tried again, and after the last attempt the video fails without telling internals."""
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


async def test_an_error_without_database_waits_for_the_sweep(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be settled; the lease runs out and the job goes on."""
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


async def test_the_sweep_sends_what_was_never_sent(world: World) -> None:
    """A message lost on its way costs seconds."""
    world.queue.is_down = True
    video = await world.upload()
    assert await world.application.sweep_jobs() == SweepReport()
    world.queue.is_down = False
    assert await world.application.sweep_jobs() == SweepReport(sent=1)
    assert await world.application.sweep_jobs() == SweepReport()
    await world.run_jobs()
    assert (await world.video(video.id)).status is VideoStatus.COMPLETED


async def test_the_sweep_sends_again_what_got_lost(world: World) -> None:
    """Sent a while ago and still waiting: the message is gone."""
    await world.upload()
    world.queue.sent.clear()
    world.clock.advance(901)
    assert (await world.application.sweep_jobs()).sent == 1


async def test_a_job_that_kills_its_worker_is_stopped(world: World) -> None:
    """Every start is charged; after the last the sweep buries the job and the video says why."""
    video = await world.upload()
    job_id = world.queue.sent.pop(0).id
    for number in range(1, 13):
        async with world.database.write() as work:
            await work.jobs.claim(job_id, lease_s=60)
        world.clock.advance(61)
        buried = (await world.application.sweep_jobs()).buried
        world.queue.sent.clear()
        assert buried == (number == 12)
    failed = await world.video(video.id)
    assert failed.status is VideoStatus.FAILED
    assert failed.failure is not None
    assert "lost during attempt 12" in failed.failure.message


async def test_recovery_waits_for_no_lease(world: World) -> None:
    """Whoever knows that no worker is alive frees every job at once."""
    await world.upload()
    job_id = world.queue.sent.pop(0).id
    async with world.database.write() as work:
        await work.jobs.claim(job_id, lease_s=60)
    report = await world.application.sweep_jobs.recover()
    assert (report.freed, report.sent) == (1, 1)
    assert (await world.job(job_id)).state is JobState.QUEUED


async def test_erasing_goes_on_after_a_fault(world: World) -> None:
    """An object that could not be erased is erased later; nothing but the wanted ones goes."""
    video = await world.upload()
    await world.application.run_job(world.queue.sent.pop(0).id)
    world.objects.fail_next("delete")
    await world.run_jobs()
    world.clock.advance(6)
    await world.application.sweep_jobs()
    await world.run_jobs()
    current = await world.video(video.id)
    assert current.publication is not None
    assert world.keys == set(current.publication.keys)


async def test_a_dead_erase_job_keeps_its_list(world: World) -> None:
    """Nothing changes for the video; the row names what is left."""
    video = await world.upload()
    await world.application.run_job(world.queue.sent.pop(0).id)
    world.objects.fail_next("delete", times=99, error=Unavailable("Forbidden.", retryable=False))
    await world.run_jobs()
    dead = [job for job in await world.jobs(video.id, JobKind.ERASE) if job.state is JobState.DEAD]
    assert dead
    assert (await world.video(video.id)).status is VideoStatus.COMPLETED


class Collapse(BaseException):
    """Something that is no ordinary error."""


async def test_what_is_no_error_passes_through(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not an attempt that failed: the worker ends, and the lease runs out by itself."""

    async def collapse(_path: Path) -> MediaInfo:
        raise Collapse

    monkeypatch.setattr(world.transcoder, "probe", collapse)
    await world.upload()
    job_id = world.queue.sent.pop(0).id
    with pytest.raises(Collapse):
        await world.application.run_job(job_id)
    assert (await world.job(job_id)).state is JobState.RUNNING


@pytest.mark.parametrize("kind", [JobKind.TRANSCRIBE, JobKind.ERASE])
async def test_a_handler_refuses_another_kind_of_job(world: World, kind: JobKind) -> None:
    """A mix-up is found at once."""
    handler = world.application.run_job.handlers.by_kind[kind]
    with pytest.raises(TypeError):
        await handler(a_job(payload=ProcessPayload()))


async def test_a_video_that_has_failed_fails_no_second_time(world: World) -> None:
    """The first reason stays."""
    video = await world.upload()
    job_id = world.queue.sent.pop(0).id
    async with world.database.write() as work:
        job = await work.jobs.claim(job_id, lease_s=60)
        failed = (await work.videos.get(video.id)).processing_failed(a_failure(), now=world.clock.now())
        await work.videos.save(failed)
        await world.application.run_job.handlers.bury(work, job, Unavailable("Something else."))
    assert (await world.video(video.id)).failure == a_failure()


async def test_an_attempt_that_has_done_its_job_may_tell_others_at_leisure(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A queue that is slow to take the next job makes no lost lease of a finished one."""
    await world.upload()
    job_id = world.queue.sent.pop(0).id
    is_sending, may_go_on = asyncio.Event(), asyncio.Event()

    async def slow(job: Job) -> None:
        if job.kind is JobKind.ERASE:
            is_sending.set()
            await may_go_on.wait()

    monkeypatch.setattr(world.queue, "send", slow)
    running = asyncio.create_task(world.application.run_job(job_id))
    await is_sending.wait()
    for _ in range(3):
        await world.pass_time(15)
    may_go_on.set()
    assert (await running).result is JobResult.DONE


async def test_a_job_whose_video_is_gone_is_buried_all_the_same(world: World) -> None:
    """There is nobody left to tell; left running it would come up in every sweep."""
    await world.upload()
    async with world.database.write() as work:
        job = await work.jobs.claim(world.queue.sent.pop(0).id, lease_s=60)
        await work.videos.delete(job.video_id)
    async with world.database.write() as work:
        await world.application.run_job.handlers.bury(work, job, Unavailable("Something."))
    assert (await world.job(job.id)).state is JobState.DEAD


async def test_a_job_claimed_while_draining_is_given_back_before_it_begins(world: World) -> None:
    """The drain ends when every claim is settled, and no handler starts after it."""
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
    assert claiming.result().result is JobResult.GIVEN_BACK
    assert world.transcoder.calls == []
    assert (await world.job(job_id)).attempt == 0


async def test_a_suspended_worker_keeps_its_jobs(world: World) -> None:
    """After a long sleep of the machine all leases are overdue; they are renewed before anything is freed."""
    job_id, running = await _hanging(world)
    world.clock.advance(3600)
    await world.application.run_job.renew_leases()
    assert (await world.application.sweep_jobs()).freed == 0
    assert (await world.job(job_id)).state is JobState.RUNNING
    await world.application.run_job.drain()
    await running


async def test_renewing_passes_over_a_lost_lease(world: World) -> None:
    """The attempt's own renewal ends it."""
    job_id, running = await _hanging(world)
    async with world.database.write() as work:
        await work.jobs.forget_workers()
        await work.jobs.claim(job_id, lease_s=600)
    await world.application.run_job.renew_leases()
    await world.pass_time(15)
    assert (await running).result is JobResult.LEASE_LOST


async def test_a_job_that_can_not_be_seen_to_keeps_no_other_waiting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sweep goes on, and tells."""
    job_ids: list[JobId] = []
    for _ in range(2):
        await world.upload()
        job_ids.append(world.queue.sent.pop(0).id)
        async with world.database.write() as work:
            await work.jobs.claim(job_ids[-1], lease_s=60)
    world.clock.advance(61)
    free = InMemoryJobRepository.free

    async def stumble(jobs: InMemoryJobRepository, lease: Lease) -> None:
        if lease.job_id == job_ids[0]:
            raise KeyError("a bug")
        await free(jobs, lease)

    monkeypatch.setattr(InMemoryJobRepository, "free", stumble)
    report = await world.application.sweep_jobs()
    assert (report.freed, report.sent, [type(error) for error in report.errors]) == (1, 1, [KeyError])
    assert (await world.job(job_ids[1])).state is JobState.QUEUED


async def test_a_worker_that_comes_back_in_time_keeps_its_job(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look and the hand of the sweep the lease was renewed."""
    await world.upload()
    job_id = world.queue.sent.pop(0).id
    async with world.database.write() as work:
        await work.jobs.claim(job_id, lease_s=60)
    world.clock.advance(61)
    seize = InMemoryJobRepository.seize

    async def renewed_first(jobs: InMemoryJobRepository, lease: Lease) -> None:
        await jobs.renew(lease, lease_s=60)
        await seize(jobs, lease)

    monkeypatch.setattr(InMemoryJobRepository, "seize", renewed_first)
    assert await world.application.sweep_jobs() == SweepReport()


async def test_after_a_restart_no_message_is_waited_for(world: World) -> None:
    """Messages died with the process: what waits is sent at once."""
    await world.upload()
    world.queue.sent.clear()
    assert (await world.application.sweep_jobs.recover()).sent == 1


async def test_a_claim_waits_for_the_database(world: World) -> None:
    """The message is gone once it was taken: whoever took it does not let go of the job."""
    video = await world.upload()
    world.database.is_down = True
    running = asyncio.create_task(world.application.run_job(world.queue.sent.pop(0).id))
    await world.pass_time(5)
    await world.pass_time(5)
    assert not running.done()
    world.database.is_down = False
    world.clock.advance(5)
    assert (await running).result is JobResult.DONE
    assert (await world.video(video.id)).playable


async def test_a_drain_ends_the_wait_for_the_database(world: World) -> None:
    """Nothing was claimed, so there is nothing to give back."""
    await world.upload()
    world.database.is_down = True
    running = asyncio.create_task(world.application.run_job(world.queue.sent.pop(0).id))
    await world.pass_time(1)
    draining = asyncio.create_task(world.application.run_job.drain())
    await world.pass_time(5)
    await draining
    assert (await running).result is JobResult.NOT_CLAIMED
