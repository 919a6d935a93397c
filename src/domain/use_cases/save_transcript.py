"""Put a transcript in its place, or leave that place to the owner's own captions."""

from dataclasses import dataclass

from domain.model.identity import VideoId
from domain.model.stage import StageName, StageState
from domain.model.transcript import Transcript, TranscriptOrigin
from domain.model.transcription import skipped
from domain.model.video import Video
from domain.ports.clock import Clock
from domain.ports.database import UnitOfWork


@dataclass(frozen=True, slots=True)
class SaveTranscript:
    """Save what was heard and end the stage: `done`, or `skipped` where captions of the owner's own are there.

    Own captions are never overwritten. The video is read first, which keeps anybody from giving some meanwhile.
    """

    clock: Clock

    async def __call__(self, work: UnitOfWork, video_id: VideoId, transcript: Transcript | None) -> Video:
        """The video as it is then; None: it was left to the captions that were there, and may be gone again.

        Raises:
            VideoNotFound: it was deleted.
        """
        now = self.clock.now()
        video = await work.videos.get(video_id)
        if transcript is None or await work.transcripts.origin(video_id) is TranscriptOrigin.UPLOADED:
            ended = skipped(video, now=now)
        else:
            await work.transcripts.save(transcript)
            ended = video.with_stage(StageName.TRANSCRIBE, StageState.DONE, now=now).settled(now=now)
        await work.videos.save(ended)
        return ended
