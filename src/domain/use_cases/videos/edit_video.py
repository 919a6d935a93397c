"""Change the labels of a video."""

from dataclasses import dataclass

from domain.model.ids import UserId, VideoId
from domain.model.uploads.labels import LabelChanges
from domain.model.videos.guards import require_owner
from domain.model.videos.video import Video
from domain.ports.clock import Clock
from domain.ports.database import Database


@dataclass(frozen=True, slots=True)
class EditVideo:
    """Change the title, the external id or the metadata of a video. A field that is not sent keeps its value.

    - A `title` that is null or empty is replaced with the name of the file. White space at its ends is removed.
    - `external_id` is any id that the video has elsewhere; several videos may have the same. Null removes it.
    - `metadata` replaces the whole object. It has at most 16 KiB as compact JSON in UTF-8, and 32 levels.
    - A video can be changed in every status. The change causes no event.
    """

    database: Database
    clock: Clock

    async def __call__(self, owner: UserId, video_id: VideoId, changes: LabelChanges) -> Video:
        """Store the changes; returns the video after them.

        Raises:
            VideoNotFound: the owner has no video with this id.
            Rejected: `invalid_title`, `invalid_external_id` or `invalid_metadata`.
        """
        async with self.database.write() as work:
            video = require_owner(await work.videos.get(video_id), owner)
            changed = video.labelled(changes, now=self.clock.now())
            if changed is not video:
                await work.videos.save(changed)
            return changed
