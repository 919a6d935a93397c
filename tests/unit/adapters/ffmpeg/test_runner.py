"""How the two programs are run, and what the log contains when one fails."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.ffmpeg.progress import Progress
from adapters.ffmpeg.runner import Runner
from adapters.sandbox.limits import Allowance
from domain.model.errors import MediaRejected, Unavailable

pytestmark = pytest.mark.anyio

ALLOWANCE = Allowance(wall_s=20, output_bytes=4096, threads=1)


def tools(folder: Path, script: str) -> Runner:
    """Both programs run the script."""
    program = folder / "ffmpeg"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return Runner(ffmpeg=str(program), ffprobe=str(program), stall_s=20)


async def test_a_failure_is_logged_without_paths(tmp_path: Path) -> None:
    """The operator sees the run, how it ended, and the end of its output."""
    with capture_logs() as logs:
        failing = tools(tmp_path, "echo first >&2; echo /secret/source: broken >&2; exit 3")
        outcome = await failing.run_ffmpeg([], tmp_path / "rendition.mp4", ALLOWANCE, Progress(1.0))
    assert outcome.exit_code == 3
    (line,) = logs
    assert line.pop("peak_memory_bytes") >= 0
    assert line == {
        "event": "ffmpeg_failed",
        "log_level": "warning",
        "program": "ffmpeg",
        "target": "rendition.mp4",
        "exit_code": 3,
        "ended_by": "itself",
        "stderr": "first\nthe file: broken",
    }


async def test_a_refused_probe_is_logged_too(tmp_path: Path) -> None:
    """The client gets only one line of it."""
    with capture_logs() as logs, pytest.raises(MediaRejected):
        await tools(tmp_path, "echo what >&2; exit 1").report(tmp_path / "source")
    assert [(line["target"], line["stderr"]) for line in logs] == [("report", "what")]


async def test_success_is_not_logged(tmp_path: Path) -> None:
    """Whatever the program printed."""
    with capture_logs() as logs:
        await tools(tmp_path, "echo a warning >&2").run_ffmpeg([], tmp_path / "poster.jpg", ALLOWANCE, Progress(1.0))
    assert logs == []


async def test_a_program_that_can_not_be_started_is_unavailable(tmp_path: Path) -> None:
    """Its working folder does not exist."""
    with pytest.raises(Unavailable):
        await tools(tmp_path, "").report(tmp_path / "gone" / "source")
