"""Choosing the poster of a video."""

import math

import pytest

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.errors import Conflict, Rejected, VideoNotFound
from domain.model.ids import UserId
from domain.model.jobs.payloads import JobKind, PosterPayload
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio


async def test_a_job_is_queued(world: World) -> None:
    """The current poster stays until it has run."""
    video = await world.upload_and_process()
    assert await world.application.request_poster(ADA, video.id, 3.5) == video
    (job,) = await world.jobs(video.id, JobKind.POSTER)
    assert job.payload == PosterPayload(3.5)
    assert [sent.id for sent in world.queue.sent] == [job.id]


async def test_one_poster_is_made_at_a_time(world: World) -> None:
    """The same time again changes nothing; another one has to wait."""
    video = await world.upload_and_process()
    request = world.application.request_poster
    await request(ADA, video.id, 1.0)
    await request(ADA, video.id, 1.0)
    with pytest.raises(Conflict) as caught:
        await request(ADA, video.id, 2.0)
    assert caught.value.code == "poster_in_progress"
    assert len(await world.jobs(video.id, JobKind.POSTER)) == 1
    await world.run_jobs()
    await request(ADA, video.id, 2.0)
    assert len(await world.jobs(video.id, JobKind.POSTER)) == 2


@pytest.mark.parametrize("time_s", [-0.001, 10.001, math.inf, -math.inf, math.nan])
async def test_a_time_outside_of_the_video_is_refused(world: World, time_s: float) -> None:
    """The begin and the end are within it."""
    video = await world.upload_and_process()
    with pytest.raises(Rejected) as caught:
        await world.application.request_poster(ADA, video.id, time_s)
    assert caught.value.code == "invalid_poster_time"
    assert await world.jobs(video.id, JobKind.POSTER) == []


@pytest.mark.parametrize("time_s", [0.0, 10.0])
async def test_the_begin_and_the_end_are_allowed(world: World, time_s: float) -> None:
    """A player shows a frame there."""
    video = await world.upload_and_process()
    await world.application.request_poster(ADA, video.id, time_s)


async def test_sound_alone_has_no_frames(world: World) -> None:
    """Its poster is the waveform."""
    video = await world.upload_and_process(fake_video_bytes(video_codec=None))
    with pytest.raises(Rejected) as caught:
        await world.application.request_poster(ADA, video.id, 1.0)
    assert caught.value.code == "no_picture"


async def test_nothing_is_chosen_before_the_video_is_playable(world: World) -> None:
    """There is no rendition to take a frame from."""
    video = await world.upload()
    with pytest.raises(Conflict) as caught:
        await world.application.request_poster(ADA, video.id, 1.0)
    assert caught.value.code == "not_playable"


async def test_another_user_s_video_is_not_found(world: World) -> None:
    """As everywhere."""
    video = await world.upload_and_process()
    with pytest.raises(VideoNotFound):
        await world.application.request_poster(UserId("grace"), video.id, 1.0)
