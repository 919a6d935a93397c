"""Captions uploaded by the owner, on a world of fakes."""

from domain.model.stage import StageName, StageState
from domain.model.transcripts.transcript import Transcript
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video
from tests.support.world import ADA, World

OWN = b"WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nMine.\n\n00:00:03.000 --> 00:00:04.000\nAll mine.\n"


async def given(world: World, video: Video, content: bytes = OWN, language: str | None = "de") -> Video:
    """Upload captions; return the video afterwards."""
    return await world.application.transcripts.replace(ADA, video.id, content, language=language)


async def transcript_of(world: World, video: Video) -> Transcript:
    """The transcript that is served."""
    return await world.application.get_transcript(ADA, video.id)


def ended(video: Video) -> tuple[VideoStatus, StageState]:
    """The video's status, and the state of its transcription."""
    return video.status, video.stage(StageName.TRANSCRIBE).state
