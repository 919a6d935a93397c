"""Store a rendition or the original and make the video playable."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

from domain.model.errors import LeaseLost, Unavailable, first_error
from domain.model.jobs.job import Job
from domain.model.media.content_types import IMAGE_CONTENT_TYPE
from domain.model.media.output_profiles import rendition_content_type
from domain.model.object_key import DerivedKeys, ObjectKey
from domain.model.retention.retained_objects import erase_unneeded
from domain.model.stage import StageName
from domain.model.uploads.media_types import published_type
from domain.model.uploads.original_policy import OriginalChoice
from domain.model.videos.source import KeptOriginal, KeptReason, Publication, PublicationKind, Rendition
from domain.model.videos.video import Video
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.ports.object_store import ObjectStore
from domain.ports.progress import OnProgress
from domain.use_cases.jobs.dispatch_job import DispatchJob
from domain.use_cases.jobs.factory import JobFactory
from domain.use_cases.jobs.stage_reporter import StageReporter
from domain.use_cases.media.compress_source import Playable
from domain.use_cases.media.generate_thumbnails import GenerateThumbnails, Storyboard


@dataclass(frozen=True, slots=True)
class PublishVideo:
    """Publish a rendition, or the original when there is no rendition.

    - The video becomes playable only after the bucket has confirmed every byte of the published object.
    - The poster and the storyboard are generated while the video is being stored.
    - The original is kept beside the rendition if the client chose so, or else the operator, and always if the
      rendition lacks something of it; then it stays until the video is deleted.
    - A published or kept original is stored under a new key: its upload URL may still be valid, and a client could
      replace the object under the old key.
    - The publication, the end of the job, and the job that erases the uploaded object commit in one transaction.
    - The uploaded object is erased a second time when no client can still be writing to it.
    - Objects of earlier attempts that the video does not need are erased as well.
    """

    database: Database
    objects: ObjectStore
    clock: Clock
    jobs: JobFactory
    dispatch: DispatchJob
    progress: StageReporter
    thumbnails: GenerateThumbnails
    original: OriginalChoice

    async def __call__(self, job: Job, video: Video, playable: Playable, source: Path) -> None:
        """Publish the video and finish the job; `source` is the original on the local disk."""
        keys = DerivedKeys(video.owner, video.id, job.fence)
        files = self._files(keys, video, playable)
        async with self.progress.stage(job, StageName.PUBLISH, amount=files.size_bytes) as on_progress:
            publication = await self._store_all(job, playable, source, keys, files, on_progress)
        try:
            erasing = await self._commit(job, publication)
        except LeaseLost:
            await self._withdraw(publication)
            raise
        await self.dispatch(erasing)

    def _files(self, keys: DerivedKeys, video: Video, playable: Playable) -> Publication:
        """The publication without its pictures, which may fail."""
        rendition, choice = _rendition(keys, video, playable), self.original.overridden_by(video.original_choice)
        is_beside = rendition.kind is not PublicationKind.ORIGINAL and (playable.keeps_original or choice.is_kept)
        if not is_beside:
            return Publication(renditions=(rendition,))
        kept = KeptOriginal(
            key=keys.original(video.source.extension),
            content_type=_original_type(video, playable),
            size_bytes=video.source.size_bytes,
            reason=KeptReason.UNPROVEN if playable.keeps_original else KeptReason.REQUESTED,
            # Days that a client chose must not end an original that has no complete replacement.
            keep_until=None if playable.keeps_original else choice.keep_until(self.clock.now()),
        )
        return Publication(renditions=(rendition,), original=kept)

    async def _store_all(
        self,
        job: Job,
        playable: Playable,
        source: Path,
        keys: DerivedKeys,
        files: Publication,
        on_progress: OnProgress,
    ) -> Publication:
        with first_error():
            async with asyncio.TaskGroup() as group:
                group.create_task(self._store_files(playable.path, source, files, on_progress))
                poster = group.create_task(self._poster(job, playable, keys.poster))
                storyboard = group.create_task(self._storyboard(job, playable, keys.storyboard))
        return _with_pictures(files, keys, poster.result(), storyboard.result())

    async def _store_files(self, path: Path, source: Path, files: Publication, on_progress: OnProgress) -> None:
        """Store the rendition, then the original if it is kept; the progress is that of both."""
        main, original, all_bytes = files.main, files.original, files.size_bytes
        await self._store(path, main, lambda percent: on_progress(percent * main.size_bytes / all_bytes))
        if original is not None:
            begun = 100 * main.size_bytes / all_bytes
            share = original.size_bytes / all_bytes
            await self._store(source, original, lambda percent: on_progress(begun + percent * share))

    async def _poster(self, job: Job, playable: Playable, key: ObjectKey) -> Path | None:
        poster = await self.thumbnails.poster(job, playable)
        if poster is not None:
            await self._store_image(poster, key)
        return poster

    async def _storyboard(self, job: Job, playable: Playable, key: ObjectKey) -> Storyboard | None:
        storyboard = await self.thumbnails.storyboard(job, playable)
        if storyboard is not None:
            await self._store_image(storyboard.path, key)
        return storyboard

    async def _store_image(self, path: Path, key: ObjectKey) -> None:
        await self.objects.upload(path, key, content_type=IMAGE_CONTENT_TYPE, on_progress=lambda _percent: None)

    async def _store(self, path: Path, file: Rendition | KeptOriginal, on_progress: OnProgress) -> None:
        stored = await self.objects.upload(path, file.key, content_type=file.content_type, on_progress=on_progress)
        if stored.size_bytes != file.size_bytes:
            raise Unavailable(
                f"The bucket has {stored.size_bytes} of {file.size_bytes} bytes.", code="upload_incomplete"
            )

    async def _commit(self, job: Job, publication: Publication) -> Job:
        now = self.clock.now()
        async with self.database.write() as work:
            await work.jobs.finish(job.lease)
            video = (await work.videos.get(job.video_id)).published(publication, now=now).settled(now=now)
            await work.videos.save(video)
            published = erase_unneeded(video, await work.jobs.of_video(video.id), through_fence=job.fence)
            unneeded = replace(published, keys=(video.source.key,))
            # Erased again later, because an attempt that has lost its lease may still be storing its rendition.
            await work.jobs.add(self.jobs.late_erase(video, unneeded, now=now))
            return await work.jobs.add(self.jobs.new(video.id, unneeded))

    async def _withdraw(self, publication: Publication) -> None:
        """Delete the stored objects: the video was deleted or another worker has it, so no row refers to them."""
        for key in publication.keys:
            await self.objects.delete(key)


def _original_type(video: Video, playable: Playable) -> str:
    return published_type(video.source.content_type, playable.source_container)


def _rendition(keys: DerivedKeys, video: Video, playable: Playable) -> Rendition:
    is_original = playable.kind is PublicationKind.ORIGINAL
    return Rendition(
        key=keys.original(video.source.extension) if is_original else keys.rendition,
        content_type=_original_type(video, playable) if is_original else rendition_content_type(playable.media),
        size_bytes=playable.size_bytes,
        kind=playable.kind,
    )


def _with_pictures(
    files: Publication, keys: DerivedKeys, poster: Path | None, storyboard: Storyboard | None
) -> Publication:
    return replace(
        files,
        poster_key=keys.poster if poster is not None else None,
        storyboard_key=keys.storyboard if storyboard is not None else None,
        storyboard=storyboard.sheet if storyboard is not None else None,
    )
