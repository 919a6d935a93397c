"""What a newcomer sees first."""

import os
import subprocess
import sys
from pathlib import Path

from entrypoints.cli.demo import SAMPLE


def test_the_demo_prints_the_transcript_and_ends(tmp_path: Path) -> None:
    """The transcript goes to standard output, all else to standard error; the server is gone afterwards."""
    data_dir = tmp_path / "data"
    ended = subprocess.run(
        [sys.executable, "-m", "entrypoints.cli", "demo", "--data-dir", str(data_dir)],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
        cwd=tmp_path,
    )
    assert ended.returncode == 0, ended.stderr
    assert "Welcome to your own video service." in ended.stdout
    assert "is completed" in ended.stderr
    (rendition,) = data_dir.rglob("*-rendition.mp4")
    assert 0 < rendition.stat().st_size < SAMPLE.stat().st_size
    assert not list((data_dir / "bucket" / "objects").glob("videos/*"))
    assert not [path for path in Path("/proc").glob("[0-9]*") if _works_in(path, data_dir)]


def _works_in(process: Path, data_dir: Path) -> bool:
    try:
        return str(data_dir).encode() in (process / "cmdline").read_bytes() and process.name != str(os.getpid())
    except OSError:
        return False  # It has ended meanwhile.
