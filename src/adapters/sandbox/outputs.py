"""The output files of a confined program: created before it runs, and the same files after it has ended.

A program under an attacker's control could leave a link to a secret, a pipe without a writer, or a file that has a
second name. Only the file that was created for it is used. Whoever opens an output later need not check it again: the
check runs after the program and its whole process group have ended, and only this user can write the folder, so
nothing can take the file's place. Readers of outputs therefore open them by their paths.
"""

import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from adapters.sandbox.folder_usage import remove_folder
from domain.model.errors import CompressionFailed, Unavailable

# The position and the bytes by which a format is recognised.
_SIGNATURES: Mapping[str, tuple[int, bytes]] = MappingProxyType(
    {"mp4": (4, b"ftyp"), "mjpeg": (0, b"\xff\xd8\xff"), "ogg": (0, b"OggS"), "wav": (0, b"RIFF")}
)


@dataclass(frozen=True, slots=True)
class Outputs:
    """Files, each with its device and number in the file system."""

    created_as: tuple[tuple[Path, int, int], ...]

    @classmethod
    def created(cls, paths: Iterable[Path]) -> "Outputs":
        """Create empty files that only this user can read, in place of what has their names.

        Raises:
            Unavailable: a file could not be created.
        """
        made: list[tuple[Path, int, int]] = []
        for path in paths:
            removed(path)
            try:
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            except OSError as error:
                raise Unavailable(f"An output could not be created: {error.strerror}.") from error
            status = os.fstat(descriptor)
            os.close(descriptor)
            made.append((path, status.st_dev, status.st_ino))
        return cls(tuple(made))

    def check(self) -> None:
        """Check that each is the regular file that was created, with one name; remove it if it is not, or empty.

        Raises:
            CompressionFailed: an output is another file.
        """
        foreign = [path for path, device, number in self.created_as if not _is_the_same(path, device, number)]
        for path in foreign:
            removed(path)
        if foreign:
            raise CompressionFailed("An output of ffmpeg is not the file that was created for it.")

    def check_formats(self, formats: Mapping[Path, str]) -> None:
        """Check that each output that is not empty begins as its format does, by ffmpeg's name of the muxer.

        Raises:
            CompressionFailed: an output is something else.
        """
        for path, _, _ in self.created_as:
            offset, signature = _SIGNATURES.get(formats.get(path, ""), (0, b""))
            if path.exists() and not _begins_with(path, offset, signature):
                raise CompressionFailed("An output of ffmpeg is not of the format that was asked for.")


def _begins_with(path: Path, offset: int, signature: bytes) -> bool:
    with path.open("rb") as file:
        file.seek(offset)
        return file.read(len(signature)) == signature


def _is_the_same(path: Path, device: int, number: int) -> bool:
    try:
        status = path.lstat()
    except FileNotFoundError:
        return False
    is_file = stat.S_ISREG(status.st_mode) and status.st_nlink == 1
    if not (is_file and (status.st_dev, status.st_ino) == (device, number)):
        return False
    if status.st_size == 0:
        path.unlink()
    return True


def removed(path: Path) -> None:
    """Remove what has this name: a file, a link, a pipe, or a folder whatever its mode."""
    if path.is_dir() and not path.is_symlink():
        remove_folder(path)
    else:
        path.unlink(missing_ok=True)
