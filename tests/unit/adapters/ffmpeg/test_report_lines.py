"""The lines of ffprobe's report, and the survey that a report of a short file contains."""

import shutil
from pathlib import Path

import msgspec
import pytest

from adapters.ffmpeg.report_lines import MAX_REPORT_LINES, ReportLines
from adapters.ffmpeg.runner import Runner
from tests.media import odd, survey

RUNNER = Runner(ffmpeg="ffmpeg", ffprobe="ffprobe", stall_s=120)


def test_the_last_report_counts() -> None:
    """A run that was repeated has begun a report before."""
    lines = ReportLines()
    for line in ("{", "}", "{", '    "format": {}', "}"):
        lines(line)
    assert (lines.text, lines.is_complete) == ('{\n    "format": {}\n}', True)


def test_a_report_is_limited() -> None:
    """Then it is not complete."""
    lines = ReportLines()
    for _ in range(MAX_REPORT_LINES + 10):
        lines("x")
    assert (len(lines.text), lines.is_complete) == (2 * MAX_REPORT_LINES - 1, False)


@pytest.mark.anyio
@pytest.mark.parametrize("name", ["source.mp4", "source.ts", "source.ogv", "source.mkv"])
async def test_a_report_of_a_short_file_holds_its_survey(tmp_path: Path, name: str) -> None:
    """The same one as a run that lists nothing but packets."""
    path = survey.recording(tmp_path / name)
    report = await RUNNER.report(path)
    assert report.lists_all_packets
    listed = await RUNNER.survey(path, msgspec.structs.replace(report, lists_all_packets=False))
    assert await RUNNER.survey(path, report) == listed
    assert listed.tracks


@pytest.mark.anyio
async def test_packets_of_a_damaged_file_are_listed_alone(tmp_path: Path) -> None:
    """Its report is that of the container, whatever the packets are like."""
    # Beside its folder, the libraries of the real one, which the sandbox lets it read and start.
    real = Path(shutil.which("ffprobe") or "")
    ffprobe = tmp_path / "bin" / "ffprobe"
    ffprobe.parent.mkdir()
    (tmp_path / "libexec").symlink_to(real.parent)
    (tmp_path / "lib").symlink_to(real.parent.parent / "lib")
    listing = f'case "$*" in *%+#8192*) exit 1;; *) exec {real} "$@";; esac'
    ffprobe.write_text(f"#!/bin/sh\n{listing}\n")
    ffprobe.chmod(0o755)
    path = odd.coded(tmp_path / "source.mp4", *odd.H264, *odd.AAC)
    runner = Runner(ffmpeg="ffmpeg", ffprobe=str(ffprobe), stall_s=120)
    report = await runner.report(path)
    assert not report.lists_all_packets
    assert await runner.survey(path, report) == await RUNNER.survey(path, await RUNNER.report(path))
