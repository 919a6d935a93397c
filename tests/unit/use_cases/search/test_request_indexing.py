"""When stored transcripts are indexed."""

import pytest

from domain.model.ids import VideoId
from domain.model.jobs.payloads import NO_VIDEO, JobKind
from domain.use_cases.search.request_indexing import EVERY_S
from tests.support.builders import a_transcript, a_uuid, a_video
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio


async def _save_without_index(world: World, number: int) -> VideoId:
    video_id = VideoId(a_uuid(number))
    async with world.database.write() as work:
        await work.videos.add(a_video(id=video_id, owner=ADA))
        await work.transcripts.save(a_transcript(video_id=video_id))
    del world.database._committed.slots[video_id]
    return video_id


async def test_the_first_clean_up_after_an_upgrade_requests_it(world: World) -> None:
    """Then again after an hour, if a process of the previous version has saved more."""
    await _save_without_index(world, 1)
    await world.application.clean_up.run_due()
    await world.application.clean_up.run_due()
    assert len(await world.jobs(NO_VIDEO, JobKind.INDEX)) == 1
    await world.run_jobs()
    await _save_without_index(world, 2)
    world.clock.advance(EVERY_S - 1)
    await world.application.clean_up.run_due()
    assert len(await world.jobs(NO_VIDEO, JobKind.INDEX)) == 1
    world.clock.advance(1)
    await world.application.clean_up.run_all()
    assert len(await world.jobs(NO_VIDEO, JobKind.INDEX)) == 2
    await world.run_jobs()
    assert len((await world.application.search.transcripts(ADA, "hello", limit=10)).cues) == 2


async def test_nothing_is_requested_if_nothing_is_missing(world: World) -> None:
    """As in a new installation, and from then on."""
    await world.upload_and_process()
    await world.application.clean_up.run_due()
    assert await world.jobs(NO_VIDEO, JobKind.INDEX) == []


async def test_the_job_is_none_of_a_video(world: World) -> None:
    """A process of the previous version reads the jobs of a video that it changes, and does not know this kind."""
    first = await _save_without_index(world, 1)
    await world.application.clean_up.request_indexing()
    await world.run_jobs()
    async with world.database.read() as work:
        assert await work.jobs.of_video(first) == []


async def test_batches_that_follow_one_another_prevent_a_second_sequence(world: World) -> None:
    """Each of them postpones the next request by an hour."""
    await _save_without_index(world, 1)
    await world.application.clean_up.request_indexing()
    world.clock.advance(EVERY_S - 1)
    await world.run_jobs()
    await _save_without_index(world, 2)
    world.clock.advance(2)
    await world.application.clean_up.request_indexing()
    assert len(await world.jobs(NO_VIDEO, JobKind.INDEX)) == 1
