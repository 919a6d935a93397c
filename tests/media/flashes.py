"""Videos whose picture flashes while a tone sounds, in many kinds of file, and the distance of the two."""

import array
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.media.make import command, ffmpeg

DURATION_S = 4
# The picture is white, and the tone sounds, for 0.2 s in each second.
_STARTS_S, _ENDS_S = 0.399, 0.599
_RATE_HZ = 48_000
_LIT, _LOUD = 128, 2000
_FARTHEST_S = 0.5
_H264 = ("-c:v", "libx264", "-preset", "ultrafast")
_AAC = ("-c:a", "aac")
_VARIABLE = ("-vf", "select='not(mod(n,3))+between(mod(t,1),0.35,0.65)'", "-fps_mode", "vfr")
_GAP = ("-vf", "select='not(between(t,0.8,1.3))'", "-fps_mode", "vfr")

Maker = Callable[[Path], Path]


def _flashing(*options: str, rate: str = "25", late: Sequence[str] = ()) -> Maker:
    """A maker of flashes and tones with these options; `late` are options of the sound's input."""
    lit = f"between(mod(T,1),{_STARTS_S},{_ENDS_S})"
    picture = f"color=black:s=176x144:r={rate}:d={DURATION_S},geq=lum='if({lit},235,16)':cb=128:cr=128"
    sound = f"aevalsrc='0.5*sin(880*PI*t)*between(mod(t,1),{_STARTS_S},{_ENDS_S})':s={_RATE_HZ}:d={DURATION_S}"
    inputs = ("-f", "lavfi", "-i", picture, *late, "-f", "lavfi", "-i", sound)
    return lambda target: ffmpeg(target, *inputs, *options)


def _trimmed(target: Path) -> Path:
    """An edit list skips the first 0.3 s."""
    whole = _flashing(*_H264, *_AAC)(target.with_name(f"whole-{target.name}"))
    return ffmpeg(target, "-ss", "0.3", "-i", str(whole), "-c", "copy")


KINDS: Mapping[str, tuple[str, Maker]] = {
    "constant.mp4": ("H.264 and AAC, 25 fps", _flashing(*_H264, *_AAC)),
    "variable.mp4": ("a variable frame rate", _flashing(*_VARIABLE, *_H264, *_AAC)),
    "film.mp4": ("59.94 fps", _flashing(*_H264, *_AAC, rate="60000/1001")),
    "trimmed.mp4": ("an edit list skips 0.3 s", _trimmed),
    "fragments.mp4": ("fragmented", _flashing(*_H264, *_AAC, "-movflags", "frag_keyframe+empty_moov")),
    "camera.mov": ("PCM sound, 29.97 fps", _flashing(*_H264, "-c:a", "pcm_s16le", rate="30000/1001")),
    "flac.mkv": ("FLAC sound", _flashing(*_H264, "-c:a", "flac")),
    "gap.mkv": ("0.5 s without pictures", _flashing(*_GAP, *_H264, *_AAC)),
    "late.mkv": ("the sound begins 1 s late", _flashing(*_H264, *_AAC, late=("-itsoffset", "1"))),
    "later.mkv": ("times begin at 73 s", _flashing(*_H264, *_AAC, "-output_ts_offset", "73")),
    "browser.webm": (
        "VP8 and Opus",
        _flashing("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"),
    ),
    "broadcast.ts": ("times begin at 7.3 s", _flashing(*_H264, *_AAC, "-output_ts_offset", "7.3")),
    "stream.flv": ("Sorenson H.263 and MP3", _flashing("-c:v", "flv", "-c:a", "libmp3lame", "-ar", "44100")),
    "old.avi": ("MPEG-4 and MP3", _flashing("-c:v", "mpeg4", "-c:a", "libmp3lame")),
    "disc.mpg": ("MPEG-2 and MP2", _flashing("-c:v", "mpeg2video", "-c:a", "mp2")),
    "phone.3gp": ("H.263 and AAC", _flashing("-c:v", "h263", *_AAC)),
    "theora.ogv": ("Theora and Vorbis", _flashing("-c:v", "libtheora", "-c:a", "libvorbis")),
}
"""What is special about each kind of file, and its maker."""


def offsets_ms(path: Path) -> list[float]:
    """For each flash, how many milliseconds later its tone begins; the nearest tone within half a second is its own.

    Both are read with the times of the file: without `-copyts`, ffmpeg may count from the first stream that it reads.
    """
    tones_s = _tones_s(path)
    nearest = [min(tones_s, key=lambda tone_s: abs(tone_s - flash_s)) - flash_s for flash_s in _flashes_s(path)]
    return [1000 * offset_s for offset_s in nearest if abs(offset_s) < _FARTHEST_S]


def _flashes_s(path: Path) -> list[float]:
    filters = "signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-"
    shown = command(
        "-copyts", "-i", str(path), "-map", "0:v:0", "-vf", filters, "-fps_mode", "passthrough", "-f", "null", "-"
    )
    printed = subprocess.run(shown, check=True, capture_output=True, text=True).stdout
    seen = re.findall(r"pts_time:(-?[\d.]+)\nlavfi.signalstats.YAVG=([\d.]+)", printed)
    lit = [(float(at_s), float(level) > _LIT) for at_s, level in seen]
    return [lit[n][0] for n in range(1, len(lit)) if lit[n][1] and not lit[n - 1][1]]


def _tones_s(path: Path) -> list[float]:
    filters = f"aresample={_RATE_HZ}:async=1:first_pts=0"
    heard = command("-copyts", "-i", str(path), "-map", "0:a:0", "-af", filters, "-ac", "1", "-f", "s16le", "-")
    raw = subprocess.run(heard, check=True, capture_output=True).stdout
    starts, last = list[int](), -_RATE_HZ
    for place, sample in enumerate(array.array("h", raw)):
        if abs(sample) > _LOUD:
            if place - last > _RATE_HZ // 10:
                starts.append(place)
            last = place
    return [start / _RATE_HZ for start in starts]
