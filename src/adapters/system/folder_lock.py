"""Being the only one: a lock that ends with its process, however that ends."""

import fcntl
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from domain.model.errors import Conflict

MAX_OWNERS = 64


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


@contextmanager
def own_folder(root: Path) -> Generator[Path]:
    """The first folder `root/0`, `root/1`, … that nobody else holds, ours inside the block.

    Raises:
        Conflict: `data_folder_in_use`, all of them are held.
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
