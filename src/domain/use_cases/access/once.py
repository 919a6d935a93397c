"""Queue the work that a client requests, once per idempotency key."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from domain.model.access.idempotency import IdempotentRequest
from domain.model.errors import Conflict
from domain.model.ids import UserId
from domain.model.videos.video import Video
from domain.use_cases.access.lookup import IdempotencyLookup


@dataclass(frozen=True, slots=True)
class IdempotentResult:
    """The video that the work is for; `is_replay` if an earlier request with the same key queued it."""

    video: Video
    is_replay: bool = False


@dataclass(frozen=True, slots=True)
class RunOnce:
    """Queues work once per idempotency key: a repeated request gets the current video and queues nothing.

    The key must commit in the same transaction as the queued work. A request that loses a race then finds the
    key after any conflict.
    """

    lookup: IdempotencyLookup

    async def __call__(
        self, owner: UserId, request: IdempotentRequest | None, work: Callable[[], Awaitable[Video]]
    ) -> IdempotentResult:
        """Queue the work with `work`, unless an earlier request has queued it.

        Raises:
            Rejected: `idempotency_key_reused`: the key was used for a different request.
            Conflict: `idempotency_key_spent`: the video was deleted.

        An error that `work` raises is passed on.
        """
        if request is None:
            return IdempotentResult(await work())
        if (earlier := await self.lookup(owner, request)) is not None:
            return IdempotentResult(earlier, is_replay=True)
        try:
            return IdempotentResult(await work())
        except Conflict:
            # The same request may have succeeded first, on another connection.
            if (earlier := await self.lookup(owner, request)) is None:
                raise
            return IdempotentResult(earlier, is_replay=True)
