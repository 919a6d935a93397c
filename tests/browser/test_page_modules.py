"""The parts of the page that need no browser, in Node."""

import shutil
import subprocess
from pathlib import Path

from tests.services.missing import missing

TESTS = Path(__file__).parent / "page"


def test_the_pure_modules_in_node() -> None:
    """Cues, words, times, keys and links."""
    node = shutil.which("node") or missing("node", "Install Node 20 or later.")
    argv = [node, "--test", *map(str, sorted(TESTS.glob("*.test.mjs")))]
    result = subprocess.run(argv, capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
