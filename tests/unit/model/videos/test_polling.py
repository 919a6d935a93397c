from dataclasses import replace
from datetime import timedelta

import pytest

from domain.model.stage import StageName
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.polling import poll_after_s
from tests.support.builders import NOW, a_source, a_video


@pytest.mark.parametrize(
    ("status", "wait_s"),
    [
        (VideoStatus.UPLOADING, 5),
        (VideoStatus.UPLOADED, 2),
        (VideoStatus.PROCESSING, 2),
        (VideoStatus.COMPLETED, None),
        (VideoStatus.FAILED, None),
    ],
)
def test_the_status_decides_without_an_estimate(status: VideoStatus, wait_s: int | None) -> None:
    """A terminal status is not worth another request."""
    assert poll_after_s(a_video(status=status)) == wait_s


def test_an_import_is_work_of_the_server() -> None:
    """Its client does not know the progress."""
    imported = a_video(status=VideoStatus.UPLOADING, source=replace(a_source(), youtube_id="dQw4w9WgXcQ"))
    assert poll_after_s(imported) == 2


@pytest.mark.parametrize(("eta_s", "wait_s"), [(0.0, 1), (9.0, 1), (45.0, 5), (4000.0, 10)])
def test_an_estimate_decides_while_a_stage_runs(eta_s: float, wait_s: int) -> None:
    """About ten requests for the rest of the stage, neither too many nor too few."""
    running = a_video(status=VideoStatus.PROCESSING).stage_started(StageName.COMPRESS, attempt=1, now=NOW)
    now = NOW + timedelta(seconds=1)
    assert poll_after_s(running.stage_progressed(StageName.COMPRESS, 10, now=now, eta_s=eta_s)) == wait_s
