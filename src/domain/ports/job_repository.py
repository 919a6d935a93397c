"""Where jobs are remembered: the outbox, and who works on what."""

from abc import abstractmethod
from typing import Protocol

from domain.model.identity import JobId, VideoId
from domain.model.job import Job, Lease, NewJob


class JobRepository(Protocol):
    """Jobs. All times are the database's own clock, so workers' clocks may differ.

    Methods that take a lease raise `LeaseLost` when the job no longer carries its fence or is not
    running; whoever gets that stops and writes nothing.
    """

    @abstractmethod
    async def add(self, new: NewJob) -> Job:
        """Remember a new job, queued, due after its delay.

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
        """Every job of the video, in no order."""

    @abstractmethod
    async def delete_of_video(self, video_id: VideoId) -> None:
        """Forget every job of the video; who works on one loses the lease."""

    @abstractmethod
    async def claim(self, job_id: JobId, *, lease_s: float) -> Job:
        """Take the job if it is due, or its lease has run out, and attempts are left: one conditional write.

        Attempt and fence have risen by one in the answer.

        Raises:
            JobUnavailable: somebody else has it, or there is nothing to have.
        """

    @abstractmethod
    async def hold(self, lease: Lease) -> None:
        """Make sure the lease is good, and keep it so until this transaction ends.

        Raises:
            LeaseLost: it is not.
        """

    @abstractmethod
    async def renew(self, lease: Lease, *, lease_s: float) -> None:
        """Keep the job for so many seconds from now.

        Raises:
            LeaseLost: it is not ours any more.
        """

    @abstractmethod
    async def finish(self, lease: Lease) -> None:
        """The work is done.

        Raises:
            LeaseLost: it is not ours any more.
        """

    @abstractmethod
    async def reschedule(self, lease: Lease, *, delay_s: float, error: str) -> None:
        """The attempt failed; let another follow after the delay.

        Raises:
            LeaseLost: it is not ours any more.
        """

    @abstractmethod
    async def give_back(self, lease: Lease) -> None:
        """Stop on purpose: another may have the job at once, and the attempt is not charged.

        Raises:
            LeaseLost: it is not ours any more.
        """

    @abstractmethod
    async def bury(self, lease: Lease, *, error: str) -> None:
        """Give the job up for good.

        Raises:
            LeaseLost: it is not ours any more.
        """

    @abstractmethod
    async def revive(self, job_id: JobId) -> Job:
        """Owe a dead job again, due at once and from its first attempt on; its fence goes on rising.

        Raises:
            JobUnavailable: it is not dead, or not there.
        """

    @abstractmethod
    async def abandoned(self, *, limit: int) -> list[Job]:
        """Running jobs whose lease has run out, the longest first; kinds of a newer version are passed over."""

    @abstractmethod
    async def seize(self, lease: Lease) -> None:
        """Make sure an abandoned job still is, and keep it so until this transaction ends.

        Raises:
            LeaseLost: its worker came back, or somebody else sees or has seen to it.
        """

    @abstractmethod
    async def free(self, lease: Lease) -> None:
        """Let a job whose worker is gone wait for another; its attempt stays charged.

        Raises:
            LeaseLost: it is not running under this fence any more.
        """

    @abstractmethod
    async def forget_workers(self) -> None:
        """Declare every running job abandoned and every message lost. Only for who knows that no worker is alive."""

    @abstractmethod
    async def due(self, *, limit: int, resend_after_s: float) -> list[Job]:
        """Jobs that wait for a worker and were not sent in the last so many seconds.

        Those never sent come first, then the least recently sent: no backlog keeps a new job waiting. Kinds of a
        newer version are passed over. In a unit that writes nobody else gets these until it ends, and those that
        another such unit has are passed over.
        """

    @abstractmethod
    async def mark_sent(self, *leases: Lease) -> None:
        """Messages for the jobs are on their way; nothing happens to one that no longer waits, or waits once more."""

    @abstractmethod
    async def mark_unsent(self, *leases: Lease) -> None:
        """The messages did not leave: the jobs wait as if never sent, but for those that no longer wait so."""
