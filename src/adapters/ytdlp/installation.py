"""The yt-dlp that is installed with this Python, and what it needs for YouTube."""

import os
import re
import shutil
import sysconfig
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

OLDEST = (2026, 7, 4)


def installed_version() -> str | None:
    """The version of yt-dlp, which is a date; None if it is not installed."""
    try:
        return version("yt-dlp")
    except PackageNotFoundError:
        return None


def version_numbers(installed: str) -> tuple[int, ...]:
    """Year, month and day of a version of yt-dlp."""
    return tuple(map(int, re.findall(r"\d+", installed)[:3]))


def is_fresh(installed: str | None) -> bool:
    """Whether it is installed and new enough: older versions have known vulnerabilities, and YouTube keeps changing."""
    return version_numbers(installed or "") >= OLDEST


def missing_script_runtimes() -> list[str]:
    """What yt-dlp lacks to run YouTube's scripts, without which some or all formats are unavailable.

    Deno is searched for where yt-dlp searches for it: yt-dlp runs without this process's environment.
    """
    places = os.pathsep.join((sysconfig.get_path("scripts"), os.defpath))
    found = {"Deno": shutil.which("deno", path=places) is not None, "yt-dlp-ejs": find_spec("yt_dlp_ejs") is not None}
    return [name for name, is_there in found.items() if not is_there]
