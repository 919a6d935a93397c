"""Sign a single PUT again."""

from dataclasses import dataclass

from domain.model.errors import Conflict
from domain.model.identity import UserId, VideoId
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.use_cases.sign_upload import SignedUpload, SignUpload


@dataclass(frozen=True, slots=True)
class RenewUpload:
    """Get a fresh presigned URL for a single PUT.

    - It takes the same file as the first one; that one lives on until it expires.
    - The upload of many parts is renewed part by part instead.
    """

    database: Database
    clock: Clock
    sign: SignUpload

    async def __call__(self, owner: UserId, video_id: VideoId) -> SignedUpload:
        """Sign once more.

        Raises:
            VideoNotFound: no such video of this owner.
            Conflict: `not_single_put`, `imported_video`, `upload_completed` or `upload_closed`.
        """
        now = self.clock.now()
        async with self.database.write() as work:
            video = (await work.videos.get(video_id)).require_owner(owner).require_uploading()
            if video.source.multipart is not None:
                raise Conflict("This upload has parts; ask for the URLs of those.", code="not_single_put")
            renewed = video.signed_until(self.sign.expires_at(now), now=now)
            await work.videos.save(renewed)
        return self.sign(renewed, signed_at=now)
