"""The test clips: small ones, one that takes long to process, and one that is uploaded in parts."""

from dataclasses import dataclass
from pathlib import Path

from domain.model.uploads.multipart import MIN_PART_BYTES
from tests.media import make

_LARGE_BYTES = MIN_PART_BYTES + 100_000

# A wasteful encoding, so that the rendition is smaller than its source and the original is erased.
_WASTEFUL = ("-crf", "1", "-b:a", "256k")


@dataclass(frozen=True)
class Clip:
    """A file and its duration."""

    path: Path
    duration_s: float


@dataclass(frozen=True)
class Clips:
    """Every clip that the runs need; the large one is uploaded in two parts."""

    tiny: Clip
    long: Clip
    mute: Clip
    large: Clip


def make_clips(folder: Path) -> Clips:
    """Make the clips with ffmpeg."""
    sound, sounds = make.tones([(0.2, 1.6)]), make.tones([(0.5, 8), (10, 19)])
    return Clips(
        tiny=_clip(folder / "tiny.mp4", 2.0, width=160, height=90, sound=sound),
        long=_clip(folder / "long.mp4", 20.0, width=640, height=360, sound=sounds),
        mute=_clip(folder / "mute.mp4", 1.0, width=64, height=48, sound=None),
        large=_padded(_clip(folder / "large.mp4", 1.0, width=64, height=48, sound=None), _LARGE_BYTES),
    )


def _clip(path: Path, duration_s: float, *, width: int, height: int, sound: str | None) -> Clip:
    make.video(path, duration_s=duration_s, width=width, height=height, sound=sound, options=_WASTEFUL)
    return Clip(path, duration_s)


def _padded(clip: Clip, size_bytes: int) -> Clip:
    """Pad the clip to this size with a `free` box, which players skip (ISO/IEC 14496-12)."""
    room = size_bytes - clip.path.stat().st_size
    with clip.path.open("ab") as stream:
        stream.write(room.to_bytes(4, "big") + b"free" + bytes(room - 8))
    return clip
