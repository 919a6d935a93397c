"""The smallest clips that go through all of the work, and one that takes a while."""

from dataclasses import dataclass
from pathlib import Path

from tests.media import make

# A wasteful encoding, so that the rendition is smaller than its source and the original has to go.
_WASTEFUL = ("-crf", "1", "-b:a", "256k")


@dataclass(frozen=True)
class Clip:
    """A file, and how long it plays."""

    path: Path
    duration_s: float


@dataclass(frozen=True)
class Clips:
    """Every clip that the runs need."""

    tiny: Clip
    long: Clip
    mute: Clip


def make_clips(folder: Path) -> Clips:
    """Make them with ffmpeg."""
    sound, sounds = make.tones([(0.2, 1.6)]), make.tones([(0.5, 8), (10, 19)])
    return Clips(
        tiny=_clip(folder / "tiny.mp4", 2.0, width=160, height=90, sound=sound),
        long=_clip(folder / "long.mp4", 20.0, width=640, height=360, sound=sounds),
        mute=_clip(folder / "mute.mp4", 1.0, width=64, height=48, sound=None),
    )


def _clip(path: Path, duration_s: float, *, width: int, height: int, sound: str | None) -> Clip:
    make.video(path, duration_s=duration_s, width=width, height=height, sound=sound, options=_WASTEFUL)
    return Clip(path, duration_s)
