"""Storage of jobs: the outbox, and which worker holds which job."""

from abc import abstractmethod
from typing import Protocol

from domain.model.ids import JobId, VideoId
from domain.model.jobs.job import Job, Lease, NewJob


class JobRepository(Protocol):
    """Jobs. All times come from the database's clock, so workers' clocks may differ.

    Methods that take a lease raise `LeaseLost` when the job's fence has changed or the job is not running. A caller
    that gets this error must stop and write nothing.
    """

    @abstractmethod
    async def add(self, new: NewJob) -> Job:
        """Store a new job as queued, due after its delay.

        Raises:
            AlreadyExists: its id is taken.
        """

    @abstractmethod
    async def get(self, job_id: JobId) -> Job:
        """The job with this id.

        Raises:
            JobNotFound: there is none.
        """

    @abstractmethod
    async def of_video(self, video_id: VideoId) -> list[Job]:
        """Every job of the video, in no particular order."""

    @abstractmethod
    async def delete_of_video(self, video_id: VideoId) -> None:
        """Delete every job of the video; a worker that is running one loses its lease."""

    @abstractmethod
    async def claim(self, job_id: JobId, *, lease_s: float, worker: str | None = None) -> Job:
        """Claim the job, in one conditional write, if it is due or its lease has expired and attempts are left.

        `worker` is the name under which an operator sees who has the job.
        The returned job has its attempt and its fence raised by one.

        Raises:
            JobUnavailable: another worker has it, or it can't be claimed.
        """

    @abstractmethod
    async def lock(self, lease: Lease) -> None:
        """Check that the lease is valid, and lock the job so that it stays valid until this transaction ends.

        Raises:
            LeaseLost: it is not valid.
        """

    @abstractmethod
    async def renew(self, lease: Lease, *, lease_s: float) -> None:
        """Extend the lease to `lease_s` from now.

        Raises:
            LeaseLost: the lease is not valid any more.
        """

    @abstractmethod
    async def finish(self, lease: Lease) -> None:
        """Mark the job done.

        Raises:
            LeaseLost: the lease is not valid any more.
        """

    @abstractmethod
    async def reschedule(self, lease: Lease, *, delay_s: float, error: str) -> None:
        """Queue the job again, due after the delay, because this attempt failed.

        Raises:
            LeaseLost: the lease is not valid any more.
        """

    @abstractmethod
    async def release(self, lease: Lease) -> None:
        """Release the lease on purpose: the job is due at once, and the attempt is not charged.

        Raises:
            LeaseLost: the lease is not valid any more.
        """

    @abstractmethod
    async def bury(self, lease: Lease, *, error: str) -> None:
        """Mark the job dead: no attempt follows.

        Raises:
            LeaseLost: the lease is not valid any more.
        """

    @abstractmethod
    async def revive(self, job_id: JobId) -> Job:
        """Queue a dead job again, due at once, with its attempts reset; its fence keeps rising.

        Raises:
            JobUnavailable: it is not dead, or does not exist.
        """

    @abstractmethod
    async def abandoned(self, *, limit: int) -> list[Job]:
        """Running jobs with an expired lease, oldest expiry first; kinds known only to a newer version are skipped."""

    @abstractmethod
    async def seize(self, lease: Lease) -> None:
        """Check that a job is still abandoned, and lock it so that it stays so until this transaction ends.

        Raises:
            LeaseLost: its worker has renewed the lease, or another sweep handles or has handled the job.
        """

    @abstractmethod
    async def free(self, lease: Lease) -> None:
        """Queue a job again whose worker is gone; its attempt stays charged.

        Raises:
            LeaseLost: it is not running under this fence any more.
        """

    @abstractmethod
    async def expire_all_leases(self) -> None:
        """Treat every running job as abandoned and every message as lost. Call it only when no worker is alive."""

    @abstractmethod
    async def due(self, *, limit: int, resend_after_s: float) -> list[Job]:
        """Jobs that are due and were not sent in the last `resend_after_s`.

        Jobs that were never sent come first, then the least recently sent, so a backlog does not delay new jobs. Kinds
        that only a newer version knows are skipped. In a writing unit of work the returned jobs stay locked until it
        ends, and jobs that another such unit has locked are skipped.
        """

    @abstractmethod
    async def mark_sent(self, *leases: Lease) -> None:
        """Record that the jobs' messages are being sent; a job that is not queued under its fence stays unchanged."""

    @abstractmethod
    async def mark_unsent(self, *leases: Lease) -> None:
        """Record that the messages were not sent; a job that is not queued under its fence stays unchanged."""

    @abstractmethod
    async def wake(self, job_id: JobId, *, within_s: float = 0.0) -> Job | None:
        """Make a queued job due after `within_s` at the latest, and lock its row until this transaction ends.

        The row is locked whatever the job's state. Returns the job if it is due and its message has to be sent; None
        if it is due later, because the sweep sends it then, or is running, because its worker looks for new work before
        it parks the job.

        Raises:
            JobNotFound: there is none.
        """

    @abstractmethod
    async def park(self, lease: Lease, *, delay_s: float) -> None:
        """Queue a job again that never ends, due after the delay, with its attempts reset.

        Raises:
            LeaseLost: the lease is not valid any more.
        """
