"""Queues in which jobs wait although no worker is at work."""

from entrypoints.doctor.checks.job_queues import Waiting, queues_verdict
from entrypoints.doctor.report import Level


def test_a_queue_without_a_worker_is_a_warning() -> None:
    """It names the queue, the number of jobs and their age."""
    verdict = queues_verdict([("deliver", Waiting(0, 3, 250.4)), ("process", Waiting(2, 40, 900.0))])
    assert verdict.level is Level.WARNING
    assert verdict.observation == "no job runs in `webhooks`: 3 jobs due for up to 250 s"
    assert "webhooks" in verdict.remedy


def test_busy_workers_and_short_waits_are_fine() -> None:
    """Kinds of one queue count together, and kinds of a newer version do not count."""
    busy = [("transcribe", Waiting(0, 5, 500.0)), ("import", Waiting(1, 0, 0.0))]
    assert queues_verdict([*busy, ("deliver", Waiting(0, 0, 20.0)), ("newer", Waiting(0, 9, 900.0))]).level is Level.OK
    assert queues_verdict([]).level is Level.OK
