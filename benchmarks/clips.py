"""Clips that benchmarks send through the pipeline: a moving, detailed picture with speech."""

import os
import subprocess
from pathlib import Path

from benchmarks.processes import need

SENTENCES = (
    "The quick brown fox jumps over the lazy dog.",
    "Every video begins as an upload, straight to the bucket.",
    "A worker makes it smaller, and writes down what is said.",
)
# A zooming fractal has edges and flat areas; the noise imitates a camera's.
PICTURE = "mandelbrot=s=960x540:r=30:maxiter=600:start_scale=1.5:end_scale=0.2:end_pts=1800"
VOICE = "flite=voice=slt:text='{}'"
_LARGE_SIZE = 1  # An MP4 box with this size has its actual size in a following 64-bit field.


def camera_clip(target: Path, *, seconds: int, height: int, crf: int) -> Path:
    """H.264 and AAC at 30 frames per second, 16:9, as a phone or a screen recorder would produce."""
    picture = f"{PICTURE},scale=-2:{height},noise=alls=3:allf=t"
    loop = f"{VOICE.format(' '.join(SENTENCES))},aresample=48000,aloop=loop=-1:size=2147483647,atrim=end={seconds}"
    argv = [
        *(need("ffmpeg", "The package is called ffmpeg."), "-nostdin", "-loglevel", "error", "-y"),
        *("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", loop, "-t", str(seconds)),
        *("-c:v", "libx264", "-preset", "superfast", "-crf", str(crf), "-pix_fmt", "yuv420p", "-c:a", "aac"),
        *("-movflags", "+faststart", str(target)),
    ]
    subprocess.run(argv, check=True)
    return target


def padded(clip: Path, target: Path, *, size_bytes: int) -> Path:
    """The same clip in a sparse file of this size: a `free` box, which every player skips, follows the clip."""
    content = clip.read_bytes()
    target.write_bytes(content)
    with target.open("ab") as stream:
        stream.write(_LARGE_SIZE.to_bytes(4, "big") + b"free" + (size_bytes - len(content)).to_bytes(8, "big"))
    os.truncate(target, size_bytes)
    return target
