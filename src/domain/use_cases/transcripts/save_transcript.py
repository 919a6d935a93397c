"""Save a transcript, unless the owner has uploaded captions."""

from dataclasses import dataclass

from domain.model.failure import VideoWarning, WarningCode
from domain.model.ids import VideoId
from domain.model.transcripts.transcript import Transcript, TranscriptOrigin
from domain.model.videos.video import Video
from domain.ports.clock import Clock
from domain.ports.database import UnitOfWork


@dataclass(frozen=True, slots=True)
class SaveTranscript:
    """Save a generated transcript and end the stage: `done`, or `skipped` when the owner has uploaded captions.

    Uploaded captions are never overwritten, and an earlier transcript is not replaced by one in which no word could be
    recognised. The video is read first, which locks its row, so no captions can be uploaded before this transaction
    ends.
    """

    clock: Clock

    async def __call__(
        self, work: UnitOfWork, video_id: VideoId, transcript: Transcript | None, *, doubt: str | None = None
    ) -> Video:
        """Save the transcript and return the changed video.

        A `transcript` of None means that uploaded captions stopped the transcription. The stage is then `skipped`, even
        if those captions have been deleted since. A `doubt` says why words are missing from the transcript; it becomes
        a warning.

        Raises:
            VideoNotFound: it was deleted.
        """
        now = self.clock.now()
        video = await work.videos.get(video_id)
        earlier = await work.transcripts.origin(video_id)
        if transcript is None or earlier is TranscriptOrigin.UPLOADED:
            settled = video.transcription_skipped(now=now)
        elif doubt is not None and not transcript.text and earlier is not None:
            settled = video.transcription_failed(doubt, now=now)
        else:
            await work.transcripts.save(transcript)
            if doubt is not None:
                video = video.warned(VideoWarning(WarningCode.SPEECH_NOT_RECOGNISED, doubt), now=now)
            settled = video.transcribed(language=transcript.language, now=now)
        await work.videos.save(settled)
        return settled
