"""Makes damaged files that no browser plays, so that a rendition is made of what can be read."""

from pathlib import Path

from tests.media import make, surgery

_NOISE = "nullsrc=s=96x64:r=5:d=8,geq=random(1)*255:128:128"


def _long_enough(target: Path, *codec: str) -> Path:
    """Eight seconds of noise in these codecs, which a tenth of the file shows."""
    return make.encoded(target, [_NOISE, "sine=d=8"], [*codec, "-g", "5"])


def cut_flv(target: Path) -> Path:
    """The first half of an FLV whose header states the whole duration."""
    return surgery.cut(_long_enough(target, "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac"), 0.5)


def holed_flv(target: Path) -> Path:
    """An FLV with zeros in the middle."""
    return surgery.zeroed(_long_enough(target, "-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac"), 0.45, 0.55)


def holed_mpg(target: Path) -> Path:
    """A program stream with zeros in the middle."""
    return surgery.zeroed(_long_enough(target, "-c:v", "mpeg2video", "-r", "25", "-c:a", "mp2"), 0.45, 0.55)


def cut_hevc(target: Path) -> Path:
    """The first half of a fast-start MP4 in HEVC, which only some browsers play."""
    codec = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error", "-c:a", "aac")
    return surgery.cut(_long_enough(target, *codec, "-movflags", "+faststart"), 0.5)


def cut_prores(target: Path) -> Path:
    """The first half of a QuickTime file in ProRes with PCM sound, as cameras record it."""
    codec = ("-c:v", "prores_ks", "-c:a", "pcm_s16le", "-movflags", "+faststart")
    return surgery.cut(_long_enough(target, *codec), 0.5)
