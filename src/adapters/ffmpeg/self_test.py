"""The self-test: runs the command lines of the jobs on a tiny video, before a worker takes any job."""

import asyncio
import base64
import tempfile
from pathlib import Path

from adapters.ffmpeg.build_features import Build, build_of
from adapters.ffmpeg.encoders import VIDEO_ENCODERS
from domain.model.errors import CompressionFailed, MediaRejected, Unavailable
from domain.model.media.compression_profile import CompressionProfile
from domain.model.media.media_info import MediaInfo
from domain.ports.transcoder import Transcoder

# Two H.264 frames of 16 x 16 pixels and a fifth of a second of AAC, in FLV.
_VIDEO = base64.b64decode(
    "RkxWAQUAAAAJAAAAABIAACgAAAAAAAAAAgAKb25NZXRhRGF0YQgAAAABAAhkdXJhdGlvbgA/yZmZmZmZmgAACQAAADMJAAAtAAAAAAAA"
    "ABcAAAAAAULACv/hABdnQsAKphF7ARAAAAMAEAAAAwFA8SJhGAEABmjIQgOSyAAAADgIAAAHAAAAAAAAAK8AFAhW5QAAAAASCAAABgAA"
    "AAAAAACvAQEYIAcAAAARCQAANQAAQAAAAAAXAQAAAAAAACxliIIM4YoCrg/nbpt1VUZWFpowYAxhqFAgZKlINjbMWiKySBKfHP0KbjtB"
    "NAAAAEAIAAAGAABAAAAAAK8BARggBwAAABEIAAAGAACAAAAAAK8BARggBwAAABEJAAAOAACkAAAAACcBAAAAAAAABUGaHAh1AAAAGQgA"
    "AAYAAMAAAAAArwEBGCAHAAAAEQgAAAYAAQAAAAAArwEBGCAHAAAAEQ=="
)
_MEDIA = MediaInfo(
    container="flv",
    duration_s=0.2,
    width=16,
    height=16,
    frame_rate=10.0,
    video_codec="h264",
    audio_codec="aac",
    stream_count=2,
    size_bytes=len(_VIDEO),
)


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
    """Check that a tiny video can be probed and compressed as the profile says, and its speech extracted.

    Raises:
        Unavailable: `tool_missing`, with the error of the tool.
    """
    with tempfile.TemporaryDirectory(prefix="telecine-trial-") as name:
        source = Path(name) / "source"
        await asyncio.to_thread(source.write_bytes, _VIDEO)
        target = source.with_name("rendition.mp4")
        results = await asyncio.gather(
            transcoder.probe(source),
            transcoder.compress(source, target, media=_MEDIA, profile=profile, on_progress=lambda _percent: None),
            transcoder.extract_audio(source, source.with_name("audio.ogg"), media=_MEDIA),
            return_exceptions=True,
        )
    for error in results:
        if isinstance(error, CompressionFailed | MediaRejected):
            message = f"This ffmpeg failed the self-test: {error.detail}"
            raise Unavailable(message, code="tool_missing", retryable=False) from error
        if isinstance(error, BaseException):
            raise error
