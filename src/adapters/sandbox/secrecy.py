"""Hides the memory and the environment of this process from other processes of the same user."""

import ctypes
import sys

_PR_SET_DUMPABLE = 4


def hide_from_other_processes() -> None:
    """Leave `/proc/PID/environ` and `/proc/PID/mem` of this process, and attaching to it, to root.

    The kernel also writes no core dump, which would contain the secrets. Systems other than Linux
    do not have it.
    """
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
