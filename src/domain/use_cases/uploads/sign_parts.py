"""Sign URLs for the parts of a multipart upload."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.model.access.quota import Quota
from domain.model.errors import Conflict, Rejected
from domain.model.ids import UserId, VideoId
from domain.model.uploads.multipart import MAX_PART_COUNT, GrowingPlan, PartPlan
from domain.model.uploads.policy import UploadPolicy
from domain.model.videos.guards import require_owner, require_uploading
from domain.model.videos.video import Video
from domain.ports.clock import Clock
from domain.ports.database import Database, UnitOfWork
from domain.use_cases.uploads.sign_upload import NO_SIZES, SignedUpload, SignUpload

MAX_PARTS_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class SignParts:
    """Get presigned URLs for parts of a multipart upload.

    - One request signs up to 100 parts, in any order. A part can be signed and sent again; the new bytes replace the
      old ones.
    - Request URLs shortly before use, because each expires after `expires_in` seconds. Each request extends the time
      until the upload expires.
    - A URL accepts exactly the number of bytes of its part. `Content-Length` is signed, and no other header is needed.
    - Of an upload without a declared size, every part has `part_size` bytes, except the last: send its size as
      `last_part_size`, which is that of the highest of these part numbers. Each signed part counts as sent towards the
      maximum file size and the storage quota, until the upload is complete and its size is known.
    """

    database: Database
    clock: Clock
    sign: SignUpload
    policy: UploadPolicy
    quota: Quota

    async def __call__(
        self, owner: UserId, video_id: VideoId, numbers: Sequence[int], *, last_part_bytes: int | None = None
    ) -> SignedUpload:
        """Sign these parts; with `last_part_bytes`, the highest of them is the last of a growing source.

        Raises:
            VideoNotFound: the owner has no video with this id.
            Rejected: `invalid_part_numbers`: no number, more than 100, a repeated number, or one that is
                not in the part plan; `invalid_last_part_size`; for a growing source, `file_too_large`.
            QuotaExceeded: `storage_quota_exceeded`, for a growing source.
            Conflict: `not_multipart`, `imported_video`, `upload_completed` or `upload_closed`.
        """
        now = self.clock.now()
        async with self.database.write() as work:
            video = require_uploading(require_owner(await work.videos.get(video_id), owner))
            plan = _plan(video, numbers)
            extended = video.upload_extended(self.sign.expires_at(now), now=now)
            if last_part_bytes is not None:
                _check_last_part(plan, last_part_bytes)
            if isinstance(plan, GrowingPlan):
                extended = self._grown(extended, plan.size_through(max(numbers), last_bytes=last_part_bytes))
            await work.videos.save(extended)
            if extended.source.size_bytes > video.source.size_bytes:
                await self._check_quota(work, owner)
        sizes = NO_SIZES if last_part_bytes is None else {max(numbers): last_part_bytes}
        parts = self.sign.parts(video, numbers, signed_at=now, sizes=sizes)
        return SignedUpload(video, None, parts, self.sign.expires_in_s)

    def _grown(self, video: Video, size_bytes: int) -> Video:
        self.policy.check_size(size_bytes)
        return video.grown(size_bytes)

    async def _check_quota(self, work: UnitOfWork, owner: UserId) -> None:
        if self.quota.max_stored_bytes is not None:
            usage = await work.usage.lock(owner)
            self.quota.check_stored(usage[owner])


def _plan(video: Video, numbers: Sequence[int]) -> PartPlan | GrowingPlan:
    """The part plan, which has parts with these numbers."""
    plan = video.source.layout
    if plan is None:
        raise Conflict("This upload is a single PUT; it has no parts.", code="not_multipart")
    is_valid = 0 < len(numbers) <= MAX_PARTS_AT_ONCE and len(set(numbers)) == len(numbers)
    if not is_valid or not all(plan.has(number) for number in numbers):
        raise Rejected(
            f"Send 1 to {MAX_PARTS_AT_ONCE} different part numbers from 1 to {plan.count or MAX_PART_COUNT}.",
            code="invalid_part_numbers",
        )
    return plan


def _check_last_part(plan: PartPlan | GrowingPlan, size_bytes: int) -> None:
    if isinstance(plan, PartPlan):
        raise Rejected(
            "The size of this upload was declared, so the size of its last part is known.",
            code="invalid_last_part_size",
        )
    if not 0 < size_bytes <= plan.part_bytes:
        raise Rejected(f"The last part must have from 1 to {plan.part_bytes} bytes.", code="invalid_last_part_size")
