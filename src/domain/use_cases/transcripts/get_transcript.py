"""Get the transcript of a video."""

from dataclasses import dataclass

from domain.model.ids import UserId, VideoId
from domain.model.transcripts.transcript import Transcript
from domain.model.videos.guards import require_owner
from domain.ports.database import Database


@dataclass(frozen=True, slots=True)
class GetTranscript:
    """Get the transcript of a video.

    - A video without speech has an empty transcript. A video that has not been transcribed has no transcript.
    """

    database: Database

    async def __call__(self, owner: UserId, video_id: VideoId) -> Transcript:
        """The transcript of the owner's video.

        Raises:
            VideoNotFound: the owner has no video with this id.
            TranscriptNotFound: it has no transcript (yet).
        """
        async with self.database.read() as work:
            require_owner(await work.videos.get(video_id), owner)
            return await work.transcripts.get(video_id)
