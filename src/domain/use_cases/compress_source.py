"""Make what is to be played, with the pictures that go with it."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path

from domain.model.errors import CompressionFailed
from domain.model.failure import VideoWarning, WarningCode
from domain.model.job import Job
from domain.model.media import MediaInfo
from domain.model.picture_size import shown_size
from domain.model.source import PublicationKind
from domain.model.stage import StageName, StageState
from domain.model.storyboard import StoryboardSheet, storyboard_sheet
from domain.model.video import Video
from domain.ports.clock import Clock
from domain.ports.transcoder import Transcoder
from domain.use_cases.make_rendition import MakeRendition, Rendition
from domain.use_cases.video_progress import VideoProgress


@dataclass(frozen=True, slots=True)
class Storyboard:
    """A sheet of small pictures on the local disk."""

    path: Path
    sheet: StoryboardSheet


@dataclass(frozen=True, slots=True)
class Playable:
    """What is to be played, on the local disk: a proven rendition, or the original; and pictures of it."""

    path: Path
    size_bytes: int
    kind: PublicationKind
    poster: Path | None = None
    storyboard: Storyboard | None = None


@dataclass(frozen=True, slots=True)
class CompressSource:
    """Compress a source.

    - A failure here is a warning on the video, not its end: the original is played.
    - So it is when it plays everywhere and would only grow.
    - Without a poster or a storyboard a rendition is published all the same.
    """

    make_rendition: MakeRendition
    transcoder: Transcoder
    clock: Clock
    progress: VideoProgress

    async def __call__(self, job: Job, media: MediaInfo, source: Path) -> Playable:
        """The proven rendition; or the original, with the reason in the video's warnings."""
        try:
            return await self._best(job, media, source)
        except CompressionFailed as error:
            await self._warn(job, _warning(error), StageState.FAILED)
            return Playable(source, media.size_bytes, PublicationKind.ORIGINAL)

    async def _best(self, job: Job, media: MediaInfo, source: Path) -> Playable:
        async with self.progress.stage(job, StageName.COMPRESS) as on_progress:
            made = await self.make_rendition(media, source, on_progress)
            poster, storyboard = await self._pictures(job, made)
        if made.kind is PublicationKind.ORIGINAL:
            await self._warn(job, _ALREADY_SMALL, StageState.SKIPPED)
            return Playable(source, media.size_bytes, made.kind, poster, storyboard)
        await self.progress.end_stage(job, StageName.COMPRESS, StageState.DONE)
        return Playable(made.path, made.media.size_bytes, made.kind, poster, storyboard)

    async def _pictures(self, job: Job, made: Rendition) -> tuple[Path | None, Storyboard | None]:
        try:
            async with asyncio.TaskGroup() as group:
                poster = group.create_task(self._poster(job, made))
                storyboard = group.create_task(self._storyboard(job, made))
        except ExceptionGroup as failures:
            # One of the two ended the other; the first error says why.
            raise failures.exceptions[0] from failures
        return poster.result(), storyboard.result()

    async def _poster(self, job: Job, made: Rendition) -> Path | None:
        target = made.path.with_name("poster.jpg")
        drawing = self.transcoder.poster(made.path, target, media=made.media)
        return target if await self._is_drawn(job, drawing, WarningCode.POSTER_FAILED) else None

    async def _storyboard(self, job: Job, made: Rendition) -> Storyboard | None:
        target = made.path.with_name("storyboard.jpg")
        sheet = storyboard_sheet(*shown_size(made.media), made.media.duration_s)
        drawing = self.transcoder.storyboard(made.path, target, media=made.media, sheet=sheet)
        is_drawn = await self._is_drawn(job, drawing, WarningCode.STORYBOARD_FAILED)
        return Storyboard(target, sheet) if is_drawn else None

    async def _is_drawn(self, job: Job, drawing: Awaitable[None], code: WarningCode) -> bool:
        try:
            await drawing
        except CompressionFailed as error:
            await self._warn(job, VideoWarning(code, error.detail))
            return False
        return True

    async def _warn(self, job: Job, warning: VideoWarning, ends_in: StageState | None = None) -> None:
        now = self.clock.now()

        def warned(video: Video) -> Video:
            video = video.warned(warning, now=now)
            return video if ends_in is None else video.with_stage(StageName.COMPRESS, ends_in, now=now)

        await self.progress.change(job, warned)


_ALREADY_SMALL = VideoWarning(
    WarningCode.ALREADY_SMALL, "The original is kept and played as it is: a rendition would be larger."
)


def _warning(error: CompressionFailed) -> VideoWarning:
    truncated = error.code == WarningCode.SOURCE_TRUNCATED.value
    code = WarningCode.SOURCE_TRUNCATED if truncated else WarningCode.COMPRESSION_FAILED
    return VideoWarning(code, f"The original is kept and played as it is. {error.detail}")
