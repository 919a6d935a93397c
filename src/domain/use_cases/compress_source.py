"""Make a rendition and prove it."""

from dataclasses import dataclass
from pathlib import Path

from domain.model.errors import CompressionFailed, MediaRejected
from domain.model.failure import VideoWarning, WarningCode
from domain.model.job import Job
from domain.model.media import CompressionProfile, MediaInfo, check_rendition, is_small_already
from domain.model.stage import StageName, StageState
from domain.model.video import Video
from domain.ports.clock import Clock
from domain.ports.transcoder import Transcoder
from domain.use_cases.video_progress import VideoProgress


@dataclass(frozen=True, slots=True)
class Playable:
    """What is to be played, on the local disk: a proven rendition, or the original; and its poster, if there is one."""

    path: Path
    size_bytes: int
    is_original: bool
    poster: Path | None = None


@dataclass(frozen=True, slots=True)
class CompressSource:
    """Compress a source.

    - The rendition counts only when it can be read and is as long as its source.
    - A failure here is a warning on the video, not its end: the original is played.
    - So it is when it plays everywhere and would only grow.
    """

    transcoder: Transcoder
    clock: Clock
    progress: VideoProgress
    profile: CompressionProfile

    async def __call__(self, job: Job, media: MediaInfo, source: Path) -> Playable:
        """The proven rendition; or the original, with the reason in the video's warnings."""
        try:
            return await self._best(job, media, source)
        except CompressionFailed as error:
            await self._warn(job, _warning(error), StageState.FAILED)
            return Playable(source, media.size_bytes, is_original=True)

    async def _best(self, job: Job, media: MediaInfo, source: Path) -> Playable:
        target = source.with_name("rendition.mp4")
        async with self.progress.stage(job, StageName.COMPRESS, amount=media.duration_s) as on_progress:
            await self.transcoder.compress(source, target, media=media, profile=self.profile, on_progress=on_progress)
            made = await self._proven(media, target)
            poster = await self._poster(job, made, target)
        if is_small_already(media, made):
            await self._warn(job, _ALREADY_SMALL, StageState.SKIPPED)
            return Playable(source, media.size_bytes, is_original=True, poster=poster)
        await self.progress.end_stage(job, StageName.COMPRESS, StageState.DONE)
        return Playable(target, made.size_bytes, is_original=False, poster=poster)

    async def _proven(self, media: MediaInfo, target: Path) -> MediaInfo:
        try:
            made = await self.transcoder.probe(target)
        except MediaRejected as error:
            raise CompressionFailed("The rendition can't be read.") from error
        check_rendition(media, made)
        return made

    async def _poster(self, job: Job, media: MediaInfo, rendition: Path) -> Path | None:
        poster = rendition.with_name("poster.jpg")
        try:
            await self.transcoder.poster(rendition, poster, media=media)
        except CompressionFailed as error:
            await self._warn(job, VideoWarning(WarningCode.POSTER_FAILED, error.detail))
            return None
        return poster

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
