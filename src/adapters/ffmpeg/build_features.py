"""The features of the installed ffmpeg build, and those that it lacks."""

import asyncio
import re
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from adapters.ffmpeg.allowed_formats import AUDIO_CODECS, COMMON_FORMATS, DECODERS, FORMATS, VIDEO_CODECS
from adapters.sandbox.process import RunLimits, run
from domain.model.errors import Unavailable

ENCODERS = frozenset({"aac", "libopus", "mjpeg", "pcm_s16le", "pcm_f32le"})
MUXERS = frozenset({"mp4", "mjpeg", "ogg", "wav", "null", "framemd5", "f32le"})
FILTERS = frozenset(
    {
        *("scale", "setsar", "setparams", "setpts", "fps", "pad", "format", "blackframe", "metadata", "tpad", "tile"),
        *("aresample", "aformat", "alimiter", "apad", "atrim", "asplit", "highpass", "dynaudnorm"),
        *("silencedetect", "pan", "channelmap", "showinfo", "sidedata", "lowpass", "amultiply", "amix", "volumedetect"),
        *("aeval", "showwavespic", "drawbox", "drawgrid", "lutrgb"),
    }
)
# Filters that only some videos need, and the kind of video that keeps its original without them.
OPTIONAL_FILTERS = {
    "zscale": "HDR",
    "tonemap": "HDR",
    "bwdif": "interlaced",
    "premultiply": "transparent",
    "overlay": "partly HDR",
    "split": "partly HDR",
    "asetpts": "several recordings in a row",
}
# The codecs of nearly every upload; a worker does not start without them.
COMMON_CODECS = frozenset({"h264", "hevc", "vp8", "vp9", "mpeg4", "aac", "mp3", "opus", "vorbis"})

_TIMEOUT_S = 8.0
# Flags, name, description, and in brackets the decoders and encoders if there are several or their names differ.
_CODEC = re.compile(r" ([D.])([E.])\S{4} (\S+) .*")
_NAMED = {"decoders": re.compile(r"\(decoders: ([^)]+)\)"), "encoders": re.compile(r"\(encoders: ([^)]+)\)")}
_FORMAT = re.compile(r" ([D ])([E ])[d ]? +(\S+) .*")
_FILTER = re.compile(r" [T.][S.][C.]? +(\S+) +\S+->\S+ .*")


@dataclass(frozen=True, slots=True)
class Build:
    """The features of one build, as it lists them; `readable` are the codecs that an allowed decoder decodes."""

    readable: frozenset[str]
    encoders: frozenset[str]
    demuxers: frozenset[str]
    muxers: frozenset[str]
    filters: frozenset[str]

    def missing(self, video_encoder: str = "libx264") -> list[str]:
        """The missing features that every video needs."""
        return [
            *_named("encoder", (ENCODERS | {video_encoder}) - self.encoders),
            *_named("muxer", MUXERS - self.muxers),
            *_named("demuxer", set(COMMON_FORMATS) - self.demuxers),
            *_named("filter", FILTERS - self.filters),
            *_named("decoder", COMMON_CODECS - self.readable),
        ]

    @property
    def optional(self) -> list[str]:
        """The missing features that only some videos need."""
        return [
            *_named("demuxer", self.missing_formats),
            *_named("decoder", self.unreadable),
            *_named("filter", self.missing_filters),
        ]

    @property
    def missing_formats(self) -> list[str]:
        """The less common containers that this build cannot read; such files are rejected."""
        return sorted(set(FORMATS) - set(COMMON_FORMATS) - self.demuxers)

    @property
    def unreadable(self) -> list[str]:
        """The supported codecs that this build cannot decode; videos that use them are rejected."""
        return sorted((VIDEO_CODECS | AUDIO_CODECS) - COMMON_CODECS - self.readable)

    @property
    def missing_filters(self) -> list[str]:
        """The missing filters: videos that need one keep their original instead of a rendition."""
        return sorted(OPTIONAL_FILTERS.keys() - self.filters)


async def build_of(ffmpeg: str = "ffmpeg") -> Build:
    """The features of an ffmpeg program, from its own listings.

    Raises:
        Unavailable: `tool_missing`, `tool_failed`.
    """
    codecs, formats, filters = await asyncio.gather(
        *(output_of(ffmpeg, "-hide_banner", f"-{listing}") for listing in ("codecs", "formats", "filters"))
    )
    return parse_build(codecs, formats, filters)


def parse_build(codecs: Iterable[str], formats: Iterable[str], filters: Iterable[str]) -> Build:
    """Parse the output of `ffmpeg -codecs`, `-formats` and `-filters`."""
    coders = [match for line in codecs if (match := _CODEC.fullmatch(line))]
    containers = [match for line in formats if (match := _FORMAT.fullmatch(line))]
    return Build(
        readable=frozenset(
            match[3] for match in coders if match[1] == "D" and _coders(match, "decoders")[0] in DECODERS
        ),
        encoders=frozenset(name for match in coders if match[2] == "E" for name in _coders(match, "encoders")),
        demuxers=frozenset(name for match in containers if match[1] == "D" for name in match[3].split(",")),
        muxers=frozenset(name for match in containers if match[2] == "E" for name in match[3].split(",")),
        filters=frozenset(match[1] for line in filters if (match := _FILTER.fullmatch(line))),
    )


async def output_of(program: str, *arguments: str) -> list[str]:
    """The lines that a program prints.

    Raises:
        Unavailable: `tool_missing`, `tool_failed`.
    """
    path = shutil.which(program)
    if path is None:
        raise Unavailable(f"{program} is not installed.", code="tool_missing", retryable=False)
    lines: list[str] = []
    limits = RunLimits(wall_s=_TIMEOUT_S)
    outcome = await run([path, *arguments], folder=Path(tempfile.gettempdir()), limits=limits, on_output=lines.append)
    if not outcome.is_success:
        raise Unavailable(f"{program} ended with exit code {outcome.exit_code}.", code="tool_failed")
    return lines


def _coders(codec: re.Match[str], kind: str) -> list[str]:
    """The names of a codec's coders; the first is ffmpeg's default."""
    named = _NAMED[kind].search(codec[0])
    return named[1].split() if named else [codec[3]]


def _named(kind: str, names: Iterable[str]) -> list[str]:
    return [f"{kind} {name}" for name in sorted(names)]
