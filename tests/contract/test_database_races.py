"""The contract of every database: concurrent units of work that compete."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence

import pytest

from adapters.fakes.clock import FakeClock
from adapters.fakes.id_generator import SequentialIdGenerator
from adapters.fakes.job_queue import RecordingJobQueue
from adapters.fakes.multipart_store import InMemoryMultipartStore
from adapters.fakes.object_store import InMemoryObjectStore
from adapters.fakes.transcoder import fake_video_bytes
from adapters.fakes.webhook_secrets import FakeWebhookSecrets
from adapters.fakes.webhook_sender import FakeWebhookSender
from domain.model.access.quota import Quota
from domain.model.errors import AlreadyExists, QuotaExceeded
from domain.model.ids import JobId, UserId, VideoId
from domain.model.jobs.job import JobState
from domain.model.transcripts.transcript import TranscriptOrigin
from domain.model.videos.lifecycle import VideoStatus
from domain.model.webhooks.endpoint import EndpointDeclaration
from domain.ports.database import Database
from domain.use_cases.access.lookup import IdempotencyLookup
from domain.use_cases.access.once import RunOnce
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.jobs.factory import JobFactory
from domain.use_cases.jobs.handlers import JobHandlers
from domain.use_cases.jobs.sweep_jobs import SweepJobs
from domain.use_cases.transcripts.discard_failed_runs import DiscardFailedRuns
from domain.use_cases.transcripts.regenerate_transcript import RegenerateTranscript
from domain.use_cases.transcripts.replace_captions import ReplaceCaptions
from domain.use_cases.transcripts.save_transcript import SaveTranscript
from domain.use_cases.uploads.abort_upload import AbortUpload
from domain.use_cases.uploads.complete_upload import CompleteUpload
from domain.use_cases.uploads.verify_upload import VerifyUpload
from domain.use_cases.webhooks.create_webhook import CreateWebhook
from tests.support.builders import (
    NOW,
    OWNER,
    VIDEO_ID,
    a_new_job,
    a_source,
    a_transcript,
    a_uuid,
    a_video,
    an_idempotency_key,
)
from tests.support.inline_executor import InlineExecutor

pytestmark = pytest.mark.anyio

WAITING = range(10, 40)
ABANDONED = range(40, 60)
CAPTIONS = b"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nMine.\n"


def _ids(numbers: Iterable[int]) -> list[JobId]:
    return [JobId(a_uuid(number)) for number in numbers]


async def _fill(database: Database) -> None:
    async with database.write() as work:
        for job_id in _ids([*WAITING, *ABANDONED]):
            await work.jobs.add(a_new_job(id=job_id))
        for job_id in _ids(ABANDONED):
            await work.jobs.claim(job_id, lease_s=-1)


async def test_concurrent_sweeps_handle_each_job_once(database: Database) -> None:
    """No job is freed or sent twice, and none is left out."""
    await _fill(database)
    queue = RecordingJobQueue()
    sweep = SweepJobs(database, JobHandlers({}), queue, resend_after_s=60)
    reports = [report for _ in range(2) for report in await asyncio.gather(*(sweep() for _ in range(4)))]
    assert [report.errors for report in reports] == [()] * 8
    assert sum(report.freed for report in reports) == len(ABANDONED)
    assert Counter(job.id for job in queue.sent) == Counter(_ids([*WAITING, *ABANDONED]))
    async with database.read() as work:
        assert {job.state for job in await work.jobs.of_video(VIDEO_ID)} == {JobState.QUEUED}


async def test_one_sweep_handles_an_abandoned_job(database: Database) -> None:
    """Of many concurrent sweeps one gets it; the others continue."""
    await _fill(database)
    sweeps = [SweepJobs(database, JobHandlers({}), RecordingJobQueue()) for _ in range(8)]
    reports = await asyncio.gather(*(sweep() for sweep in sweeps))
    assert sum(report.freed for report in reports) == len(ABANDONED)
    async with database.read() as work:
        jobs = [await work.jobs.get(job_id) for job_id in _ids(ABANDONED)]
    assert {(job.state, job.attempt, job.fence) for job in jobs} == {(JobState.QUEUED, 1, 1)}


async def test_fifty_completions_at_once_make_one_job(database: Database) -> None:
    """Every caller gets the same response."""
    clock, content = FakeClock(), fake_video_bytes()
    objects, queue = InMemoryObjectStore(clock), RecordingJobQueue()
    video = a_video(source=a_source(size_bytes=len(content)))
    objects.objects[video.source.key] = content
    async with database.write() as work:
        await work.videos.add(video)
    jobs, send = JobFactory(SequentialIdGenerator(), max_attempts=3), DispatchJob(database, queue)
    accept = VerifyUpload(database, objects, clock, jobs, send)
    multipart = InMemoryMultipartStore(objects, clock)
    complete = CompleteUpload(database, multipart, accept, AbortUpload(clock, jobs), send)
    answers = await asyncio.gather(*(complete(OWNER, video.id) for _ in range(50)))
    assert len(set(answers)) == 1
    async with database.read() as work:
        owed = await work.jobs.of_video(video.id)
    assert [job.id for job in owed] == [job.id for job in queue.sent]
    assert len(owed) == 1


async def test_of_fifty_concurrent_uses_of_a_key_one_wins(database: Database) -> None:
    """The writes of the others are rolled back; the key belongs to the winner's video."""

    async def use(number: int) -> VideoId:
        video = a_video(id=VideoId(a_uuid(number)))
        async with database.write() as work:
            await work.videos.add(video)
            await work.idempotency_keys.add(an_idempotency_key(video_id=video.id))
        return video.id

    outcomes = await asyncio.gather(*(use(number) for number in range(50)), return_exceptions=True)
    winners = [outcome for outcome in outcomes if isinstance(outcome, str)]
    refusals = [outcome.code for outcome in outcomes if isinstance(outcome, AlreadyExists)]
    assert (len(winners), refusals) == (1, ["idempotency_key_taken"] * 49)
    async with database.write() as work:
        key = await work.idempotency_keys.find(OWNER, an_idempotency_key().key)
        assert key is not None
        assert [each.video.id for each in await work.videos.page(OWNER, limit=100)] == winners == [key.video_id]
        assert (await work.usage.lock(OWNER))[OWNER].videos_in_flight == 1


async def test_a_quota_holds_for_concurrent_requests(database: Database) -> None:
    """Five videos may be in flight: of twenty concurrent requests, five succeed."""
    quota = Quota(max_videos_in_flight=5)

    async def admit(number: int) -> None:
        async with database.write() as work:
            await work.videos.add(a_video(id=VideoId(a_uuid(number))))
            quota.check((await work.usage.lock(OWNER))[OWNER], now=NOW)

    outcomes = await asyncio.gather(*(admit(number) for number in range(20)), return_exceptions=True)
    assert Counter(type(outcome) for outcome in outcomes) == {type(None): 5, QuotaExceeded: 15}
    async with database.write() as work:
        assert len(await work.videos.page(OWNER, limit=100)) == 5
        assert (await work.usage.lock(OWNER))[OWNER].videos_in_flight == 5


async def test_a_quota_that_is_held_first_holds_as_well(database: Database) -> None:
    """The transaction that holds the usage adds its video before any other can read the usage."""

    async def admit(number: int) -> bool:
        async with database.write() as work:
            if (await work.usage.lock(OWNER))[OWNER].videos_in_flight >= 5:
                return False
            await work.videos.add(a_video(id=VideoId(a_uuid(number))))
        return True

    assert sum(await asyncio.gather(*(admit(number) for number in range(20)))) == 5


async def test_owners_may_come_in_any_order(database: Database) -> None:
    """Transactions that change the usage of the same users do not deadlock, and no change is lost."""
    owners = [UserId(f"owner-{number}") for number in range(6)]

    async def add(number: int, ordered: Sequence[UserId]) -> None:
        new = [a_video(id=VideoId(a_uuid(number * 10 + n)), owner=owner) for n, owner in enumerate(ordered)]
        async with database.write() as work:
            await work.videos.add(*new[:3])
            await work.usage.lock(ordered[-1])
        async with database.write() as work:
            await work.videos.add(*new[3:])

    await asyncio.gather(*(add(n, owners[n % 6 :] + owners[: n % 6]) for n in range(1, 25)))
    async with database.write() as work:
        held = await work.usage.lock(*owners)
    assert [usage.videos_in_flight for usage in held.values()] == [24] * 6


async def test_a_turn_is_taken_by_one(database: Database) -> None:
    """One of twenty concurrent calls gets the turn, the first time and the next."""

    async def try_acquire(every_s: float) -> bool:
        async with database.write() as work:
            return await work.schedule.try_acquire("sweep", every_s=every_s)

    assert sum(await asyncio.gather(*(try_acquire(3600) for _ in range(20)))) == 1
    assert sum(await asyncio.gather(*(try_acquire(3600) for _ in range(20)))) == 0


async def test_captions_win_over_a_concurrent_transcript(database: Database) -> None:
    """In either order, the owner's captions stay."""
    asyncio.get_running_loop().set_default_executor(InlineExecutor())
    clock = FakeClock(NOW)
    save = SaveTranscript(clock)
    replace_captions = ReplaceCaptions(database, clock, DiscardFailedRuns(JobFactory(SequentialIdGenerator(), 3)))
    videos = [VideoId(a_uuid(number)) for number in range(10, 20)]
    async with database.write() as work:
        for video_id in videos:
            await work.videos.add(a_video(id=video_id, status=VideoStatus.PROCESSING))

    async def end_transcription(video_id: VideoId) -> None:
        async with database.write() as work:
            await save(work, video_id, a_transcript(video_id=video_id))

    await asyncio.gather(
        *(end_transcription(video_id) for video_id in videos),
        *(replace_captions(OWNER, video_id, CAPTIONS, language="en") for video_id in videos),
    )
    async with database.read() as work:
        assert {await work.transcripts.origin(video_id) for video_id in videos} == {TranscriptOrigin.UPLOADED}


async def test_one_key_starts_one_new_transcription(database: Database) -> None:
    """Of many concurrent requests one starts a run; the others get its result, and none fails because of the race."""
    clock, queue, jobs = FakeClock(NOW), RecordingJobQueue(), JobFactory(SequentialIdGenerator(), 3)
    once, forget = RunOnce(IdempotencyLookup(database)), DiscardFailedRuns(jobs)
    regenerate = RegenerateTranscript(
        database, clock, jobs, DispatchJob(database, queue), once, forget, max_runs=20, is_enabled=True
    )
    async with database.write() as work:
        await work.videos.add(a_video(status=VideoStatus.COMPLETED))
    asking = (regenerate(OWNER, VIDEO_ID, None, key="again-1") for _ in range(10))
    assert Counter([owed.is_replay for owed in await asyncio.gather(*asking)]) == {False: 1, True: 9}
    assert len(queue.sent) == 1


async def test_concurrent_requests_do_not_create_more_webhooks_than_a_user_may_have(database: Database) -> None:
    """Each counts the endpoints of those that were faster; other users are not affected."""
    create = CreateWebhook(
        database, FakeWebhookSender(), FakeWebhookSecrets(), FakeClock(NOW), SequentialIdGenerator(), max_per_user=2
    )
    owners = [OWNER] * 6 + [UserId("grace")]
    declared = EndpointDeclaration("https://receiver.example/hook")
    outcomes = await asyncio.gather(*(create(owner, declared) for owner in owners), return_exceptions=True)
    rejected = [each for each in outcomes if isinstance(each, BaseException)]
    assert [getattr(each, "code", each) for each in rejected] == ["too_many_webhooks"] * 4
    async with database.read() as work:
        assert [await work.webhook_endpoints.count(owner) for owner in (OWNER, UserId("grace"))] == [2, 1]
