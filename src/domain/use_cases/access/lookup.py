"""Find the video of an earlier request with the same idempotency key."""

from dataclasses import dataclass

from domain.model.access.idempotency import IdempotentRequest, key_spent
from domain.model.errors import VideoNotFound
from domain.model.ids import UserId
from domain.model.videos.video import Video
from domain.ports.database import Database


@dataclass(frozen=True, slots=True)
class IdempotencyLookup:
    """Looks up the video that is stored under an idempotency key."""

    database: Database

    async def __call__(self, owner: UserId, request: IdempotentRequest) -> Video | None:
        """The video of the earlier request; None when the key is new.

        Raises:
            Rejected: `idempotency_key_reused`: the key was used for a different request.
            Conflict: `idempotency_key_spent`: the video was deleted.
        """
        async with self.database.read() as work:
            known = await work.idempotency_keys.find(owner, request.key)
            if known is None:
                return None
            try:
                return await work.videos.get(known.require_same(request))
            except VideoNotFound:
                raise key_spent() from None
