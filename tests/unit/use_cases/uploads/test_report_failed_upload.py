"""Reporting failed uploads."""

import pytest

from adapters.fakes.transcoder import fake_video_bytes
from domain.model.errors import Conflict, InvalidTransition
from domain.model.failure import FailureCode
from domain.model.jobs.job import JobState
from domain.model.jobs.payloads import JobKind
from domain.model.retention.retained_objects import erase_all
from domain.model.videos.lifecycle import VideoStatus
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio

CONTENT = fake_video_bytes()


async def test_a_failed_upload_fails_the_video(world: World) -> None:
    """Its object is erased, now and again after the URL has expired."""
    video = await world.request_upload(CONTENT)
    world.objects.objects[video.source.key] = CONTENT
    failed = await world.application.uploads.report_failure(ADA, video.id)
    assert failed.status is VideoStatus.FAILED
    assert failed.failure is not None
    assert failed.failure.code is FailureCode.UPLOAD_FAILED
    await world.run_jobs()
    assert world.keys == set()
    late = [job for job in await world.jobs(video.id, JobKind.ERASE) if job.state is JobState.QUEUED]
    assert [(job.payload, job.run_after > video.upload_expires_at) for job in late] == [(erase_all(video), True)]


async def test_reporting_a_failure_is_idempotent(world: World) -> None:
    """The second call returns the same video and creates no job."""
    video = await world.request_upload(CONTENT)
    first = await world.application.uploads.report_failure(ADA, video.id)
    assert await world.application.uploads.report_failure(ADA, video.id) == first
    assert len(await world.jobs(video.id, JobKind.ERASE)) == 2


async def test_the_two_reports_exclude_each_other(world: World) -> None:
    """A completed upload cannot be reported as failed, and a failed one cannot be completed."""
    completed = await world.upload(CONTENT)
    with pytest.raises(InvalidTransition):
        await world.application.uploads.report_failure(ADA, completed.id)
    failed = await world.request_upload(CONTENT)
    await world.application.uploads.report_failure(ADA, failed.id)
    with pytest.raises(Conflict) as refused:
        await world.application.uploads.complete(ADA, failed.id)
    assert refused.value.code == "upload_closed"
