"""The self-test: runs the command lines of the jobs on a tiny video, before a worker takes any job."""

import asyncio
import tempfile
from pathlib import Path

from adapters.ffmpeg.build_features import Build, build_of
from adapters.ffmpeg.encoders import VIDEO_ENCODERS
from adapters.ffmpeg.self_test_video import DURATION_S, SILENCES, VIDEO
from domain.model.errors import CompressionFailed, MediaRejected, Unavailable
from domain.model.media.compression_profile import CompressionProfile
from domain.model.media.media_info import MediaInfo
from domain.ports.transcoder import Transcoder

# Lossy coding moves the edges of a silence by a frame or two.
_TOLERANCE_S = 0.2


async def verified_build(transcoder: Transcoder, profile: CompressionProfile) -> Build:
    """The features of the ffmpeg build, after it has passed the self-test.

    Raises:
        Unavailable: `tool_missing`, with the names of all missing features or the failure; `tool_failed`.
    """
    build, failure = await asyncio.gather(build_of(), self_test(transcoder, profile), return_exceptions=True)
    if isinstance(build, BaseException):
        raise build
    if missing := build.missing(VIDEO_ENCODERS[profile.codec].name):
        message = f"This ffmpeg lacks features that every video needs: {', '.join(missing)}."
        raise Unavailable(message, code="tool_missing", retryable=False)
    if failure is not None:
        raise failure
    return build


async def self_test(transcoder: Transcoder, profile: CompressionProfile) -> None:
    """Check that a tiny video can be probed, compressed and remuxed, has a poster, and that its silences are found.

    Its sound is shorter than its picture: a filter graph of two tracks of different lengths is where builds differ.

    Raises:
        Unavailable: `tool_missing`, with the error of the tool.
    """
    with tempfile.TemporaryDirectory(prefix="telecine-trial-") as name:
        source = Path(name) / "source"
        await asyncio.to_thread(source.write_bytes, VIDEO)
        try:
            await _try_commands(transcoder, source, profile)
        except (CompressionFailed, MediaRejected) as error:
            message = f"This ffmpeg failed the self-test: {error.detail}"
            raise Unavailable(message, code="tool_missing", retryable=False) from error


async def _try_commands(transcoder: Transcoder, source: Path, profile: CompressionProfile) -> None:
    media = await transcoder.probe(source)
    results = await asyncio.gather(
        _try_compress(transcoder, source, media, profile),
        _try_remux(transcoder, source, media),
        _try_extract(transcoder, source, media),
        transcoder.poster(source, source.with_name("poster.jpg"), media=media),
        return_exceptions=True,
    )
    for result in results:
        if isinstance(result, BaseException):
            raise result


async def _try_compress(transcoder: Transcoder, source: Path, media: MediaInfo, profile: CompressionProfile) -> None:
    target = source.with_name("rendition.mp4")
    await transcoder.compress(source, target, media=media, profile=profile, on_progress=_ignore)
    _check_tracks("compress", await transcoder.probe(target))


async def _try_remux(transcoder: Transcoder, source: Path, media: MediaInfo) -> None:
    target = source.with_name("remux.mp4")
    await transcoder.remux(source, target, media=media, on_progress=_ignore)
    _check_tracks("remux", await transcoder.probe(target))


async def _try_extract(transcoder: Transcoder, source: Path, media: MediaInfo) -> None:
    found = await transcoder.extract_audio(source, source.with_name("audio.ogg"), media=media)
    edges_s = [edge_s for silence in found for edge_s in (silence.start_s, silence.end_s)]
    known_s = [edge_s for silence in SILENCES for edge_s in (silence.start_s, silence.end_s)]
    if len(edges_s) != len(known_s) or any(abs(a - b) > _TOLERANCE_S for a, b in zip(edges_s, known_s, strict=True)):
        raise CompressionFailed(f"Of the silences at {known_s} s in the sound, it found {edges_s}.")


def _check_tracks(step: str, media: MediaInfo) -> None:
    if not media.has_audio:
        raise CompressionFailed(f"The result of the {step} has no sound.")
    if abs(media.duration_s - DURATION_S) > _TOLERANCE_S:
        raise CompressionFailed(
            f"The result of the {step} lasts {media.duration_s:.2f} s instead of {DURATION_S:.2f} s."
        )


def _ignore(_percent: float) -> None:
    """The self-test shows no progress."""
