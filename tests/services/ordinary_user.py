"""Runs a part of a test as an ordinary user, because modes do not stop root."""

import os
import shutil
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

NOBODY = 65534


def as_nobody(act: Callable[[Path], None]) -> None:
    """Call the function with a folder of its own, in a child that root turns into `nobody`; fail if it fails."""
    base = Path(tempfile.mkdtemp(prefix="telecine-nobody-"))
    if os.getuid() == 0:
        os.chown(base, NOBODY, NOBODY)
    try:
        pid = os.fork()
        if pid == 0:
            os._exit(_outcome(act, base))
        assert os.waitpid(pid, 0)[1] == 0
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _outcome(act: Callable[[Path], None], base: Path) -> int:
    try:
        os.umask(0o022)
        if os.getuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        act(base)
    except BaseException:  # noqa: BLE001 (the child must not return into the tests)
        traceback.print_exc()
        return 1
    return 0
