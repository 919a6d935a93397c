"""Generate the poster and the storyboard of a video."""

from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from domain.model.errors import CompressionFailed, Unavailable
from domain.model.failure import VideoWarning, WarningCode
from domain.model.jobs.job import Job
from domain.model.media.frame_size import display_size
from domain.model.media.storyboard import StoryboardSheet, storyboard_sheet
from domain.ports.clock import Clock
from domain.ports.transcoder import Transcoder
from domain.use_cases.jobs.stage_reporter import StageReporter
from domain.use_cases.media.compress_source import Playable


@dataclass(frozen=True, slots=True)
class Storyboard:
    """A sheet of thumbnails on the local disk."""

    path: Path
    sheet: StoryboardSheet


@dataclass(frozen=True, slots=True)
class GenerateThumbnails:
    """Generate a poster and a storyboard.

    - The poster of sound alone is its waveform. It has no storyboard.
    - If one can't be generated, the rendition is published without it, with a warning.
    - An original without a verified rendition may be undecodable. If one can't be generated from it, there is neither a
      warning nor a retry.
    """

    transcoder: Transcoder
    clock: Clock
    progress: StageReporter

    async def poster(self, job: Job, playable: Playable) -> Path | None:
        """The poster's path, or None if it can't be generated."""
        target = playable.path.with_name("poster.jpg")
        generating = self.transcoder.poster(playable.verified_path, target, media=playable.media)
        return target if await self._is_generated(job, playable, generating, WarningCode.POSTER_FAILED) else None

    async def storyboard(self, job: Job, playable: Playable) -> Storyboard | None:
        """The storyboard, or None if it can't be generated; sound alone has none."""
        if not playable.media.has_picture:
            return None
        target = playable.path.with_name("storyboard.jpg")
        sheet = storyboard_sheet(*display_size(playable.media), playable.media.duration_s)
        generating = self.transcoder.storyboard(playable.verified_path, target, media=playable.media, sheet=sheet)
        is_generated = await self._is_generated(job, playable, generating, WarningCode.STORYBOARD_FAILED)
        return Storyboard(target, sheet) if is_generated else None

    async def _is_generated(self, job: Job, playable: Playable, generating: Awaitable[None], code: WarningCode) -> bool:
        if not playable.is_verified:
            with suppress(CompressionFailed, Unavailable):
                await generating
                return True
            return False
        try:
            await generating
        except CompressionFailed as error:
            warning = VideoWarning(code, error.detail)
            await self.progress.change(job, lambda video: video.warned(warning, now=self.clock.now()))
            return False
        return True
