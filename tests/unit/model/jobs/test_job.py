from dataclasses import replace
from datetime import timedelta

import pytest

from domain.model.errors import JobUnavailable, LeaseLost
from domain.model.ids import JobId
from domain.model.jobs.job import Job, JobState, Lease
from tests.support.builders import JOB_ID, NOW, a_job, a_uuid

LEASE_S = 60.0
SECOND = timedelta(seconds=1)


def a_running_job(*, attempt: int = 1, fence: int = 1) -> Job:
    """A job that a worker has just claimed."""
    lease_until = NOW + timedelta(seconds=LEASE_S)
    return a_job(state=JobState.RUNNING, attempt=attempt, fence=fence, lease_until=lease_until, sent_at=NOW)


def test_a_claim_raises_attempt_and_fence_and_sets_the_lease() -> None:
    """All in one step, so that no two workers hold the same fence."""
    claimed = a_job(attempt=1, fence=7).claimed(now=NOW, lease_s=LEASE_S)
    assert (claimed.state, claimed.attempt, claimed.fence) == (JobState.RUNNING, 2, 8)
    assert claimed.lease_until == NOW + timedelta(seconds=LEASE_S)
    assert claimed.lease == Lease(JOB_ID, 8)


def test_a_job_is_due_from_its_due_time_on() -> None:
    """It is not due before."""
    assert a_job(run_after=NOW).is_due(NOW)
    assert not a_job(run_after=NOW + SECOND).is_due(NOW)
    assert not a_running_job().is_due(NOW)


def test_a_lease_is_valid_until_its_end() -> None:
    """Another worker may claim the job only afterwards."""
    job = a_running_job()
    end = NOW + timedelta(seconds=LEASE_S)
    assert not job.lease_expired(end)
    assert job.lease_expired(end + timedelta(microseconds=1))
    assert job.claimed(now=end + SECOND, lease_s=LEASE_S).fence == job.fence + 1


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.DONE, JobState.DEAD])
def test_a_job_that_does_not_run_has_no_lease_to_lose(state: JobState) -> None:
    """An old lease time is ignored."""
    assert not a_job(state=state, lease_until=NOW - SECOND).lease_expired(NOW)
    assert not replace(a_running_job(), lease_until=None).lease_expired(NOW + timedelta(days=1))


@pytest.mark.parametrize(
    "job",
    [
        a_job(run_after=NOW + SECOND),
        a_running_job(),
        a_job(state=JobState.DONE),
        a_job(state=JobState.DEAD),
        a_job(attempt=3, max_attempts=3),
        replace(a_running_job(attempt=3), lease_until=NOW - SECOND),
    ],
    ids=["not yet due", "held", "done", "dead", "exhausted", "abandoned and exhausted"],
)
def test_a_job_that_can_not_be_claimed_is_refused(job: Job) -> None:
    """The caller stops: another worker has the job, or no attempt is left."""
    with pytest.raises(JobUnavailable) as refused:
        job.claimed(now=NOW, lease_s=LEASE_S)
    assert refused.value.code == "job_unavailable"


def test_the_holder_of_the_lease_may_go_on() -> None:
    """The job itself is returned."""
    job = a_running_job(fence=4)
    assert job.require_lease(Lease(JOB_ID, 4)) is job


@pytest.mark.parametrize(
    ("job", "lease"),
    [
        (a_running_job(fence=4), Lease(JOB_ID, 3)),
        (a_running_job(fence=4), Lease(JOB_ID, 5)),
        (a_running_job(fence=4), Lease(JobId(a_uuid(9)), 4)),
        (a_job(fence=4), Lease(JOB_ID, 4)),
        (a_job(fence=4, state=JobState.DONE), Lease(JOB_ID, 4)),
        (a_job(fence=4, state=JobState.DEAD), Lease(JOB_ID, 4)),
    ],
    ids=["stale fence", "future fence", "another job", "queued", "done", "dead"],
)
def test_any_other_worker_has_lost_the_lease(job: Job, lease: Lease) -> None:
    """A stale worker writes nothing."""
    with pytest.raises(LeaseLost) as refused:
        job.require_lease(lease)
    assert refused.value.code == "lease_lost"


def test_a_renewed_lease_counts_from_now() -> None:
    """Nothing else changes."""
    job = a_running_job()
    later = NOW + timedelta(seconds=15)
    assert job.renewed(now=later, lease_s=LEASE_S) == replace(job, lease_until=later + timedelta(seconds=LEASE_S))


def test_a_finished_job_is_done() -> None:
    """It has no lease."""
    job = a_running_job()
    assert job.finished() == replace(job, state=JobState.DONE, lease_until=None)


def test_a_failed_attempt_waits_for_its_due_time() -> None:
    """The attempt stays charged, the error is kept, and the message is sent again."""
    job = a_running_job()
    again = job.rescheduled(run_after=NOW + SECOND, error="The bucket did not answer.")
    assert (again.state, again.run_after, again.last_error) == (
        JobState.QUEUED,
        NOW + SECOND,
        "The bucket did not answer.",
    )
    assert (again.attempt, again.fence, again.lease_until, again.sent_at) == (1, 1, None, None)


@pytest.mark.parametrize(("attempt", "left"), [(2, 1), (1, 0), (0, 0)])
def test_a_released_job_is_not_charged(attempt: int, left: int) -> None:
    """The worker stops on purpose; the fence stays, and the count never falls below zero."""
    job = a_running_job(attempt=attempt, fence=5).released(now=NOW + SECOND)
    assert (job.state, job.attempt, job.fence) == (JobState.QUEUED, left, 5)
    assert (job.run_after, job.lease_until, job.sent_at) == (NOW + SECOND, None, None)


def test_a_freed_job_stays_charged() -> None:
    """Otherwise a job that kills its worker would run forever."""
    job = a_running_job(attempt=2, fence=5).freed(now=NOW + SECOND)
    assert (job.state, job.attempt, job.fence) == (JobState.QUEUED, 2, 5)
    assert (job.run_after, job.lease_until, job.sent_at) == (NOW + SECOND, None, None)


def test_a_buried_job_says_why() -> None:
    """No attempt follows."""
    job = a_running_job()
    assert job.buried(error="Killed three times.") == replace(
        job, state=JobState.DEAD, lease_until=None, last_error="Killed three times."
    )


@pytest.mark.parametrize(("attempt", "is_exhausted"), [(0, False), (2, False), (3, True), (4, True)])
def test_a_job_is_exhausted_at_its_last_attempt(attempt: int, *, is_exhausted: bool) -> None:
    """Three of three have been used."""
    assert a_job(attempt=attempt, max_attempts=3).is_exhausted is is_exhausted


@pytest.mark.parametrize("state", JobState)
def test_only_a_dead_job_is_revived(state: JobState) -> None:
    """Its attempts start at zero, and its fence keeps rising."""
    job = a_job(state=state, attempt=3, fence=5, sent_at=NOW)
    later = NOW + timedelta(hours=1)
    if state is JobState.DEAD:
        assert job.revived(now=later) == a_job(fence=5, run_after=later)
        return
    with pytest.raises(JobUnavailable):
        job.revived(now=later)
