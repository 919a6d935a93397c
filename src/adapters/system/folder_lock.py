"""Locks that one process at a time holds; the kernel releases a lock however its process ends."""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from domain.model.errors import Conflict

MAX_OWNERS = 64


@contextmanager
def folder_lock(path: Path) -> Generator[None]:
    """Hold the lock file inside the block.

    Raises:
        Conflict: `data_folder_in_use`: another process, or another part of this one, holds it.
    """
    # Without flock, filelock would rely on the existence of the file, which a killed process leaves behind.
    lock = FileLock(path, thread_local=False, fallback_to_soft=False)
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        raise Conflict(f"Another Telecine process uses {path.parent} already.", code="data_folder_in_use") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def own_folder(root: Path) -> Generator[Path]:
    """Hold the first free folder of `root/0`, `root/1`, … inside the block.

    Raises:
        Conflict: `data_folder_in_use`, other processes hold all of them.
    """
    with ExitStack() as stack:
        yield _first_free(root, stack)


def _first_free(root: Path, stack: ExitStack) -> Path:
    for number in range(MAX_OWNERS):
        folder = root / str(number)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(Conflict):
            stack.enter_context(folder_lock(folder / "lock"))
            return folder
    raise Conflict(f"{MAX_OWNERS} Telecine processes use {root} already.", code="data_folder_in_use")
