"""Another process of the same user cannot read the secrets of a hidden one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HIDDEN = """
import ctypes, os, sys
from adapters.sandbox.secrecy import hide_from_other_processes
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # Changing the user hides a process too.
if sys.argv[1] == "hidden":
    hide_from_other_processes()
print("up", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Only Linux has /proc.")
@pytest.mark.parametrize("state", ["hidden", "open"])
def test_the_environment_is_hidden(state: str) -> None:
    """It belongs to root then; otherwise it belongs to the process's user."""
    environment = {"PYTHONPATH": os.pathsep.join(sys.path), "TELECINE_SECRET": "secret"}
    with subprocess.Popen(
        [sys.executable, "-c", HIDDEN, state],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        owner = Path(f"/proc/{process.pid}/environ").stat().st_uid
        process.communicate()
    assert owner == (0 if state == "hidden" else os.getuid() or 65534)
