"""Small sources of unusual kinds, and measurements of a rendition."""

import array
import json
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.ffmpeg.transcoder import FFmpegTranscoder
from domain.model.media.compression_profile import CompressionProfile
from domain.model.media.media_info import MediaInfo
from domain.model.media.rendition_check import check_rendition

PROFILE = CompressionProfile(crf=26, max_height=720, max_frame_rate=30.0, preset="ultrafast", audio_bitrate_kbps=96)
H264 = ("-c:v", "libx264", "-preset", "ultrafast")
_QUIET = ("-nostdin", "-hide_banner", "-loglevel", "error")


@dataclass(frozen=True)
class Made:
    """A source and its rendition, both probed."""

    source: MediaInfo
    rendition: MediaInfo
    path: Path


def ignore(_percent: float) -> None:
    """Ignore progress."""


async def rendition_of(source: Path, profile: CompressionProfile = PROFILE) -> Made:
    """The checked rendition of a source."""
    transcoder, target = FFmpegTranscoder(), source.with_name("rendition.mp4")
    media = await transcoder.probe(source)
    await transcoder.compress(source, target, media=media, profile=profile, on_progress=ignore)
    rendition = await transcoder.probe(target)
    check_rendition(media, rendition)
    return Made(media, rendition, target)


async def remux_of(source: Path) -> Made:
    """The checked remux of a source."""
    transcoder, target = FFmpegTranscoder(), source.with_name("remuxed.mp4")
    media = await transcoder.probe(source)
    await transcoder.remux(source, target, media=media, on_progress=ignore)
    rendition = await transcoder.probe(target)
    check_rendition(media, rendition)
    return Made(media, rendition, target)


def film(target: Path, *sources: str, options: Sequence[str]) -> Path:
    """A file made of these lavfi sources."""
    inputs = [argument for source in sources for argument in ("-f", "lavfi", "-i", source)]
    return made(target, *inputs, *options)


def made(target: Path, *arguments: str) -> Path:
    """The file that ffmpeg makes of these arguments."""
    argv = ["ffmpeg", *_QUIET, *arguments, "-y", str(target)]
    subprocess.run(argv, check=True)
    return target


def stream(path: Path, number: int = 0) -> dict[str, Any]:
    """All that ffprobe reports about one stream."""
    argv = ["ffprobe", "-v", "error", "-show_streams", "-of", "json", str(path)]
    answer = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
    streams: list[dict[str, Any]] = json.loads(answer)["streams"]
    return streams[number]


def pixel(path: Path, *, at_s: float = 0.0, crop: str = "4:4") -> tuple[int, int, int]:
    """Red, green and blue in the middle of a picture, as a player shows it that follows the file's tags."""
    # A JPEG cannot be seeked in, not even to its beginning.
    seeking = ["-ss", str(at_s)] if at_s else []
    argv = ["ffmpeg", *_QUIET, *seeking, "-i", str(path), "-vf", f"crop={crop},scale=1:1:flags=area"]
    shown = [*argv, "-frames:v", "1", "-pix_fmt", "rgb24", "-f", "rawvideo", "-"]
    red, green, blue = subprocess.run(shown, check=True, capture_output=True).stdout
    return red, green, blue


def picture_count(path: Path, *, start_s: float, end_s: float) -> int:
    """The number of different pictures between two times."""
    times = ("-ss", str(start_s), "-i", str(path), "-t", str(end_s - start_s))
    argv = ["ffmpeg", *_QUIET, *times, "-map", "0:v", "-fps_mode", "passthrough", "-f", "framemd5", "-"]
    lines = subprocess.run(argv, check=True, capture_output=True, text=True).stdout.splitlines()
    return len({line.rpartition(",")[2] for line in lines if not line.startswith("#")})


def loudness(path: Path, *options: str) -> tuple[float, float]:
    """Integrated loudness in LUFS, and the true peak in dBFS (EBU R 128)."""
    argv = ["ffmpeg", "-nostdin", "-hide_banner", "-i", str(path), *options, "-f", "null", "-"]
    output = subprocess.run(argv, check=True, capture_output=True, text=True).stderr
    summary = output[output.rindex("Summary:") :]
    (loud,), (peak,) = (re.findall(rf"{name}: +(-?[\d.]+|-inf)", summary) for name in ("I", "Peak"))
    return float(loud), float(peak)


def key_frames_s(path: Path) -> list[float]:
    """The times of the key frames."""
    argv = [
        "ffprobe",
        "-v",
        "error",
        "-select_streams",
        "v",
        "-show_entries",
        "packet=pts_time,flags",
        "-of",
        "csv=p=0",
    ]
    packets = subprocess.run([*argv, str(path)], check=True, capture_output=True, text=True).stdout.splitlines()
    return [float(packet.split(",")[0]) for packet in packets if "K" in packet.split(",")[1]]


def flashes_s(path: Path) -> list[float]:
    """The times of the frames at which the picture turns white."""
    filters = "signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-"
    argv = ["ffmpeg", *_QUIET, "-i", str(path), "-vf", filters, "-an", "-f", "null", "-"]
    output = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
    seen = re.findall(r"pts_time:(-?[\d.]+)\nlavfi.signalstats.YAVG=([\d.]+)", output)
    lit = [(float(at), float(level) > 128) for at, level in seen]
    return [
        at for (at, is_lit), before in zip(lit, [False, *(each for _, each in lit)], strict=False) if is_lit > before
    ]


def beeps_s(path: Path) -> list[float]:
    """The times at which the sound begins, in seconds of the file."""
    rate = 8000
    argv = ["ffmpeg", *_QUIET, "-i", str(path), "-map", "0:a", "-af", "aresample=async=1:first_pts=0"]
    raw = subprocess.run([*argv, "-ac", "1", "-ar", str(rate), "-f", "s16le", "-"], check=True, capture_output=True)
    loud = [abs(sample) > 2000 for sample in array.array("h", raw.stdout)]
    min_gap = rate // 10
    starts: list[float] = []
    last = -min_gap
    for place, is_loud in enumerate(loud):
        if is_loud:
            if place - last >= min_gap:
                starts.append(place / rate)
            last = place
    return starts
