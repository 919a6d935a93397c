"""Periodic clean-up: expired uploads and originals, old keys, events and deliveries, usage counts and orphans."""

from collections.abc import Awaitable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from domain.model.access.idempotency import KEY_LIFETIME_S
from domain.model.errors import Conflict, Unavailable
from domain.model.retention.orphans import Orphans
from domain.model.videos.video import Video
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.ports.multipart_store import MultipartStore
from domain.ports.object_store import ObjectStore
from domain.use_cases.retention.delete_old_events import DeleteOldEvents
from domain.use_cases.retention.expire_originals import ExpireOriginals
from domain.use_cases.retention.find_orphans import FindOrphans
from domain.use_cases.search.request_indexing import RequestIndexing
from domain.use_cases.uploads.expire_uploads import ExpireUploads
from domain.use_cases.webhooks.expire_deliveries import ExpireDeliveries

RECOUNT_EVERY_S = 24 * 3600.0
TITLE_KEYS_AT_ONCE = 500

_NONE = Orphans(0, (), ())


@dataclass(frozen=True, slots=True)
class CleanUpReport:
    """What a clean-up did, or would do."""

    expired: list[Video] = field(default_factory=list[Video])
    orphans: Orphans = _NONE
    deleted_keys: int = 0
    expired_originals: list[Video] = field(default_factory=list[Video])
    deleted_events: int = 0
    deleted_deliveries: int = 0


@dataclass(frozen=True, slots=True)
class CleanUp:
    """Expire uploads and kept originals, delete old keys, events and deliveries, recount usage, erase orphans.

    - Transcripts that the search index misses are indexed by a job.
    - Any number of processes may run it at once, also during uploads.
    - If most objects in the bucket belong to no known video, no orphan is erased until an operator confirms it.
    """

    database: Database
    objects: ObjectStore
    multipart: MultipartStore
    clock: Clock
    expire_uploads: ExpireUploads
    expire_originals: ExpireOriginals
    delete_old_events: DeleteOldEvents
    find_orphans: FindOrphans
    request_indexing: RequestIndexing
    expire_deliveries: ExpireDeliveries
    every_s: float
    orphans_every_s: float | None

    async def run_due(self) -> CleanUpReport:
        """Do the parts that are due, unless another process has started them.

        Raises:
            Conflict: `suspicious_orphans`.
            Unavailable: the bucket or the database did not answer, or `orphans_kept`.
        """
        orphans, report = _NONE, CleanUpReport()
        await self.request_indexing()
        await self._fill_title_keys()
        # Orphans first: the objects of an upload that expires now are erased by its own job.
        if self.orphans_every_s is not None and await self._acquire("orphans", self.orphans_every_s):
            orphans = await self.find_orphans()
            await self._erase(orphans, is_confirmed=False)
        if await self._acquire("uploads", self.every_s):
            report = await self._clean_database()
        if await self._acquire("usage", RECOUNT_EVERY_S):
            await self._recount()
        return replace(report, orphans=orphans)

    async def run_all(self, *, is_confirmed: bool = False) -> CleanUpReport:
        """Do all parts now; with `is_confirmed`, even if most objects belong to no known video.

        Raises:
            Conflict: `suspicious_orphans`.
            Unavailable: the bucket or the database did not answer, or `orphans_kept`.
        """
        await self.request_indexing()
        await self._fill_title_keys()
        orphans = await self.find_orphans()
        report = await self._clean_database()
        await self._recount()
        await self._erase(orphans, is_confirmed=is_confirmed)
        return replace(report, orphans=orphans)

    async def preview(self) -> CleanUpReport:
        """What `run_all` would do, without doing it."""
        expired, orphans = await self.expire_uploads.overdue(), await self.find_orphans()
        async with self.database.read() as work:
            deleted_keys = await work.idempotency_keys.count_before(
                self.clock.now() - timedelta(seconds=KEY_LIFETIME_S)
            )
        return CleanUpReport(
            expired,
            orphans,
            deleted_keys,
            expired_originals=await self.expire_originals.overdue(),
            deleted_events=await self.delete_old_events.count(),
            deleted_deliveries=await self.expire_deliveries.count(),
        )

    async def _clean_database(self) -> CleanUpReport:
        return CleanUpReport(
            expired=await self.expire_uploads(),
            deleted_keys=await self._delete_old_keys(),
            expired_originals=await self.expire_originals(),
            deleted_events=await self.delete_old_events(),
            deleted_deliveries=await self.expire_deliveries(),
        )

    async def _acquire(self, name: str, every_s: float) -> bool:
        async with self.database.write() as work:
            return await work.schedule.try_acquire(name, every_s=every_s)

    async def _fill_title_keys(self) -> None:
        """Complete the videos that a process of an older version added since the last time."""
        filled = TITLE_KEYS_AT_ONCE
        while filled == TITLE_KEYS_AT_ONCE:
            async with self.database.write() as work:
                filled = await work.videos.fill_title_keys(limit=TITLE_KEYS_AT_ONCE)

    async def _recount(self) -> None:
        """Recount the usage in one transaction per user, so that an upload waits only for the count of its own user."""
        owner, is_last = None, False
        while not is_last:
            async with self.database.write() as work:
                owner = await work.usage.recount(after=owner)
            is_last = owner is None

    async def _delete_old_keys(self) -> int:
        async with self.database.write() as work:
            return await work.idempotency_keys.delete_before(self.clock.now() - timedelta(seconds=KEY_LIFETIME_S))

    async def _erase(self, orphans: Orphans, *, is_confirmed: bool) -> None:
        if orphans.is_suspicious and not is_confirmed:
            raise Conflict(
                f"{orphans.unknown} of {orphans.scanned} objects in the bucket belong to no video of this database; "
                "no orphan was erased, because this may be the wrong bucket or database.",
                code="suspicious_orphans",
            )
        failures = sum(
            [not await _is_completed(self.multipart.abort(each.key, each.upload_id)) for each in orphans.uploads]
        )
        failures += sum([not await _is_completed(self.objects.delete(key)) for key in orphans.keys])
        if failures:
            raise Unavailable(f"{failures} orphans could not be erased; the others were.", code="orphans_kept")


async def _is_completed(erasing: Awaitable[None]) -> bool:
    """Whether the orphan could be erased; an error does not stop the others."""
    try:
        await erasing
    except Unavailable:
        return False
    return True
