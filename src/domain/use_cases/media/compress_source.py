"""Compress a source, or fall back to the original."""

from dataclasses import dataclass
from pathlib import Path

from domain.model.errors import CompressionFailed
from domain.model.failure import VideoWarning, WarningCode
from domain.model.jobs.job import Job
from domain.model.media.media_info import MediaInfo
from domain.model.stage import StageName, StageState
from domain.model.videos.source import PublicationKind
from domain.model.videos.video import Video
from domain.ports.clock import Clock
from domain.use_cases.jobs.stage_reporter import StageReporter
from domain.use_cases.media.make_rendition import MakeRendition


@dataclass(frozen=True, slots=True)
class Playable:
    """The file to publish, on the local disk: a verified rendition, or the original.

    Poster and storyboard are generated from `verified_path`, the file that `media` describes: the rendition, even when
    the original is published because the rendition is larger. An original without a rendition has `is_verified` false:
    it is unknown how much of it can be decoded.
    """

    path: Path
    size_bytes: int
    kind: PublicationKind
    verified_path: Path
    media: MediaInfo
    is_verified: bool = True


@dataclass(frozen=True, slots=True)
class CompressSource:
    """Compress a source.

    - If compression fails, the original is published, and the video gets a warning instead of a failure.
    - The original is also published if it plays everywhere and every rendition would be larger.
    """

    make_rendition: MakeRendition
    clock: Clock
    progress: StageReporter

    async def __call__(self, job: Job, media: MediaInfo, source: Path) -> Playable:
        """Return the verified rendition; or the original, with the reason in the video's warnings."""
        try:
            return await self._best(job, media, source)
        except CompressionFailed as error:
            await self._warn(job, _warning(error), StageState.FAILED)
            return Playable(source, media.size_bytes, PublicationKind.ORIGINAL, source, media, is_verified=False)

    async def _best(self, job: Job, media: MediaInfo, source: Path) -> Playable:
        async with self.progress.stage(job, StageName.COMPRESS, amount=media.duration_s) as on_progress:
            rendition = await self.make_rendition(media, source, on_progress)
        if rendition.kind is PublicationKind.ORIGINAL:
            await self._warn(job, _ALREADY_SMALL, StageState.SKIPPED)
            return Playable(source, media.size_bytes, rendition.kind, rendition.path, rendition.media)
        await self.progress.end_stage(job, StageName.COMPRESS, StageState.DONE)
        return Playable(rendition.path, rendition.media.size_bytes, rendition.kind, rendition.path, rendition.media)

    async def _warn(self, job: Job, warning: VideoWarning, state: StageState) -> None:
        now = self.clock.now()

        def warned(video: Video) -> Video:
            return video.warned(warning, now=now).with_stage(StageName.COMPRESS, state, now=now)

        await self.progress.change(job, warned)


_ALREADY_SMALL = VideoWarning(
    WarningCode.ALREADY_SMALL, "The original is kept and played unchanged: a rendition would be larger."
)


def _warning(error: CompressionFailed) -> VideoWarning:
    specific = (WarningCode.SOURCE_TRUNCATED, WarningCode.SOURCE_DAMAGED, WarningCode.SOURCE_PARTLY_USED)
    code = next((code for code in specific if code.value == error.code), WarningCode.COMPRESSION_FAILED)
    return VideoWarning(code, f"The original is kept and played unchanged. {error.detail}")
