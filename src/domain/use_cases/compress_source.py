"""Make what is to be played."""

from dataclasses import dataclass
from pathlib import Path

from domain.model.errors import CompressionFailed
from domain.model.failure import VideoWarning, WarningCode
from domain.model.job import Job
from domain.model.media import MediaInfo
from domain.model.source import PublicationKind
from domain.model.stage import StageName, StageState
from domain.model.video import Video
from domain.ports.clock import Clock
from domain.use_cases.make_rendition import MakeRendition
from domain.use_cases.video_progress import VideoProgress


@dataclass(frozen=True, slots=True)
class Playable:
    """What is to be played, on the local disk: a proven rendition, or the original.

    Pictures are drawn from `proof`, which shows the same and is what `media` describes: the rendition, even where it
    is no gain over the original. An original without any is not `is_proven`: nobody knows what of it can be decoded.
    """

    path: Path
    size_bytes: int
    kind: PublicationKind
    proof: Path
    media: MediaInfo
    is_proven: bool = True


@dataclass(frozen=True, slots=True)
class CompressSource:
    """Compress a source.

    - A failure here is a warning on the video, not its end: the original is played.
    - So it is when it plays everywhere and would only grow.
    """

    make_rendition: MakeRendition
    clock: Clock
    progress: VideoProgress

    async def __call__(self, job: Job, media: MediaInfo, source: Path) -> Playable:
        """The proven rendition; or the original, with the reason in the video's warnings."""
        try:
            return await self._best(job, media, source)
        except CompressionFailed as error:
            await self._warn(job, _warning(error), StageState.FAILED)
            return Playable(source, media.size_bytes, PublicationKind.ORIGINAL, source, media, is_proven=False)

    async def _best(self, job: Job, media: MediaInfo, source: Path) -> Playable:
        async with self.progress.stage(job, StageName.COMPRESS, amount=media.duration_s) as on_progress:
            made = await self.make_rendition(media, source, on_progress)
        if made.kind is PublicationKind.ORIGINAL:
            await self._warn(job, _ALREADY_SMALL, StageState.SKIPPED)
            return Playable(source, media.size_bytes, made.kind, made.path, made.media)
        await self.progress.end_stage(job, StageName.COMPRESS, StageState.DONE)
        return Playable(made.path, made.media.size_bytes, made.kind, made.path, made.media)

    async def _warn(self, job: Job, warning: VideoWarning, ends_in: StageState) -> None:
        now = self.clock.now()

        def warned(video: Video) -> Video:
            return video.warned(warning, now=now).with_stage(StageName.COMPRESS, ends_in, now=now)

        await self.progress.change(job, warned)


_ALREADY_SMALL = VideoWarning(
    WarningCode.ALREADY_SMALL, "The original is kept and played as it is: a rendition would be larger."
)


def _warning(error: CompressionFailed) -> VideoWarning:
    told = (WarningCode.SOURCE_TRUNCATED, WarningCode.SOURCE_DAMAGED)
    code = next((code for code in told if code.value == error.code), WarningCode.COMPRESSION_FAILED)
    return VideoWarning(code, f"The original is kept and played as it is. {error.detail}")
