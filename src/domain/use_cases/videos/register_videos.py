"""Store new videos, many in one commit."""

from dataclasses import dataclass

from domain.model.access.idempotency import IdempotencyKey
from domain.model.access.quota import Quota
from domain.model.errors import AlreadyExists, Rejected
from domain.model.videos.video import Video
from domain.ports.database import Database, UnitOfWork
from domain.use_cases.jobs.group_commit import GroupCommit


@dataclass(frozen=True, slots=True)
class NewVideo:
    """A video, and the idempotency key of the request that creates it."""

    video: Video
    key: IdempotencyKey | None = None


class RegisterVideos:
    """Store a new video durably before the client gets its id.

    - The owner's quota is enforced, however many processes register videos at once.
    - The idempotency key commits with the video: a repeated request finds both or neither.
    - Calls that arrive during a commit share the next one (group commit), so one commit serves many calls.
    - An error in one call does not fail the others that share its commit.
    """

    def __init__(self, database: Database, quota: Quota) -> None:
        self._database = database
        self._quota = quota
        self._group_commit = GroupCommit(self._add)

    async def __call__(self, video: Video, key: IdempotencyKey | None = None) -> None:
        """Return when the video has committed.

        Raises:
            AlreadyExists: the video's id or the key (`idempotency_key_taken`) already exists.
            QuotaExceeded: the owner's quota has no room for it.
            Rejected: the database can't store one of its values.
            Unavailable: the database failed.
        """
        new = NewVideo(video, key)
        try:
            await self._group_commit(new)
        except (AlreadyExists, Rejected):
            # Another video of the group may have caused the error, so each is tried again alone.
            await self._add([new])

    async def in_transaction(self, work: UnitOfWork, *added: NewVideo) -> None:
        """Store the videos in the caller's transaction.

        Raises the same errors as the call itself; after one, the transaction can only be rolled back.
        """
        await work.videos.add(*(new.video for new in added))
        keys = [new.key for new in added if new.key is not None]
        if keys:
            await work.idempotency_keys.add(*keys)
        if self._quota.is_limited:
            await self._check_quota(work, [new.video for new in added])

    async def _add(self, added: list[NewVideo]) -> None:
        async with self._database.write() as work:
            await self.in_transaction(work, *added)

    async def _check_quota(self, work: UnitOfWork, videos: list[Video]) -> None:
        usage = await work.usage.lock(*{video.owner for video in videos})
        for video in videos:
            self._quota.check(usage[video.owner], now=video.created_at)
