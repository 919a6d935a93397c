"""Compare the bucket with the database to find orphans."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.model.ids import VideoId
from domain.model.jobs.payloads import OpenUpload
from domain.model.object_key import DERIVED_FOLDER, SOURCE_FOLDER, ObjectKey, video_id_of
from domain.model.retention.orphans import Orphans, is_needed, is_upload_needed
from domain.model.videos.video import Video
from domain.ports.clock import Clock
from domain.ports.database import Database, UnitOfWork
from domain.ports.multipart_store import MultipartStore
from domain.ports.object_store import ObjectStore, StoredObject

BATCH = 500
MAX_ORPHANS = 10_000


@dataclass(frozen=True, slots=True)
class FindOrphans:
    """Find objects and multipart uploads in the bucket that no video needs.

    - Only keys in Telecine's own format are considered, because other programs may use the same bucket.
    - Objects and uploads younger than `min_age_s` are skipped, because their video may not have committed yet.
    - One run returns at most 10,000 objects; the next run returns the others.
    """

    database: Database
    objects: ObjectStore
    multipart: MultipartStore
    clock: Clock
    min_age_s: float

    async def __call__(self) -> Orphans:
        """Scan the whole bucket."""
        before = self.clock.now() - timedelta(seconds=self.min_age_s)
        scanned, unknown, keys = 0, 0, list[ObjectKey]()
        async with aclosing(self._batches()) as batches:
            async for batch in batches:
                scanned += len(batch)
                unneeded = await self._unneeded([stored.key for stored in batch if stored.modified_at < before])
                unknown += sum(is_unknown for is_unknown in unneeded.values())
                keys += list(unneeded)[: MAX_ORPHANS - len(keys)]
        return Orphans(scanned, tuple(keys), await self._orphaned_uploads(before), unknown)

    async def _batches(self) -> AsyncGenerator[list[StoredObject]]:
        batch: list[StoredObject] = []
        async for stored in self._recognised_objects():
            batch.append(stored)
            if len(batch) == BATCH:
                yield batch
                batch = []
        yield batch

    async def _recognised_objects(self) -> AsyncIterator[StoredObject]:
        for folder in (SOURCE_FOLDER, DERIVED_FOLDER):
            async for stored in self.objects.scan(folder):
                if video_id_of(stored.key) is not None:
                    yield stored

    async def _unneeded(self, keys: Iterable[ObjectKey]) -> dict[ObjectKey, bool]:
        """The keys that no video needs, each with whether its video is unknown."""
        video_ids = {key: video_id for key in keys if (video_id := video_id_of(key)) is not None}
        async with self.database.read() as work:
            videos = await _videos(work, video_ids.values())
            return {
                key: video_id not in videos
                for key, video_id in video_ids.items()
                if not await _needs(work, videos.get(video_id), key)
            }

    async def _orphaned_uploads(self, before: datetime) -> tuple[OpenUpload, ...]:
        uploads = [
            OpenUpload(upload.key, upload.upload_id)
            for upload in await self.multipart.list_uploads(SOURCE_FOLDER)
            if upload.initiated_at < before
        ]
        orphaned: list[OpenUpload] = []
        for start in range(0, len(uploads), BATCH):
            orphaned += await self._orphaned_of(uploads[start : start + BATCH])
        return tuple(orphaned)

    async def _orphaned_of(self, uploads: list[OpenUpload]) -> list[OpenUpload]:
        recognised = [(upload, video_id) for upload in uploads if (video_id := video_id_of(upload.key)) is not None]
        async with self.database.read() as work:
            videos = await _videos(work, [video_id for _, video_id in recognised])
        known = [(upload, videos.get(video_id)) for upload, video_id in recognised]
        return [upload for upload, video in known if video is None or not is_upload_needed(upload, video)]


async def _videos(work: UnitOfWork, video_ids: Iterable[VideoId]) -> dict[VideoId, Video]:
    return {video.id: video for video in await work.videos.get_many(*set(video_ids))}


async def _needs(work: UnitOfWork, video: Video | None, key: ObjectKey) -> bool:
    if video is None:
        return False
    # Jobs can only add needed objects, so the first check, which reads no jobs, decides for nearly all of them.
    return is_needed(key, video, ()) or is_needed(key, video, await work.jobs.of_video(video.id))
