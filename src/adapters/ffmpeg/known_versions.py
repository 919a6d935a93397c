"""What is known of the versions of ffmpeg: which are supported, and which defects our command lines avoid."""

import re
from dataclasses import dataclass
from enum import StrEnum

from adapters.ffmpeg.build_features import output_of
from domain.model.errors import Unavailable

Release = tuple[int, int]

OLDEST: Release = (5, 1)
NEWEST_MAJOR = 9
# The releases with which every media test runs.
TESTED: frozenset[Release] = frozenset({(5, 1), (7, 1), (9, 0)})

_PRINTED = re.compile(r"ff(?:mpeg|probe) version (\S+)")
# Some builds prefix the tag's `n`. `8.0`, `n8.0`, `7.1.5-0+deb13u1` and `8.1-dev-123-gabc` have a release;
# `N-117000-gabc` and `git-2026-01-31-abc` name only a commit.
_RELEASE = re.compile(r"n?(\d{1,3})\.(\d{1,3})(?:\D.*)?", re.ASCII)


class Support(StrEnum):
    """Whether a version can be relied on; `DEVELOPMENT` is a build of a commit, which has no release number."""

    TESTED = "tested"
    SUPPORTED = "supported"
    DEVELOPMENT = "development"
    TOO_OLD = "too_old"
    TOO_NEW = "too_new"

    @property
    def is_doubtful(self) -> bool:
        """Whether the operator should install another version."""
        return self in {Support.TOO_OLD, Support.TOO_NEW}


@dataclass(frozen=True, slots=True)
class Defect:
    """A defect of the releases from `first` to `last`, and what we do about it."""

    first: Release
    last: Release
    text: str


DEFECTS = (
    Defect((0, 0), (5, 0), "the option -fps_mode is missing, so no video can be compressed"),
    Defect((7, 0), (7, 1), "a filter graph whose branch ends in a null sink may abort the run; none is used"),
    Defect(
        (5, 1),
        (7, 1),
        "the copy of an MP4 that changes its decoder parameters shows other pictures; such a copy is refused",
    ),
    Defect(
        (9, 0),
        (9, 99),
        "the copy of an MP4 that changes its decoder parameters needs players that read several sample descriptions; "
        "such a copy is refused",
    ),
)


@dataclass(frozen=True, slots=True)
class KnownVersion:
    """A version as ffmpeg prints it, its support, and its known defects."""

    name: str
    support: Support
    defects: tuple[str, ...] = ()


async def version_of(program: str) -> str:
    """The version that ffmpeg or ffprobe prints.

    Raises:
        Unavailable: `tool_missing`, or `tool_failed`: the program prints no version.
    """
    lines = await output_of(program, "-version")
    found = _PRINTED.match(lines[0]) if lines else None
    if found is None:
        raise Unavailable(f"{program} does not print its version.", code="tool_failed")
    return found[1]


def known_version(name: str) -> KnownVersion:
    """What is known of a version; a name without a release number is that of a development build."""
    match = _RELEASE.fullmatch(name)
    if match is None:
        return KnownVersion(name, Support.DEVELOPMENT)
    release = (int(match[1]), int(match[2]))
    defects = tuple(defect.text for defect in DEFECTS if defect.first <= release <= defect.last)
    return KnownVersion(name, _support(release), defects)


def _support(release: Release) -> Support:
    if release < OLDEST:
        return Support.TOO_OLD
    if release[0] > NEWEST_MAJOR:
        return Support.TOO_NEW
    return Support.TESTED if release in TESTED else Support.SUPPORTED
