"""Storage of idempotency keys."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol

from domain.model.access.idempotency import IdempotencyKey
from domain.model.ids import UserId, VideoId


class IdempotencyRepository(Protocol):
    """Idempotency keys by user; a key commits in the same transaction as what its request creates."""

    @abstractmethod
    async def add(self, *keys: IdempotencyKey) -> None:
        """Store new keys, all or none.

        Raises:
            AlreadyExists: `idempotency_key_taken`: the user has used one of them before; the unit of work can only be
                rolled back.
        """

    @abstractmethod
    async def find(self, owner: UserId, key: str) -> IdempotencyKey | None:
        """The stored record of the user's key; None if the key is new."""

    @abstractmethod
    async def delete_of_video(self, video_id: VideoId) -> None:
        """Delete the keys that refer to the video, so that they can be used again."""

    @abstractmethod
    async def count_before(self, moment: datetime) -> int:
        """How many keys were stored before the moment."""

    @abstractmethod
    async def delete_before(self, moment: datetime) -> int:
        """Delete the keys that were stored before the moment, and return their number."""
