"""New transcripts of completed videos, on a world of fakes."""

from domain.model.transcripts.hints import SpeechHints
from domain.model.videos.video import Video
from tests.support.world import ADA, World


async def request_transcript(world: World, video: Video, hints: SpeechHints | None = None) -> Video:
    """Request a new transcript; return the video afterwards."""
    return (await world.application.transcripts.regenerate(ADA, video.id, hints)).video


async def text_of(world: World, video: Video) -> str:
    """The text of the transcript that is served."""
    return (await world.application.get_transcript(ADA, video.id)).text
