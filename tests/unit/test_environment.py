"""The environment of the tests."""

import os
import subprocess
import sys


def test_settings_of_the_contributor_are_dropped() -> None:
    """Importing the tests drops them, before anything can read them."""
    code = "import tests.conftest, os; print(sorted(n for n in os.environ if n.startswith(('TELECINE_', 'OPENAI_'))))"
    environment = {**os.environ, "TELECINE_NONSENSE": "1", "OPENAI_API_KEY": "sk-x"}
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
