"""Indexing stored transcripts, in batches."""

import pytest

from domain.model.ids import VideoId
from domain.model.jobs.job import JobState
from domain.model.jobs.payloads import NO_VIDEO, IndexPayload, JobKind
from domain.use_cases.search.index_transcripts import BATCH
from tests.support.builders import NOW, a_cue, a_transcript, a_uuid, a_video
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio


async def _stored_before(world: World, count: int) -> list[VideoId]:
    """Videos whose transcripts an earlier version has saved."""
    ids = [VideoId(a_uuid(number)) for number in range(1, count + 1)]
    async with world.database.write() as work:
        for video_id in ids:
            await work.videos.add(a_video(id=video_id, owner=ADA))
            await work.transcripts.save(a_transcript(video_id=video_id))
    world.database._committed.slots.clear()
    return ids


async def _count_missing(world: World) -> int:
    async with world.database.read() as work:
        return len(await work.transcript_index.missing(limit=10_000))


async def test_all_transcripts_are_indexed_batch_by_batch(world: World) -> None:
    """Each batch is a job, so that other jobs of the queue run in between; the last batch is not full."""
    ids = await _stored_before(world, 2 * BATCH + 1)
    await world.application.clean_up.request_indexing()
    for indexed in (BATCH, 2 * BATCH, 2 * BATCH + 1):
        assert len(world.queue.sent) == 1
        await world.application.run_job(world.queue.sent.pop().id)
        assert await _count_missing(world) == len(ids) - indexed
    assert world.queue.sent == []
    page = await world.application.search.transcripts(ADA, "hello", limit=100)
    assert len(page.cues) == 100


async def test_a_transcript_that_was_saved_or_deleted_in_the_meantime_stays_so(world: World) -> None:
    """The batch reads it again under its lock."""
    first, second, third = await _stored_before(world, 3)
    await world.application.clean_up.request_indexing()
    (job,) = await world.jobs(NO_VIDEO, JobKind.INDEX)
    async with world.database.write() as work:
        await work.videos.delete(second, now=NOW)
        await work.transcripts.save(a_transcript(video_id=third, cues=(a_cue(text="New words."),)))
    await world.run_jobs()
    assert (await world.job(job.id)).state is JobState.DONE
    assert await _count_missing(world) == 0
    found = (await world.application.search.transcripts(ADA, "words", limit=10)).cues
    assert [(cue.hit.video_id, cue.hit.text) for cue in found] == [(third, "New words.")]
    found = (await world.application.search.transcripts(ADA, "hello", limit=10)).cues
    assert [cue.hit.video_id for cue in found] == [first]


async def test_a_deleted_video_during_a_batch_is_skipped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is missing when the batch begins, and gone when its turn comes."""
    first, second = await _stored_before(world, 2)
    await world.application.clean_up.request_indexing()
    index = world.application.run_job.handlers.by_kind[JobKind.INDEX]
    (job,) = await world.jobs(NO_VIDEO, JobKind.INDEX)
    async with world.database.write() as work:
        job = await work.jobs.claim(job.id, lease_s=60.0)
    stale = [first, second]

    async def missing(*_: object, **__: object) -> list[VideoId]:
        return stale

    monkeypatch.setattr("adapters.fakes.transcript_index.InMemoryTranscriptIndex.missing", missing)
    async with world.database.write() as work:
        await work.transcripts.delete(second)
    await index(job)
    monkeypatch.undo()
    assert await _count_missing(world) == 0


async def test_giving_up_changes_nothing(world: World) -> None:
    """A later clean-up finds what is missing."""
    await _stored_before(world, 1)
    await world.application.clean_up.request_indexing()
    (job,) = await world.jobs(NO_VIDEO, JobKind.INDEX)
    assert job.payload == IndexPayload()
    async with world.database.write() as work:
        await world.application.run_job.handlers.of(job).give_up(work, job, ValueError())
    assert await _count_missing(world) == 1
