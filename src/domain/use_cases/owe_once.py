"""Owe work that a client asks for, once under one idempotency key."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from domain.model.errors import Conflict
from domain.model.idempotency import IdempotentRequest
from domain.model.identity import UserId
from domain.model.video import Video
from domain.use_cases.recall_request import RecallRequest


@dataclass(frozen=True, slots=True)
class OwedWork:
    """The video that is worked on; `is_replay` when an earlier request had asked for it already."""

    video: Video
    is_replay: bool = False


@dataclass(frozen=True, slots=True)
class OweOnce:
    """Answer a request that is repeated under its key with the video as it is now, and owe nothing more.

    The key must commit with what is owed: then who comes too late finds it, whatever else is in the way by then.
    """

    recall: RecallRequest

    async def __call__(
        self, owner: UserId, request: IdempotentRequest | None, owe: Callable[[], Awaitable[Video]]
    ) -> OwedWork:
        """Owe it, unless an earlier request has.

        Raises:
            Rejected: `idempotency_key_reused`: the key stands for another request.
            Conflict: `idempotency_key_spent`: the video was deleted.

        Besides, whatever owing it raises.
        """
        if request is None:
            return OwedWork(await owe())
        if (asked := await self.recall(owner, request)) is not None:
            return OwedWork(asked, is_replay=True)
        try:
            return OwedWork(await owe())
        except Conflict:
            # Perhaps because the same request was quicker, on another connection.
            if (asked := await self.recall(owner, request)) is None:
                raise
            return OwedWork(asked, is_replay=True)
