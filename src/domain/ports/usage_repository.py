"""What users take up of their quotas."""

from abc import abstractmethod
from typing import Protocol

from domain.model.identity import UserId
from domain.model.usage import Usage


class UsageRepository(Protocol):
    """The sum of the footprints of a user's videos, kept in step by the `VideoRepository` of the same transaction.

    It costs the same however many videos there are.
    """

    @abstractmethod
    async def hold(self, *owners: UserId) -> dict[UserId, Usage]:
        """What each of them takes up, with all that this transaction has changed; it stays so until it ends.

        Others who want to hold or change it wait. Who has nothing is in the answer, too.
        """

    @abstractmethod
    async def recount(self, *, after: UserId | None = None) -> UserId | None:
        """Count anew what the next user takes up, in order of ids; who that is, or None after the last one.

        It mends what others have left out who don't keep the sums, as a process of an older version. The uploads of
        the day stay as they were counted: those of deleted videos can't be found again.
        """
