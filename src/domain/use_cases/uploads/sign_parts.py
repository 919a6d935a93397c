"""Sign URLs for the parts of a multipart upload."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.model.errors import Conflict, Rejected
from domain.model.ids import UserId, VideoId
from domain.model.videos.guards import require_owner, require_uploading
from domain.model.videos.video import Video
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.use_cases.uploads.sign_upload import SignedUpload, SignUpload

MAX_PARTS_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class SignParts:
    """Get presigned URLs for parts of a multipart upload.

    - One request signs up to 100 parts, in any order. A part can be signed and sent again; the new bytes replace the
      old ones.
    - Request URLs shortly before use, because each expires after `expires_in` seconds. Each request extends the time
      until the upload expires.
    - A URL accepts exactly the number of bytes of its part. `Content-Length` is signed, and no other header is needed.
    """

    database: Database
    clock: Clock
    sign: SignUpload

    async def __call__(self, owner: UserId, video_id: VideoId, numbers: Sequence[int]) -> SignedUpload:
        """Sign these parts.

        Raises:
            VideoNotFound: the owner has no video with this id.
            Rejected: `invalid_part_numbers`: no number, more than 100, a repeated number, or one that is
                not in the part plan.
            Conflict: `not_multipart`, `imported_video`, `upload_completed` or `upload_closed`.
        """
        now = self.clock.now()
        async with self.database.write() as work:
            video = require_uploading(require_owner(await work.videos.get(video_id), owner))
            _check(video, numbers)
            await work.videos.save(video.upload_extended(self.sign.expires_at(now), now=now))
        parts = self.sign.parts(video, numbers, signed_at=now)
        return SignedUpload(video, None, parts, self.sign.expires_in_s)


def _check(video: Video, numbers: Sequence[int]) -> None:
    plan = video.source.plan
    if plan is None:
        raise Conflict("This upload is a single PUT; it has no parts.", code="not_multipart")
    is_valid = 0 < len(numbers) <= MAX_PARTS_AT_ONCE and len(set(numbers)) == len(numbers)
    if not is_valid or not all(plan.has(number) for number in numbers):
        raise Rejected(
            f"Send 1 to {MAX_PARTS_AT_ONCE} different part numbers from 1 to {plan.count}.",
            code="invalid_part_numbers",
        )
