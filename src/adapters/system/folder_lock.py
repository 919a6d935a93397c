"""Being the only one: a lock that ends with its process, however that ends."""

import fcntl
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from domain.model.errors import Conflict


@contextmanager
def folder_lock(path: Path) -> Generator[None]:
    """Hold the lock file inside the block.

    Raises:
        Conflict: `data_folder_in_use`, another process, or another part of this one, holds it.
    """
    with path.open("w", encoding="ascii") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict(
                f"Another Telecine process uses {path.parent} already.", code="data_folder_in_use"
            ) from error
        yield
