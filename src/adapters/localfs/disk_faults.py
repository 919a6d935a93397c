"""Faults of the disk, in the core's words."""

import errno
from collections.abc import Generator
from contextlib import contextmanager

from domain.model.errors import Unavailable

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


@contextmanager
def translated_disk_faults() -> Generator[None]:
    """Let no `OSError` out of the block."""
    try:
        yield
    except OSError as error:
        raise disk_fault(error) from error


def disk_fault(error: OSError) -> Unavailable:
    """What to tell of the fault; it names no local path."""
    if error.errno in _FULL:
        return Unavailable("The storage folder's disk is full.", code="storage_full")
    return Unavailable(f"The storage folder failed: {error.strerror or type(error).__name__}.")
