import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
JUSTFILE = (ROOT / "justfile").read_text(encoding="utf-8")
# What a test module contains that runs ffmpeg on files: its own makers of files, or the transcoder.
RUNS_FFMPEG = re.compile(r"from tests\.media import .*\bmake\b|tests\.media\.passage|FFmpegTranscoder\(|ffmpeg\.film\b")


def recipe(name: str) -> str:
    """The text of a recipe, from its name to the comment of the next one."""
    found = re.search(rf"^{name}\b[^:\n]*:.*?(?=^#)", JUSTFILE, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[0]


def listed_in(variable: str) -> list[Path]:
    """The files and folders of tests that a variable names."""
    block = re.search(rf"^{variable} :=((?:.*\\\n)*.*)", JUSTFILE, re.MULTILINE)
    assert block is not None
    return [ROOT / path for path in re.findall(r"tests/[\w/.]+", block[1])]


def test_the_recipe_runs_every_test_once() -> None:
    """`just test` names its folders, so a new one has to be added there."""
    variables = ("covering_tests", "other_tests")
    listed = [path for variable in variables for path in listed_in(variable)]
    assert all(f"{{{{ {variable} }}}}" in recipe("test") for variable in variables)
    tests = [*(ROOT / "tests").rglob("test_*.py")]
    assert [path for path in tests if sum(path.is_relative_to(part) for part in listed) != 1] == []


def test_the_media_tests_are_all_that_run_ffmpeg() -> None:
    """`just test-media` names files and folders, so a new test that runs ffmpeg has to be added there."""
    listed = listed_in("media_tests")
    assert [path for path in listed if not path.exists()] == []
    layers = ("contract", "integration", "unit")
    tests = [path for layer in layers for path in (ROOT / "tests" / layer).rglob("test_*.py")]
    running = [path for path in tests if RUNS_FFMPEG.search(path.read_text(encoding="utf-8"))]
    assert len(running) >= len(listed)
    assert [path for path in running if not any(path.is_relative_to(part) for part in listed)] == []


@pytest.mark.parametrize("version", ["5.1", "7.1", "9.0"])
def test_the_media_tests_run_on_each_ffmpeg(version: str) -> None:
    """`just test` runs them on this system's ffmpeg, and calls `test-media` for the others."""
    assert re.search(rf'^ffmpegs := ".*\b[a-z]+:{re.escape(version)}\b', JUSTFILE, re.MULTILINE)
    assert "just test-media" in recipe("test")
    assert "{{ ffmpegs }}" in recipe("test-media")
    assert "{{ media_tests }}" in recipe("test-media")
