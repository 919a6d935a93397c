"""The doctor's findings about ffmpeg."""

from collections.abc import Callable
from pathlib import Path

import pytest

from entrypoints.config.compression import CompressionSettings
from entrypoints.doctor.checks.ffmpeg import check_build, check_programs, check_self_test
from entrypoints.doctor.report import Check, Level, run_check
from tests.support.ffmpeg_listing import full_listing

pytestmark = pytest.mark.anyio

PROFILE = CompressionSettings().profile


@pytest.fixture
def ffmpeg_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], object]:
    """Put only an ffmpeg and an ffprobe on the PATH that print this for any arguments."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("ffmpeg", "ffprobe"):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\nwhile IFS= read -r line; do echo \"$line\"; done < '{tmp_path / 'says'}'\n")
        program.chmod(0o700)
    return (tmp_path / "says").write_text


async def test_a_missing_ffmpeg_is_reported_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker would not even start."""
    monkeypatch.setenv("PATH", str(tmp_path))
    found = await run_check(Check("ffmpeg", check_programs, "Install ffmpeg."))
    assert found.verdict.level is Level.FAILED
    assert found.verdict.observation == "ffmpeg is not installed. (tool_missing)"
    assert found.verdict.remedy == "Install ffmpeg."


@pytest.mark.parametrize(
    ("version", "level", "meaning"),
    [
        ("4.4.2", Level.WARNING, "too old; the option -fps_mode is missing"),
        ("5.1.9", Level.OK, "a tested version"),
        ("7.1.5-0+deb13u1", Level.OK, "a tested version; a filter graph"),
        ("n8.0", Level.OK, "a supported version"),
        ("N-1-gabc", Level.OK, "a development build"),
        ("10.0", Level.WARNING, "newer than any version that is tested"),
    ],
)
async def test_the_version_and_what_is_known_of_it_are_named(
    ffmpeg_says: Callable[[str], object], version: str, level: Level, meaning: str
) -> None:
    """An old or a too new version is a warning; development builds have no comparable version number."""
    ffmpeg_says(f"ffmpeg version {version} Copyright\nbuilt with gcc\n")
    seen = await check_programs()
    assert seen.level is level
    assert seen.observation.startswith(f"ffmpeg {version}, ffprobe {version}: {meaning}")
    assert ("tested are 5.1, 7.1, 9.0" in seen.remedy) is (level is Level.WARNING)


async def test_an_ffmpeg_that_says_nothing_has_failed(ffmpeg_says: Callable[[str], object]) -> None:
    """A program without that output is not ffmpeg."""
    ffmpeg_says("")
    found = await run_check(Check("ffmpeg", check_programs, "Install ffmpeg."))
    assert found.verdict.observation.endswith("(tool_failed)")


async def test_a_build_that_is_not_enough_has_failed(ffmpeg_says: Callable[[str], object]) -> None:
    """Each missing component is named."""
    ffmpeg_says(" DEVILS mjpeg  MJPEG\n")
    seen = await check_build(PROFILE)
    assert seen.level is Level.FAILED
    assert "the encoder libx264" in seen.observation
    assert "the encoder mjpeg" not in seen.observation


async def test_a_build_that_reads_fewer_codecs_is_a_warning(ffmpeg_says: Callable[[str], object]) -> None:
    """Such videos are rejected; all others work."""
    ffmpeg_says("".join(f"{line}\n" for line in full_listing() if " prores " not in line))
    seen = await check_build(PROFILE)
    assert seen.level is Level.WARNING
    assert "reads no prores:" in seen.observation


async def test_a_build_without_tone_mapping_is_a_warning(ffmpeg_says: Callable[[str], object]) -> None:
    """HDR videos keep their original."""
    ffmpeg_says("".join(f"{line}\n" for line in full_listing() if " zscale " not in line))
    seen = await check_build(PROFILE)
    assert (seen.level, "zscale: some videos (HDR) keep" in seen.observation) == (Level.WARNING, True)


async def test_a_complete_build_is_ok(ffmpeg_says: Callable[[str], object]) -> None:
    """There is no remedy."""
    ffmpeg_says("".join(f"{line}\n" for line in full_listing()))
    assert (await check_build(PROFILE)).level is Level.OK


async def test_a_tiny_video_is_tried() -> None:
    """With the tools of this machine."""
    assert (await check_self_test(PROFILE)).level is Level.OK


async def test_an_ffmpeg_that_does_nothing_fails_the_trial(ffmpeg_says: Callable[[str], object]) -> None:
    """Although it claims to have every component."""
    ffmpeg_says("nothing\n")
    found = await run_check(Check("ffmpeg trial", lambda: check_self_test(PROFILE), "Install ffmpeg."))
    assert found.verdict.level is Level.FAILED
    assert found.verdict.observation.endswith("(tool_missing)")
