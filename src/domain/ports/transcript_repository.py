"""Storage of transcripts, and of the chunks that they are made from."""

from abc import abstractmethod
from typing import Protocol

from domain.model.ids import JobId, VideoId
from domain.model.transcripts.transcript import CaptionTrack, ChunkTranscript, Transcript, TranscriptOrigin


class TranscriptRepository(Protocol):
    """Transcripts by video, and chunks by job, so that a retry transcribes only the missing chunks."""

    @abstractmethod
    async def save(self, transcript: Transcript) -> None:
        """Store the transcript of a video, and replace an earlier one.

        Raises:
            VideoNotFound: there is no such video.
        """

    @abstractmethod
    async def get(self, video_id: VideoId) -> Transcript:
        """The transcript of a video.

        Raises:
            TranscriptNotFound: it has none.
        """

    @abstractmethod
    async def origin(self, video_id: VideoId) -> TranscriptOrigin | None:
        """The origin of a video's transcript; None if it has no transcript."""

    @abstractmethod
    async def track(self, video_id: VideoId) -> CaptionTrack | None:
        """The caption track of a video, without reading its cues; None if it has no transcript, or one without cues."""

    @abstractmethod
    async def delete(self, video_id: VideoId) -> None:
        """Delete the transcript of a video; an absent one is no error."""

    @abstractmethod
    async def save_chunk(self, job_id: JobId, index: int, chunk: ChunkTranscript) -> None:
        """Store one chunk of a job, and replace an earlier one with this index.

        Raises:
            JobNotFound: there is no such job.
        """

    @abstractmethod
    async def chunks(self, job_id: JobId) -> dict[int, ChunkTranscript]:
        """The stored chunks of a job, by index."""

    @abstractmethod
    async def delete_chunks(self, job_id: JobId) -> None:
        """Delete the chunks of a job."""
