"""Take away the captions that the owner of a video has made."""

from dataclasses import dataclass

from domain.model.errors import Conflict, TranscriptNotFound
from domain.model.identity import UserId, VideoId
from domain.model.transcript import TranscriptOrigin
from domain.ports.database import Database


@dataclass(frozen=True, slots=True)
class RemoveCaptions:
    """Delete a video's own captions.

    - The video has no transcript then, until one is asked for anew.
    - What a transcriber heard is not deleted: ask for a new transcript, or give captions of your own, instead.
    """

    database: Database

    async def __call__(self, owner: UserId, video_id: VideoId) -> None:
        """Forget them.

        Raises:
            VideoNotFound: no such video of this owner.
            TranscriptNotFound: it has no captions.
            Conflict: `generated_captions`: they are not its owner's.
        """
        async with self.database.write() as work:
            (await work.videos.get(video_id)).require_owner(owner)
            match await work.transcripts.origin(video_id):
                case None:
                    raise TranscriptNotFound
                case TranscriptOrigin.GENERATED:
                    raise Conflict("These captions were generated; they can be replaced.", code="generated_captions")
                case TranscriptOrigin.UPLOADED:
                    await work.transcripts.delete(video_id)
