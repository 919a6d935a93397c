"""Translates errors of the disk into domain errors."""

import errno
from collections.abc import Generator
from contextlib import contextmanager

from domain.model.errors import Unavailable

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


@contextmanager
def translate_errors() -> Generator[None]:
    """Translate any `OSError` of the block."""
    try:
        yield
    except OSError as error:
        raise error_of(error) from error


def error_of(error: OSError) -> Unavailable:
    """The domain error for an error of the disk; it names no local path."""
    if error.errno in _FULL:
        return Unavailable("The storage folder's disk is full.", code="storage_full")
    return Unavailable(f"The storage folder failed: {error.strerror or type(error).__name__}.")
