"""The Transcoder port, with the programs ffmpeg and ffprobe."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from adapters.ffmpeg import arguments
from adapters.ffmpeg.aspect_changes import NumberedAspects
from adapters.ffmpeg.audible_sound import heard_sound
from adapters.ffmpeg.colour_filters import has_rare_matrix
from adapters.ffmpeg.decode_error_count import DecodeErrorCount
from adapters.ffmpeg.encode_log import EncodeLog
from adapters.ffmpeg.errors import check_worked
from adapters.ffmpeg.frame_lines import FrameLines
from adapters.ffmpeg.probe import measured_media, unwritten_video
from adapters.ffmpeg.progress import Progress
from adapters.ffmpeg.runner import Runner
from adapters.ffmpeg.sample_descriptions import most_descriptions
from adapters.ffmpeg.speech_extraction import extract_speech
from adapters.ffmpeg.upright import make_upright
from adapters.sandbox.limits import Allowance, Sandbox
from adapters.sandbox.pipes import OnErrorLine
from domain.model.errors import CompressionFailed, MediaRejected, first_error
from domain.model.failure import FailureCode
from domain.model.media.compression_profile import CompressionProfile
from domain.model.media.decoding_report import DecodingReport
from domain.model.media.media_info import MediaInfo
from domain.model.media.rendition_plan import RenditionPlan, replanned
from domain.model.media.storyboard import StoryboardSheet
from domain.model.transcripts.speech_intervals import AudioSpan, Interval
from domain.ports.progress import OnProgress
from domain.ports.transcoder import Transcoder

MEBIBYTE = 1024 * 1024
SHORT_WALL_S = 120.0
MIN_WALL_S = 600.0
MAX_WALL_S = 4 * 3600.0
STALL_S = 120.0

SLACK_BYTES = 64 * MEBIBYTE

_BROADCAST_CONTAINERS = frozenset({"mpegts", "mpeg"})


@dataclass(frozen=True, slots=True)
class EncodeJob:
    """What all runs of one encode have in common; `aspects` are the pixel aspects of the frames from a number on."""

    source: Path
    target: Path
    profile: CompressionProfile
    on_progress: OnProgress
    aspects: NumberedAspects


class FFmpegTranscoder(Transcoder):
    """Runs each command in a sandboxed process; `threads` limits the processor cores that an encoder may use.

    A run without progress for `stall_s` is killed. A rendition may have twice the size of its source plus
    `slack_bytes`: a small source may need a larger rendition.
    """

    def __init__(
        self,
        *,
        ffmpeg: str = "ffmpeg",
        ffprobe: str = "ffprobe",
        threads: int = 2,
        stall_s: float = STALL_S,
        slack_bytes: int = SLACK_BYTES,
    ) -> None:
        self._runner = Runner(ffmpeg=ffmpeg, ffprobe=ffprobe, stall_s=stall_s)
        self._threads = threads
        self._slack_bytes = slack_bytes

    async def check(self) -> Sandbox:
        """The sandbox around ffmpeg on this host.

        Raises:
            Unavailable: `tool_missing`: ffmpeg or ffprobe is not installed.
        """
        self._runner.check()
        return await self._runner.sandbox()

    async def probe(self, path: Path, *, is_rendition: bool = False) -> MediaInfo:
        """Run ffprobe for the properties of the file and its packets; decode the first sound, except of a rendition."""
        report = await self._runner.report(path)
        if is_rendition:
            survey = await self._runner.survey(path, report)
        else:
            report, survey = await heard_sound(self._runner, path, report)
        while (empty := unwritten_video(report, survey)) is not None:
            report = report.without(empty)
            survey = await self._runner.survey(path, report)
        media = measured_media(report, survey)
        if media.duration_s <= 0:
            raise MediaRejected("The file states no duration.", code=FailureCode.MALFORMED_VIDEO.value)
        return media

    async def compress(
        self,
        source: Path,
        target: Path,
        *,
        media: MediaInfo,
        profile: CompressionProfile,
        on_progress: OnProgress,
    ) -> DecodingReport:
        """Encode; if the decoded frames differ from what the container claims, encode once more.

        A rendition that becomes far larger than its source is stopped.
        """
        job = EncodeJob(source, target, profile, on_progress, await self._aspect_changes(source, media))
        plan, report, frames = await self._encode_as_stated(job, media)
        measured = replace(plan, changes=replace(plan.changes, pixel_aspects=frames.pixel_aspects))
        better = replanned(measured, frames.log, profile.max_height)
        if better != plan:
            report, _ = await self._encode(job, better)
        if media.picture.is_skewed:
            await asyncio.to_thread(make_upright, target)
        return report

    async def remux(self, source: Path, target: Path, *, media: MediaInfo, on_progress: OnProgress) -> DecodingReport:
        """Copy, then compare the pictures of all key frames of the copy with those of the source.

        They can differ if the source changes its decoder parameters half way, or if the removed data marks where
        decoding can begin. From version 9 on, ffmpeg writes the changed parameters as a second sample description,
        which many players ignore: they would show other pictures, although ffmpeg does not.
        """
        output_bytes = 2 * media.size_bytes + self._slack_bytes
        argv = arguments.remuxing(source, target, media=media, output_bytes=output_bytes)
        decode_errors = DecodeErrorCount()
        await self._write(argv, target, media, output_bytes, on_progress, on_error=decode_errors)
        await (self._compare_pictures(source, target, media) if media.has_picture else self._check_sound(target, media))
        return DecodingReport(decode_errors.count)

    async def _compare_pictures(self, source: Path, target: Path, media: MediaInfo) -> None:
        if await asyncio.to_thread(most_descriptions, target) > 1:
            raise CompressionFailed("A player that reads only one sample description would show other pictures.")
        with first_error():
            async with asyncio.TaskGroup() as group:
                copied = group.create_task(self._key_frames(target, media, index=0, is_strict=True))
                original = group.create_task(
                    self._key_frames(source, media, index=media.picture.index, is_strict=False)
                )
        pictures, sizes = copied.result()
        if not pictures or pictures != original.result()[0]:
            raise CompressionFailed("The copied streams show other pictures than the source.")
        if len(sizes) > 1:
            raise CompressionFailed(
                "The picture changes its size, and players treat a copy of such a file differently."
            )

    async def _check_sound(self, target: Path, media: MediaInfo) -> None:
        argv = arguments.checking_sound(target, target.with_name(f"{target.name}.null"))
        allowance = Allowance(_wall_s(media), SLACK_BYTES, threads=1)
        check_worked(await self._runner.run_ffmpeg(argv, target, allowance, Progress(media.duration_s)))

    async def poster(self, rendition: Path, target: Path, *, media: MediaInfo, at_s: float | None = None) -> None:
        """Search the key frames, then every frame of the beginning; if all are black, use the first frame.

        The poster of sound alone is its waveform.
        """
        if not media.has_picture:
            await self._waveform(rendition, target, media)
            return
        if at_s is not None:
            await self._still(arguments.taking_frame(rendition, target, media=media, at_s=at_s), target, media)
            if await _size_bytes(target) == 0:
                raise CompressionFailed("No picture could be decoded at this time.")
            return
        for poster_range in arguments.PosterRange:
            await self._still(
                arguments.taking_poster(rendition, target, media=media, poster_range=poster_range), target, media
            )
            if await _size_bytes(target) > 0:
                return
        raise CompressionFailed("No picture could be decoded.")

    async def storyboard(self, rendition: Path, target: Path, *, media: MediaInfo, sheet: StoryboardSheet) -> None:
        """Tile key frames into one picture."""
        await self._still(arguments.tiling(rendition, target, media=media, sheet=sheet), target, media)
        if await _size_bytes(target) == 0:
            raise CompressionFailed("No picture could be decoded.")

    async def extract_audio(self, source: Path, target: Path, *, media: MediaInfo) -> tuple[Interval, ...]:
        """Decode the audio once, for both the speech track and its silences; twice if a channel is clearer alone."""
        allowance = Allowance(_wall_s(media), media.size_bytes + SLACK_BYTES, self._threads)
        return await extract_speech(self._runner, source, target, media=media, allowance=allowance)

    async def cut_audio(self, audio: Path, target: Path, *, span: AudioSpan) -> None:
        argv = arguments.cutting(audio, target, span=span)
        allowance = Allowance(SHORT_WALL_S, SLACK_BYTES, threads=1)
        check_worked(await self._runner.run_ffmpeg(argv, target, allowance, Progress(span.end_s - span.start_s)))

    async def _encode_as_stated(
        self, job: EncodeJob, media: MediaInfo
    ) -> tuple[RenditionPlan, DecodingReport, FrameLines]:
        """Encode by the container's claims; if that fails with a rare colour matrix, once more without the matrix."""
        plan = RenditionPlan(media)
        try:
            return plan, *await self._encode(job, plan)
        except CompressionFailed as error:
            if has_rare_matrix(media.picture):
                plan = replace(plan, changes=replace(plan.changes, erases_matrix=True))
                with suppress(CompressionFailed):  # The first error is the one of the video.
                    return plan, *await self._encode(job, plan)
            raise error from None

    async def _encode(self, job: EncodeJob, plan: RenditionPlan) -> tuple[DecodingReport, FrameLines]:
        output_bytes = 2 * plan.media.size_bytes + self._slack_bytes
        argv = arguments.compressing(
            job.source,
            job.target,
            media=plan.media,
            profile=job.profile,
            threads=self._threads,
            output_bytes=output_bytes,
            changes=plan.changes,
        )
        log = EncodeLog(job.aspects)
        await self._write(argv, job.target, plan.media, output_bytes, job.on_progress, on_error=log)
        return log.end(), log.frames

    async def _aspect_changes(self, source: Path, media: MediaInfo) -> NumberedAspects:
        """The changes of the pixel aspect in recordings of broadcasts; other containers state one aspect for all."""
        if media.container not in _BROADCAST_CONTAINERS or not media.has_picture:
            return ()
        allowance = Allowance(_wall_s(media), MEBIBYTE, self._threads)
        with suppress(MediaRejected):  # The encode will find out what is wrong.
            for is_coarse in (True, False):
                changes = await self._runner.aspect_changes(
                    source, index=media.picture.index, is_coarse=is_coarse, allowance=allowance
                )
                if not changes:
                    return ()
            return changes
        return ()

    async def _write(
        self,
        argv: list[str],
        target: Path,
        media: MediaInfo,
        output_bytes: int,
        on_progress: OnProgress,
        *,
        on_error: OnErrorLine | None = None,
    ) -> None:
        progress = Progress(media.duration_s, on_progress)
        allowance = Allowance(_wall_s(media), output_bytes + SLACK_BYTES, self._threads)
        check_worked(await self._runner.run_ffmpeg(argv, target, allowance, progress, on_error=on_error))
        if await _size_bytes(target) >= output_bytes:
            # ffmpeg stops at the cap and exits 0.
            raise CompressionFailed("The rendition would be far larger than its source.")

    async def _key_frames(
        self, video: Path, media: MediaInfo, *, index: int, is_strict: bool
    ) -> tuple[list[str], set[tuple[int, int]]]:
        """The digests of the decoded key frames, and their sizes."""
        target = video.with_name(f"{video.name}.framemd5")
        log = EncodeLog()
        await self._still(
            arguments.listing(video, target, index=index, is_strict=is_strict, media=None if is_strict else media),
            target,
            media,
            on_error=log,
        )
        log.end()
        lines = (await asyncio.to_thread(target.read_text)).splitlines()
        digests = [line.rpartition(",")[2].strip() for line in lines if not line.startswith("#")]
        return digests, {(kind.width, kind.height) for kind in log.frames.log.kinds}

    async def _waveform(self, rendition: Path, target: Path, media: MediaInfo) -> None:
        argv = arguments.drawing_waveform(rendition, target, media=media)
        allowance = Allowance(_wall_s(media), SLACK_BYTES, threads=1)
        progress = Progress(media.duration_s)
        check_worked(await self._runner.run_ffmpeg(argv, target, allowance, progress, reports_progress=False))
        if await _size_bytes(target) == 0:
            raise CompressionFailed("No sound could be decoded.")

    async def _still(
        self, argv: list[str], target: Path, media: MediaInfo, *, on_error: OnErrorLine | None = None
    ) -> None:
        """Run a command that works on single frames; it reports no progress and has a short time limit."""
        allowance = Allowance(SHORT_WALL_S, SLACK_BYTES, threads=1)
        progress = Progress(media.duration_s)
        check_worked(await self._runner.run_ffmpeg(argv, target, allowance, progress, on_error=on_error))


def _wall_s(media: MediaInfo) -> float:
    return min(max(60.0 + 6.0 * media.duration_s, MIN_WALL_S), MAX_WALL_S)


async def _size_bytes(path: Path) -> int:
    def size() -> int:
        return path.stat().st_size if path.exists() else 0

    return await asyncio.to_thread(size)
