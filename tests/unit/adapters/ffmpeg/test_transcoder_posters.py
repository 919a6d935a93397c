"""Which frame a poster of a time shows."""

import subprocess
from pathlib import Path

import pytest

from adapters.ffmpeg.transcoder import FFmpegTranscoder
from tests.media import make

pytestmark = pytest.mark.anyio

RATE = 10
# The picture of each frame has one brightness, which rises by 2 from 20 on.
GREYS = f"color=black:s=64x64:r={RATE}:d=10,geq=lum='20+N*2':cb=128:cr=128"
X264 = ("-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p")


def shown_frame(picture: Path) -> int:
    """The number of the frame that a JPEG shows, whose brightness is of the full range."""
    argv = ["ffmpeg", "-v", "error", "-i", str(picture), "-vf", "format=gray,scale=1:1", "-f", "rawvideo", "-"]
    (grey,) = subprocess.run(argv, check=True, capture_output=True).stdout
    return round((grey * 219 / 255 + 16 - 20) / 2)


async def frames_at(source: Path, *times_s: float) -> list[int]:
    """The frames that the posters of these times show."""
    transcoder, target = FFmpegTranscoder(), source.with_name("poster.jpg")
    media = await transcoder.probe(source)
    found: list[int] = []
    for at_s in times_s:
        await transcoder.poster(source, target, media=media, at_s=at_s)
        found.append(shown_frame(target))
    return found


async def test_the_frame_is_the_one_that_is_shown_at_the_time(tmp_path: Path) -> None:
    """Far from a key frame, between two frames, at the end, and after it."""
    source = tmp_path / "greys.mp4"
    make.ffmpeg(source, "-f", "lavfi", "-i", GREYS, *X264, "-g", "250", "-bf", "3")
    assert await frames_at(source, 0.0, 0.05, 0.1, 3.02, 3.99, 9.9, 10.0, 60.0) == [0, 0, 1, 30, 39, 99, 99, 99]


async def test_a_frame_that_is_shown_for_long_is_found(tmp_path: Path) -> None:
    """As in a recording of slides: the next frame would be the wrong one, and the sound is longer than the picture."""
    source = tmp_path / "slides.mp4"
    held = "setpts='PTS+if(gte(N,50),4/TB,0)'"
    make.ffmpeg(
        source,
        *("-f", "lavfi", "-i", GREYS, "-f", "lavfi", "-i", "sine=d=16", "-vf", held, "-fps_mode", "vfr"),
        *(*X264, "-g", "20", "-c:a", "aac"),
    )
    *frames, last = await frames_at(source, 4.95, 5.0, 8.95, 9.05, 15.9)
    assert frames == [49, 49, 49, 50]
    # Some versions of ffmpeg round the last and brightest grey down.
    assert last in {98, 99}
