"""What is known of the versions of ffmpeg."""

import re
from pathlib import Path

import pytest

from adapters.ffmpeg.known_versions import DEFECTS, OLDEST, TESTED, Support, known_version, version_of
from domain.model.errors import Unavailable

ROOT = Path(__file__).resolve().parents[4]


@pytest.mark.parametrize(
    ("name", "support"),
    [
        ("4.4.2-0ubuntu0.22.04.1", Support.TOO_OLD),
        ("5.0.3", Support.TOO_OLD),
        ("5.1.9-0+deb12u1", Support.TESTED),
        ("6.1.1-3ubuntu5", Support.SUPPORTED),
        ("7.0.2-static", Support.SUPPORTED),
        ("7.1.5-0+deb13u1", Support.TESTED),
        ("n8.0", Support.SUPPORTED),
        ("n8.1-dev-1234-gabcdef0123", Support.SUPPORTED),
        ("8.0.git", Support.SUPPORTED),
        ("9.0.2-4", Support.TESTED),
        ("9.1", Support.SUPPORTED),
        ("10.0", Support.TOO_NEW),
        ("N-117000-g0123abcdef", Support.DEVELOPMENT),
        ("N-1-gabc", Support.DEVELOPMENT),
        ("git-2026-01-31-b18fd2b", Support.DEVELOPMENT),
        ("2026-01-31-git-b18fd2b-full_build-www.gyan.dev", Support.DEVELOPMENT),
        ("", Support.DEVELOPMENT),
    ],
)
def test_a_version_is_supported_or_not(name: str, support: Support) -> None:
    """Only the release counts; a build of a commit has none that could be compared."""
    known = known_version(name)
    assert (known.name, known.support) == (name, support)
    assert known.support.is_doubtful is (support in {Support.TOO_OLD, Support.TOO_NEW})


def test_a_version_has_its_defects() -> None:
    """Those whose first and last release include it."""
    assert any("null sink" in text for text in known_version("7.1.5").defects)
    assert not any("null sink" in text for text in known_version("5.1.9").defects)
    assert any("-fps_mode" in text for text in known_version("4.4").defects)
    assert known_version("N-1-gabc").defects == ()
    assert all(defect.first <= defect.last for defect in DEFECTS)


def test_the_tested_versions_are_those_of_the_recipe() -> None:
    """`just test-media` runs with each of them, or the system's own ffmpeg is of that version."""
    suites = re.search(r'^ffmpegs := "(.*)"$', (ROOT / "justfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert suites is not None
    assert {tuple(map(int, version.split("."))) for version in re.findall(r":([\d.]+)", suites[1])} == TESTED
    assert min(TESTED) == OLDEST


@pytest.mark.anyio
async def test_a_program_without_a_version_is_not_ffmpeg(tmp_path: Path) -> None:
    """Both programs print theirs on the first line."""
    program = tmp_path / "ffprobe"
    program.write_text("#!/bin/sh\necho 'ffprobe version 8.0.1-x Copyright (c) 2007'\n")
    program.chmod(0o700)
    assert await version_of(str(program)) == "8.0.1-x"
    program.write_text("#!/bin/sh\necho 'another program, version 8.0.1'\n")
    with pytest.raises(Unavailable) as raised:
        await version_of(str(program))
    assert raised.value.code == "tool_failed"
