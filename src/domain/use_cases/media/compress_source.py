"""Compress a source, or fall back to the original."""

from dataclasses import dataclass
from pathlib import Path

from domain.model.errors import CompressionFailed
from domain.model.failure import VideoWarning, WarningCode
from domain.model.jobs.job import Job
from domain.model.media.browser_support import plays_in_browsers
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
    it is unknown how much of it can be decoded. With `keeps_original`, the rendition lacks something of its source, so
    the original must be kept beside it, whatever the client chose. `source_container` is the container of the original.
    """

    path: Path
    size_bytes: int
    kind: PublicationKind
    verified_path: Path
    media: MediaInfo
    source_container: str
    is_verified: bool = True
    keeps_original: bool = False


@dataclass(frozen=True, slots=True)
class CompressSource:
    """Compress a source.

    - If compression fails, the original is published, and the video gets a warning instead of a failure.
    - If browsers can't play the original, or if it is sound alone, what could be made of it is published, and the
      original is kept beside it.
    - If the sound can't be decoded, or further audio tracks are meant to be heard that are not in the rendition, the
      original is kept beside it.
    - The original is also published if it plays everywhere and every rendition would be larger.
    """

    make_rendition: MakeRendition
    clock: Clock
    progress: StageReporter

    async def __call__(self, job: Job, media: MediaInfo, source: Path, *, content_type: str) -> Playable:
        """Return the rendition; or the original, with the reason in the video's warnings.

        `content_type` is the declared media type of the source.
        """
        source_plays = plays_in_browsers(media, content_type)
        try:
            async with self.progress.stage(job, StageName.COMPRESS, amount=media.duration_s) as on_progress:
                rendition = await self.make_rendition(media, source, on_progress, source_plays=source_plays)
        except CompressionFailed as error:
            kept = _kept(media, source_plays=source_plays)
            await self._end(job, StageState.FAILED, _unproven(error, kept))
            return Playable(
                source, media.size_bytes, PublicationKind.ORIGINAL, source, media, media.container, is_verified=False
            )
        if rendition.kind is PublicationKind.ORIGINAL:
            await self._end(job, StageState.SKIPPED, _ALREADY_SMALL)
            return Playable(source, media.size_bytes, rendition.kind, rendition.path, rendition.media, media.container)
        shortfall = rendition.shortfall
        incomplete = None if shortfall is None else _unproven(shortfall, _BESIDE)
        await self._end(job, StageState.DONE, incomplete, _lost_sound(media), _unused_sounds(media))
        return Playable(
            path=rendition.path,
            size_bytes=rendition.media.size_bytes,
            kind=rendition.kind,
            verified_path=rendition.path,
            media=rendition.media,
            source_container=media.container,
            is_verified=shortfall is None,
            keeps_original=shortfall is not None or media.lost_sound is not None or media.unused_sounds != (),
        )

    async def _end(self, job: Job, state: StageState, *warnings: VideoWarning | None) -> None:
        """End the stage, with the warnings that apply."""
        now = self.clock.now()

        def ended(video: Video) -> Video:
            for each in filter(None, warnings):
                video = video.warned(each, now=now)
            return video.with_stage(StageName.COMPRESS, state, now=now)

        await self.progress.change(job, ended)


_ALREADY_SMALL = VideoWarning(
    WarningCode.ALREADY_SMALL, "The original is kept and played unchanged: a rendition would be larger."
)
_PLAYED = "The original is kept and played unchanged."
_UNPLAYABLE = "The original is kept and published unchanged, but most browsers can't play its format."
_PUBLISHED = "The original is kept and published unchanged."
_SILENT = "The rendition is silent; the original is kept beside it."
_HEARD_INSTEAD = "The rendition has another audio track instead; the original is kept beside it."
_BESIDE = "The rendition holds what could be read; the original is kept beside it and can be downloaded."
_SHORTFALLS = (WarningCode.SOURCE_TRUNCATED, WarningCode.SOURCE_DAMAGED, WarningCode.SOURCE_PARTLY_USED)


def _kept(media: MediaInfo, *, source_plays: bool) -> str:
    """What becomes of an original without a rendition; whether browsers play it is not known of sound alone."""
    if source_plays:
        return _PLAYED
    return _UNPLAYABLE if media.has_picture else _PUBLISHED


def _unproven(error: CompressionFailed, consequence: str) -> VideoWarning:
    code = next((code for code in _SHORTFALLS if code.value == error.code), WarningCode.COMPRESSION_FAILED)
    return VideoWarning(code, f"{consequence} {error.detail}")


def _lost_sound(media: MediaInfo) -> VideoWarning | None:
    if media.lost_sound is None:
        return None
    consequence = _HEARD_INSTEAD if media.has_audio else _SILENT
    message = f"The sound can't be decoded ({media.lost_sound}). {consequence}"
    return VideoWarning(WarningCode.AUDIO_UNDECODABLE, message)


def _unused_sounds(media: MediaInfo) -> VideoWarning | None:
    if not media.unused_sounds:
        return None
    places = ", ".join(str(index) for index in media.unused_sounds)
    message = f"The rendition is without these audio tracks: streams {places} of the file, counted from 0."
    return VideoWarning(WarningCode.SOURCE_PARTLY_USED, f"{message} The original is kept beside it.")
