"""Sign a new URL for a single PUT."""

from dataclasses import dataclass

from domain.model.errors import Conflict
from domain.model.ids import UserId, VideoId
from domain.model.videos.guards import require_owner, require_uploading
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.use_cases.uploads.sign_upload import SignedUpload, SignUpload


@dataclass(frozen=True, slots=True)
class RenewUpload:
    """Get a new presigned URL for a single PUT.

    - The new URL accepts the same file as the first one, which stays valid until it expires.
    - A multipart upload gets its new URLs part by part, from `POST /api/videos/{video_id}/upload/parts`.
    """

    database: Database
    clock: Clock
    sign: SignUpload

    async def __call__(self, owner: UserId, video_id: VideoId) -> SignedUpload:
        """Sign a new URL.

        Raises:
            VideoNotFound: the owner has no video with this id.
            Conflict: `not_single_put`, `imported_video`, `upload_completed` or `upload_closed`.
        """
        now = self.clock.now()
        async with self.database.write() as work:
            video = require_uploading(require_owner(await work.videos.get(video_id), owner))
            if video.source.multipart is not None:
                raise Conflict("This is a multipart upload; request URLs for its parts.", code="not_single_put")
            renewed = video.upload_extended(self.sign.expires_at(now), now=now)
            await work.videos.save(renewed)
        return self.sign(renewed, signed_at=now)
