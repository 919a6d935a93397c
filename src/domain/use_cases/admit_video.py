"""Remember new videos, many in one commit."""

from dataclasses import dataclass

from domain.model.errors import AlreadyExists, Rejected
from domain.model.idempotency import IdempotencyKey
from domain.model.usage import Quota
from domain.model.video import Video
from domain.ports.database import Database, UnitOfWork
from domain.use_cases.together import Together


@dataclass(frozen=True, slots=True)
class NewVideo:
    """A video, and the idempotency key under which a client asked for it."""

    video: Video
    key: IdempotencyKey | None = None


class AdmitVideo:
    """Remember a new video durably before anyone is told of it.

    - Its owner's quota holds, however many processes admit videos at once.
    - The idempotency key commits with it: a request that is repeated finds both or neither.
    - Calls that come while a commit is under way share the next one: its cost is theirs together.
    - What is wrong with one of them is not the others' fault.
    """

    def __init__(self, database: Database, quota: Quota) -> None:
        self._database = database
        self._quota = quota
        self._together = Together(self._add)

    async def __call__(self, video: Video, key: IdempotencyKey | None = None) -> None:
        """Return when the video has committed.

        Raises:
            AlreadyExists: its id, or the key (`idempotency_key_taken`), is taken.
            QuotaExceeded: its owner has no room for it.
            Rejected: the database has no form for it.
            Unavailable: the database did not take it.
        """
        new = NewVideo(video, key)
        try:
            await self._together(new)
        except (AlreadyExists, Rejected):
            # It may have been another one's fault: alone, everybody hears of their own.
            await self._add([new])

    async def within(self, work: UnitOfWork, *added: NewVideo) -> None:
        """Remember them in this transaction, with what else belongs to it.

        Raises what the call itself raises; then the transaction can only be rolled back.
        """
        await work.videos.add(*(new.video for new in added))
        keys = [new.key for new in added if new.key is not None]
        if keys:
            await work.idempotency_keys.add(*keys)
        if self._quota.is_limited:
            await self._check_quota(work, [new.video for new in added])

    async def _add(self, added: list[NewVideo]) -> None:
        async with self._database.write() as work:
            await self.within(work, *added)

    async def _check_quota(self, work: UnitOfWork, videos: list[Video]) -> None:
        usage = await work.usage.hold(*{video.owner for video in videos})
        for video in videos:
            self._quota.check(usage[video.owner], now=video.created_at)
