"""Generating the poster and the storyboard."""

import pytest

from domain.model.errors import CompressionFailed, NotFound, TelecineError, Unavailable
from domain.model.failure import WarningCode
from domain.model.videos.lifecycle import VideoStatus
from domain.use_cases.jobs.run_job import JobResult
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio

FAILURE = CompressionFailed("The encoder gave up.")


@pytest.mark.parametrize("error", [FAILURE, Unavailable("The operating system killed ffmpeg.")])
async def test_pictures_of_an_unproven_original_are_optional(world: World, error: TelecineError) -> None:
    """It is known not to decode completely, so a failed picture adds no warning and causes no retry."""
    for method in ("compress", "poster", "storyboard"):
        world.transcoder.fail(method, FAILURE if method == "compress" else error)
    video = await world.upload_and_process()
    assert video.publication is not None
    assert world.keys == {video.publication.main.key}
    assert [warning.code for warning in video.warnings] == [WarningCode.COMPRESSION_FAILED]


async def test_a_video_without_poster_is_published_with_a_warning(world: World) -> None:
    """A missing poster does not delay the publication."""
    world.transcoder.fail("poster", FAILURE)
    video = await world.upload_and_process()
    assert video.status is VideoStatus.COMPLETED
    assert [warning.code for warning in video.warnings] == [WarningCode.POSTER_FAILED]
    with pytest.raises(NotFound) as missing:
        await world.application.get_playback.poster(ADA, video.id)
    assert missing.value.code == "poster_not_found"


async def test_a_video_without_storyboard_is_published_with_a_warning(world: World) -> None:
    """It can be played, and has a poster."""
    world.transcoder.fail("storyboard", FAILURE)
    video = await world.upload_and_process()
    assert video.publication is not None
    assert video.publication.storyboard is None
    assert world.keys == {video.publication.main.key, video.publication.poster_key}
    assert [warning.code for warning in video.warnings] == [WarningCode.STORYBOARD_FAILED]
    with pytest.raises(NotFound) as missing:
        await world.application.get_playback.storyboard(ADA, video.id)
    assert missing.value.code == "storyboard_not_found"


@pytest.mark.parametrize("method", ["poster", "storyboard"])
async def test_a_transient_error_with_a_picture_is_retried(world: World, method: str) -> None:
    """A killed tool says nothing about the video; the other picture is cancelled with it."""
    world.transcoder.fail(method, Unavailable("The operating system killed ffmpeg."), times=1)
    video = await world.upload()
    outcomes = await world.run_jobs()
    assert outcomes[0].result is JobResult.RESCHEDULED
    world.clock.advance(6)
    await world.application.sweep_jobs()
    await world.run_jobs()
    current = await world.video(video.id)
    assert (current.status, current.warnings) == (VideoStatus.COMPLETED, ())
