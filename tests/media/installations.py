"""The versions of ffmpeg that the media scenario compares: this system's, and those of other Debian suites."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Installation:
    """The two programs of one version."""

    version: str
    ffmpeg: str
    ffprobe: str

    @property
    def release(self) -> str:
        """The release, such as 7.1; the whole version if it has none."""
        match = re.match(r"n?(\d+\.\d+)", self.version)
        return match[1] if match else self.version


class Missing(Exception):
    """A version of ffmpeg could not be unpacked."""


def installed() -> Installation:
    """This system's ffmpeg."""
    return _in(None)


def unpacked(suite: str) -> Installation:
    """The ffmpeg of a Debian suite.

    Raises:
        Missing: it cannot be unpacked on this system, or without a network.
    """
    script = ROOT / "scripts" / "other-ffmpeg.sh"
    ran = subprocess.run(["/bin/sh", script, suite], capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        raise Missing(f"ffmpeg of Debian's {suite}: {' '.join(ran.stderr.split()[-20:])}")
    return _in(ran.stdout.strip())


def other_suites(own: Installation) -> list[str]:
    """The suites of the recipe `test-media` whose ffmpeg is of another release than this system's."""
    suites = re.search(r'^ffmpegs := "(.*)"$', (ROOT / "justfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert suites is not None
    return [
        suite for suite, _, release in (each.partition(":") for each in suites[1].split()) if release != own.release
    ]


def _in(folder: str | None) -> Installation:
    ffmpeg, ffprobe = (shutil.which(name, path=folder) for name in ("ffmpeg", "ffprobe"))
    assert ffmpeg is not None
    assert ffprobe is not None
    printed = subprocess.run([ffmpeg, "-version"], check=True, capture_output=True, text=True).stdout
    return Installation(printed.split()[2], ffmpeg, ffprobe)
