"""How much users have used of their quotas."""

from abc import abstractmethod
from typing import Protocol

from domain.model.access.quota import Usage
from domain.model.ids import UserId


class UsageRepository(Protocol):
    """The sum of the footprints of a user's videos; the `VideoRepository` updates it in the same transaction.

    The cost of a read does not depend on the number of videos.
    """

    @abstractmethod
    async def lock(self, *owners: UserId) -> dict[UserId, Usage]:
        """Lock and return the usage of each owner, including what this transaction has changed.

        Until the transaction ends, others that lock or change these rows wait. An owner without videos is included.
        """

    @abstractmethod
    async def recount(self, *, after: UserId | None = None) -> UserId | None:
        """Recount the usage of the first user whose id follows `after`; return that id, or None after the last user.

        A recount corrects sums that a process of an older version did not update. The count of the day's uploads is
        kept, because the uploads of deleted videos can't be counted again.
        """
