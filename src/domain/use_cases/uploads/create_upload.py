"""Create a new video, with its multipart upload if it has one."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from domain.model.errors import Unavailable
from domain.model.ids import UserId, VideoId
from domain.model.object_key import ObjectKey, source_key
from domain.model.uploads.multipart import GrowingPlan, MultipartUpload, PartPlan
from domain.model.uploads.policy import AcceptedUpload
from domain.model.videos.source import Source
from domain.model.videos.video import Video
from domain.ports.clock import Clock
from domain.ports.id_generator import IdGenerator
from domain.ports.multipart_store import MultipartStore


@dataclass(frozen=True, slots=True)
class CreateUpload:
    """Creates a new video, which the caller then stores in the database.

    Its multipart upload is created in the bucket first, so a stored video always has its `upload_id`; the clean-up
    aborts multipart uploads that belong to no video.
    """

    multipart: MultipartStore
    clock: Clock
    ids: IdGenerator
    expires_in_s: int

    async def __call__(self, owner: UserId, declared: AcceptedUpload) -> Video:
        """A new video in the status `uploading`.

        Raises:
            Unavailable: the bucket did not create the multipart upload.
        """
        video_id = VideoId(self.ids.new_id())
        key = source_key(owner, video_id, declared.extension)
        multipart = None if declared.plan is None else await self._create(key, declared.content_type, declared.plan)
        now = self.clock.now()
        return Video.granted(
            video_id=video_id,
            owner=owner,
            source=Source(
                key=key,
                filename=declared.filename,
                content_type=declared.content_type,
                size_bytes=declared.size_bytes,
                multipart=multipart,
                is_growing=isinstance(declared.plan, GrowingPlan),
            ),
            now=now,
            upload_expires_at=now + timedelta(seconds=self.expires_in_s),
            speech_hints=declared.hints,
            original_choice=declared.original,
            labels=declared.labels,
        )

    async def discard(self, video: Video) -> None:
        """Abort the multipart upload of a video that will not be stored; if that fails, the clean-up does it."""
        if video.source.multipart is not None:
            with suppress(Unavailable):
                await self.multipart.abort(video.source.key, video.source.multipart.upload_id)

    async def _create(self, key: ObjectKey, content_type: str, plan: PartPlan | GrowingPlan) -> MultipartUpload:
        upload_id = await self.multipart.create(key, content_type=content_type, part_bytes=plan.part_bytes)
        return MultipartUpload(upload_id, plan.part_bytes)
