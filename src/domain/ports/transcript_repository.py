"""Where transcripts are remembered, and the chunks they are made from."""

from abc import abstractmethod
from typing import Protocol

from domain.model.identity import JobId, VideoId
from domain.model.transcript import ChunkTranscript, Transcript, TranscriptOrigin


class TranscriptRepository(Protocol):
    """Transcripts by video; finished chunks by job, so that a retry pays only for the missing ones."""

    @abstractmethod
    async def save(self, transcript: Transcript) -> None:
        """Remember the transcript of a video, in place of any other.

        Raises:
            VideoNotFound: the video is not there.
        """

    @abstractmethod
    async def get(self, video_id: VideoId) -> Transcript:
        """The transcript of a video.

        Raises:
            TranscriptNotFound: it has none.
        """

    @abstractmethod
    async def origin(self, video_id: VideoId) -> TranscriptOrigin | None:
        """Who wrote the transcript of a video; None: it has none."""

    @abstractmethod
    async def delete(self, video_id: VideoId) -> None:
        """Forget the transcript of a video; an absent one is fine."""

    @abstractmethod
    async def save_chunk(self, job_id: JobId, index: int, chunk: ChunkTranscript) -> None:
        """Remember what is known of one chunk of a job, in place of any other with this index.

        Raises:
            JobNotFound: the job is not there.
        """

    @abstractmethod
    async def chunks(self, job_id: JobId) -> dict[int, ChunkTranscript]:
        """What is known of the chunks of a job by index."""

    @abstractmethod
    async def delete_chunks(self, job_id: JobId) -> None:
        """Forget the chunks of a job."""
