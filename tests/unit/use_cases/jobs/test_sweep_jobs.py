"""Sweeping jobs: unsent jobs, lost messages and lost workers."""

import pytest

from adapters.fakes.database import InMemoryJobRepository
from domain.model.ids import JobId
from domain.model.jobs.job import JobState, Lease
from domain.model.videos.lifecycle import VideoStatus
from domain.use_cases.jobs.sweep_jobs import SweepReport
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def test_the_sweep_sends_unsent_jobs(world: World) -> None:
    """A job that could not be sent waits only until the next sweep."""
    world.queue.is_down = True
    video = await world.upload()
    assert await world.application.sweep_jobs() == SweepReport()
    world.queue.is_down = False
    assert await world.application.sweep_jobs() == SweepReport(sent=1)
    assert await world.application.sweep_jobs() == SweepReport()
    await world.run_jobs()
    assert (await world.video(video.id)).status is VideoStatus.COMPLETED


async def test_the_sweep_resends_lost_messages(world: World) -> None:
    """A job that was sent a while ago and still waits has lost its message."""
    await world.upload()
    world.queue.sent.clear()
    world.clock.advance(901)
    assert (await world.application.sweep_jobs()).sent == 1


async def test_a_job_that_kills_its_worker_is_stopped(world: World) -> None:
    """Every start counts; after the last attempt the sweep buries the job, and the video has the reason."""
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


async def test_recovery_ignores_leases(world: World) -> None:
    """A caller that knows that no worker is alive frees every job at once."""
    await world.upload()
    job_id = world.queue.sent.pop(0).id
    async with world.database.write() as work:
        await work.jobs.claim(job_id, lease_s=60)
    report = await world.application.sweep_jobs.recover()
    assert (report.freed, report.sent) == (1, 1)
    assert (await world.job(job_id)).state is JobState.QUEUED


async def test_a_job_that_cannot_be_swept_does_not_block_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweep continues, and reports the error."""
    job_ids: list[JobId] = []
    for _ in range(2):
        await world.upload()
        job_ids.append(world.queue.sent.pop(0).id)
        async with world.database.write() as work:
            await work.jobs.claim(job_ids[-1], lease_s=60)
    world.clock.advance(61)
    free = InMemoryJobRepository.free

    async def fail_for_first(jobs: InMemoryJobRepository, lease: Lease) -> None:
        if lease.job_id == job_ids[0]:
            raise KeyError("a bug")
        await free(jobs, lease)

    monkeypatch.setattr(InMemoryJobRepository, "free", fail_for_first)
    report = await world.application.sweep_jobs()
    assert (report.freed, report.sent, [type(error) for error in report.errors]) == (1, 1, [KeyError])
    assert (await world.job(job_ids[1])).state is JobState.QUEUED


async def test_a_worker_that_renews_in_time_keeps_its_job(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lease was renewed after the sweep read the job and before it freed it."""
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


async def test_after_a_restart_every_waiting_job_is_sent_at_once(world: World) -> None:
    """The messages of an in-process queue end with the process."""
    await world.upload()
    world.queue.sent.clear()
    assert (await world.application.sweep_jobs.recover()).sent == 1
