"""Delete the captions that a video's owner has uploaded."""

from dataclasses import dataclass

from domain.model.errors import Conflict, TranscriptNotFound
from domain.model.ids import UserId, VideoId
from domain.model.transcripts.transcript import TranscriptOrigin
from domain.model.videos.guards import require_owner
from domain.ports.clock import Clock
from domain.ports.database import Database


@dataclass(frozen=True, slots=True)
class RemoveCaptions:
    """Delete uploaded captions.

    - The video then has no transcript until one is regenerated or captions are uploaded again.
    - A generated transcript can't be deleted. Regenerate it or upload captions instead.
    """

    database: Database
    clock: Clock

    async def __call__(self, owner: UserId, video_id: VideoId) -> None:
        """Delete the captions.

        Raises:
            VideoNotFound: the owner has no video with this id.
            TranscriptNotFound: it has no captions.
            Conflict: `generated_captions`: they were generated, not uploaded.
        """
        async with self.database.write() as work:
            video = require_owner(await work.videos.get(video_id), owner)
            match await work.transcripts.origin(video_id):
                case None:
                    raise TranscriptNotFound
                case TranscriptOrigin.GENERATED:
                    raise Conflict("These captions were generated; they can be replaced.", code="generated_captions")
                case TranscriptOrigin.UPLOADED:
                    await work.transcripts.delete(video_id)
                    await work.videos.save(video.captions_removed(now=self.clock.now()))
