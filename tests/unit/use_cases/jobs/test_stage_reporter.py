import pytest

from domain.model.jobs.payloads import JobKind
from domain.model.stage import Stage, StageName, StageState
from domain.ports.event_bus import StageProgress
from domain.use_cases.jobs.stage_reporter import StageReporter
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def test_a_running_stage_reports_speed_and_remaining_time(world: World) -> None:
    """One tenth of 2,000 bytes is done per second: one second later, eight seconds remain."""
    video = await world.upload()
    (job,) = await world.jobs(video.id, JobKind.PROCESS)
    async with world.database.write() as work:
        claimed = await work.jobs.claim(job.id, lease_s=60)
    progress = StageReporter(world.database, world.clock, world.bus)
    seen: list[Stage] = []
    async with progress.stage(claimed, StageName.DOWNLOAD, amount=2000) as on_progress:
        for percent in (10.0, 20.0):
            await world.clock.wait_for_sleepers()
            on_progress(percent)
            await world.advance(1)
            seen.append((await world.video(video.id)).stage(StageName.DOWNLOAD))
    assert seen == [
        Stage(StageName.DOWNLOAD, StageState.RUNNING, 10.0, 1),
        Stage(StageName.DOWNLOAD, StageState.RUNNING, 20.0, 1, speed=200.0, eta_s=8.0),
    ]
    ended = await progress.end_stage(claimed, StageName.DOWNLOAD, StageState.DONE)
    assert ended.stage(StageName.DOWNLOAD) == Stage(StageName.DOWNLOAD, StageState.DONE, 100.0, 1)


async def test_progress_is_written_once_a_second_at_most(world: World) -> None:
    """More frequent reports are not written."""
    video = await world.upload()
    (job,) = await world.jobs(video.id, JobKind.PROCESS)
    async with world.database.write() as work:
        claimed = await work.jobs.claim(job.id, lease_s=60)
    async with StageReporter(world.database, world.clock, world.bus).stage(claimed, StageName.COMPRESS) as on_progress:
        await world.clock.wait_for_sleepers()
        for percent in range(1, 10):
            on_progress(float(percent))
            await world.advance(0.1)
        assert (await world.video(video.id)).stage(StageName.COMPRESS).percent == 0.0
        await world.advance(0.1)
        assert (await world.video(video.id)).stage(StageName.COMPRESS).percent == 9.0


async def test_progress_is_published_as_it_is_written(world: World) -> None:
    """The beginning of the stage, and then every percentage that the row gets, with the same values."""
    video = await world.upload()
    (job,) = await world.jobs(video.id, JobKind.PROCESS)
    async with world.database.write() as work:
        claimed = await work.jobs.claim(job.id, lease_s=60)
    async with StageReporter(world.database, world.clock, world.bus).stage(claimed, StageName.COMPRESS) as on_progress:
        await world.clock.wait_for_sleepers()
        on_progress(12.34)
        await world.advance(1)
        stage = (await world.video(video.id)).stage(StageName.COMPRESS)
    published = [message for message in world.bus.published if isinstance(message, StageProgress)]
    assert [message.percent for message in published] == [0.0, stage.percent]
    assert {(message.video_id, message.owner, message.stage, message.attempt) for message in published} == {
        (video.id, video.owner, StageName.COMPRESS, 1)
    }
