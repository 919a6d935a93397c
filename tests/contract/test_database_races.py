"""What every database must do when many want the same at once."""

import asyncio
from collections import Counter
from collections.abc import Iterable

import pytest

from adapters.fakes.clock import FakeClock
from adapters.fakes.id_generator import SequentialIdGenerator
from adapters.fakes.job_queue import RecordingJobQueue
from adapters.fakes.object_store import InMemoryObjectStore
from domain.model.identity import JobId
from domain.model.job import JobState
from domain.ports.database import Database
from domain.use_cases.complete_upload import CompleteUpload
from domain.use_cases.job_handler import JobHandlers
from domain.use_cases.job_maker import JobMaker
from domain.use_cases.send_job import SendJob
from domain.use_cases.sweep_jobs import SweepJobs
from tests.builders import OWNER, VIDEO_ID, a_new_job, a_source, a_uuid, a_video

pytestmark = pytest.mark.anyio

WAITING = range(10, 40)
ABANDONED = range(40, 60)


def _ids(numbers: Iterable[int]) -> list[JobId]:
    return [JobId(a_uuid(number)) for number in numbers]


async def _fill(database: Database) -> None:
    async with database.write() as work:
        for job_id in _ids([*WAITING, *ABANDONED]):
            await work.jobs.add(a_new_job(id=job_id))
        for job_id in _ids(ABANDONED):
            await work.jobs.claim(job_id, lease_s=-1)


async def test_sweeps_at_once_see_to_each_job_once(database: Database) -> None:
    """Nothing is freed or sent twice, and nothing is left."""
    await _fill(database)
    queue = RecordingJobQueue()
    sweep = SweepJobs(database, JobHandlers({}), queue, resend_after_s=60)
    reports = [report for _ in range(2) for report in await asyncio.gather(*(sweep() for _ in range(4)))]
    assert [report.errors for report in reports] == [()] * 8
    assert sum(report.freed for report in reports) == len(ABANDONED)
    assert Counter(job.id for job in queue.sent) == Counter(_ids([*WAITING, *ABANDONED]))
    async with database.read() as work:
        assert {job.state for job in await work.jobs.of_video(VIDEO_ID)} == {JobState.QUEUED}


async def test_an_abandoned_job_is_seen_to_by_one(database: Database) -> None:
    """Of many hands one gets it; the others go on."""
    await _fill(database)
    sweeps = [SweepJobs(database, JobHandlers({}), RecordingJobQueue()) for _ in range(8)]
    reports = await asyncio.gather(*(sweep() for sweep in sweeps))
    assert sum(report.freed for report in reports) == len(ABANDONED)
    async with database.read() as work:
        jobs = [await work.jobs.get(job_id) for job_id in _ids(ABANDONED)]
    assert {(job.state, job.attempt, job.fence) for job in jobs} == {(JobState.QUEUED, 1, 1)}


async def test_fifty_completions_at_once_make_one_job(database: Database) -> None:
    """Each gets the same answer."""
    clock, content = FakeClock(), b"a video"
    objects, queue = InMemoryObjectStore(clock), RecordingJobQueue()
    video = a_video(source=a_source(size_bytes=len(content)))
    objects.objects[video.source.key] = content
    async with database.write() as work:
        await work.videos.add(video)
    jobs = JobMaker(SequentialIdGenerator(), max_attempts=3)
    complete = CompleteUpload(database, objects, clock, jobs, SendJob(database, queue))
    answers = await asyncio.gather(*(complete(OWNER, video.id) for _ in range(50)))
    assert len(set(answers)) == 1
    async with database.read() as work:
        owed = await work.jobs.of_video(video.id)
    assert [job.id for job in owed] == [job.id for job in queue.sent]
    assert len(owed) == 1
