"""Draw the pictures that go with what is to be played."""

from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from domain.model.errors import CompressionFailed, Unavailable
from domain.model.failure import VideoWarning, WarningCode
from domain.model.job import Job
from domain.model.picture_size import shown_size
from domain.model.storyboard import StoryboardSheet, storyboard_sheet
from domain.ports.clock import Clock
from domain.ports.transcoder import Transcoder
from domain.use_cases.compress_source import Playable
from domain.use_cases.video_progress import VideoProgress


@dataclass(frozen=True, slots=True)
class Storyboard:
    """A sheet of small pictures on the local disk."""

    path: Path
    sheet: StoryboardSheet


@dataclass(frozen=True, slots=True)
class DrawPictures:
    """Draw a poster and a storyboard.

    - A rendition is published without one all the same, with a warning.
    - An original that is played for want of a rendition has them if they can be had, and nobody waits for another try.
    """

    transcoder: Transcoder
    clock: Clock
    progress: VideoProgress

    async def poster(self, job: Job, playable: Playable) -> Path | None:
        """The poster, unless it can't be drawn."""
        target = playable.path.with_name("poster.jpg")
        drawing = self.transcoder.poster(playable.proof, target, media=playable.media)
        return target if await self._is_drawn(job, playable, drawing, WarningCode.POSTER_FAILED) else None

    async def storyboard(self, job: Job, playable: Playable) -> Storyboard | None:
        """The storyboard, unless it can't be drawn."""
        target = playable.path.with_name("storyboard.jpg")
        sheet = storyboard_sheet(*shown_size(playable.media), playable.media.duration_s)
        drawing = self.transcoder.storyboard(playable.proof, target, media=playable.media, sheet=sheet)
        is_drawn = await self._is_drawn(job, playable, drawing, WarningCode.STORYBOARD_FAILED)
        return Storyboard(target, sheet) if is_drawn else None

    async def _is_drawn(self, job: Job, playable: Playable, drawing: Awaitable[None], code: WarningCode) -> bool:
        if not playable.is_proven:
            with suppress(CompressionFailed, Unavailable):
                await drawing
                return True
            return False
        try:
            await drawing
        except CompressionFailed as error:
            warning = VideoWarning(code, error.detail)
            await self.progress.change(job, lambda video: video.warned(warning, now=self.clock.now()))
            return False
        return True
