"""Where idempotency keys are remembered."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol

from domain.model.idempotency import IdempotencyKey
from domain.model.identity import UserId, VideoId


class IdempotencyRepository(Protocol):
    """Keys by user; they commit together with what was made under them."""

    @abstractmethod
    async def add(self, *keys: IdempotencyKey) -> None:
        """Remember new keys, all or none.

        Raises:
            AlreadyExists: `idempotency_key_taken`: the user has used one before; the unit of work can only be rolled
                back.
        """

    @abstractmethod
    async def find(self, owner: UserId, key: str) -> IdempotencyKey | None:
        """What the user's key stands for; None: it is new."""

    @abstractmethod
    async def forget_video(self, video_id: VideoId) -> None:
        """Let the keys of the video be used again."""

    @abstractmethod
    async def count_before(self, moment: datetime) -> int:
        """How many were made before the moment."""

    @abstractmethod
    async def forget_before(self, moment: datetime) -> int:
        """Forget the keys that were made before the moment, and count them."""
