"""Sign a URL that downloads the original of a video."""

from dataclasses import dataclass

from domain.model.errors import NotFound
from domain.model.ids import UserId, VideoId
from domain.model.videos.content_disposition import attachment
from domain.model.videos.guards import require_owner
from domain.ports.clock import Clock
from domain.ports.database import Database
from domain.ports.object_store import ObjectStore


@dataclass(frozen=True, slots=True)
class GetOriginal:
    """Redirect to a signed URL that downloads the original, unchanged, under its own filename.

    - The original is kept if the upload or the operator chose so, if the rendition lacks something of it, or if the
      original itself is played.
    - The URL points directly to the bucket, supports range requests and expires.
    """

    database: Database
    objects: ObjectStore
    clock: Clock
    expires_in_s: int

    async def __call__(self, owner: UserId, video_id: VideoId) -> str:
        """The signed URL.

        Raises:
            VideoNotFound: the owner has no video with this id.
            NotFound: `original_not_kept`: nothing is published yet, or the original was erased.
        """
        async with self.database.read() as work:
            video = require_owner(await work.videos.get(video_id), owner)
        kept = None if video.publication is None else video.publication.kept_original
        if kept is None:
            raise NotFound("The original of this video is not kept, or not published yet.", code="original_not_kept")
        return self.objects.presign_get(
            kept.key,
            content_type=kept.content_type,
            expires_in_s=self.expires_in_s,
            signed_at=self.clock.now(),
            disposition=attachment(video.source.filename),
        )
