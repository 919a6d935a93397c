"""Makes videos with several audio tracks: microphones of a camera, versions of a film, tracks that end early."""

from collections.abc import Sequence
from pathlib import Path

from tests.media.make import ffmpeg
from tests.media.odd import H264, PICTURE

LOUD, QUIET = (f"aevalsrc={volume}*sin(880*PI*t):s=48000:d=1" for volume in (0.3, 0.03))
SILENT = "anullsrc=cl=mono:r=48000:d=1"
SHORT = "sine=440:r=48000:d=0.3"
# The sound of an ordinary video is a small part of it.
LARGE = "testsrc2=s=640x360:r=25:d=1"
PCM = ("-c:a", "pcm_s16le")


def with_sounds(target: Path, sounds: Sequence[str], *coding: str, picture: str = PICTURE) -> Path:
    """A picture of a second and one audio track for each of these filters, with options for all of them."""
    sources = [word for source in (picture, *sounds) for word in ("-f", "lavfi", "-i", source)]
    maps = [word for place in range(len(sounds) + 1) for word in ("-map", str(place))]
    return ffmpeg(target, *sources, *maps, *H264, *coding)
