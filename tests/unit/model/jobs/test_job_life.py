from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from domain.model.errors import JobUnavailable, LeaseLost
from domain.model.jobs.job import Job, JobState, Lease
from tests.support.builders import NOW, a_job

LEASE_S = 60.0


class JobLife(RuleBasedStateMachine):
    """Workers claim, work, fail, stop, die and come back too late, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.job = a_job(max_attempts=4)
        self.leases: list[Lease] = []
        self.charged = 0

    def _apply(self, changed: Job, *, charged: int = 0) -> None:
        """Store the new state; the fence never falls, and the attempts are the charged ones."""
        assert changed.fence >= self.job.fence
        self.charged += charged
        self.job = changed

    @rule(seconds=st.integers(0, 120))
    def wait(self, seconds: int) -> None:
        """Advance the time."""
        self.now += timedelta(seconds=seconds)

    @rule()
    def claim(self) -> None:
        """A worker tries to claim the job and gets a new fence, or an error."""
        can_be_claimed = not self.job.is_exhausted and (self.job.is_due(self.now) or self.job.lease_expired(self.now))
        if not can_be_claimed:
            with pytest.raises(JobUnavailable):
                self.job.claimed(now=self.now, lease_s=LEASE_S)
            return
        self._apply(self.job.claimed(now=self.now, lease_s=LEASE_S), charged=1)
        assert self.job.lease not in self.leases
        self.leases.append(self.job.lease)

    @precondition(lambda self: self.job.state is JobState.RUNNING)
    @rule()
    def renew(self) -> None:
        """The worker renews its lease."""
        self._apply(self.job.renewed(now=self.now, lease_s=LEASE_S))

    @precondition(lambda self: self.job.state is JobState.RUNNING)
    @rule(delay_s=st.integers(0, 60))
    def fail(self, delay_s: int) -> None:
        """The attempt failed."""
        self._apply(self.job.rescheduled(run_after=self.now + timedelta(seconds=delay_s), error="It failed."))

    @precondition(lambda self: self.job.state is JobState.RUNNING)
    @rule()
    def stop(self) -> None:
        """The worker shuts down."""
        self._apply(self.job.released(now=self.now), charged=-1)

    @precondition(lambda self: self.job.lease_expired(self.now))
    @rule()
    def sweep(self) -> None:
        """A sweep frees the job of a lost worker, or buries it when no attempt is left."""
        exhausted = self.job.is_exhausted
        self._apply(self.job.buried(error="Lost.") if exhausted else self.job.freed(now=self.now))

    @precondition(lambda self: self.job.state is JobState.RUNNING)
    @rule()
    def finish(self) -> None:
        """The work is done."""
        self._apply(self.job.finished())

    @invariant()
    def attempts_are_those_charged(self) -> None:
        """Only a job that was released on purpose gets an attempt back, and none runs more often than allowed."""
        assert self.job.attempt == self.charged
        assert 0 <= self.job.attempt <= self.job.max_attempts

    @invariant()
    def only_the_last_lease_is_good(self) -> None:
        """It is valid only while the job is running."""
        for lease in self.leases:
            if lease == self.job.lease and self.job.state is JobState.RUNNING:
                assert self.job.require_lease(lease) is self.job
            else:
                with pytest.raises(LeaseLost):
                    self.job.require_lease(lease)

    @invariant()
    def a_lease_is_held_exactly_while_running(self) -> None:
        """A waiting, finished or dead job has none."""
        assert (self.job.lease_until is not None) is (self.job.state is JobState.RUNNING)


TestJobLife = JobLife.TestCase
