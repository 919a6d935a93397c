"""The secret that an installation without a configured one creates at its first start."""

import os
import re
import secrets
import tempfile
from pathlib import Path

from domain.model.errors import Unavailable

SECRET_BYTES = 32

_WRITTEN = re.compile(rf"[0-9a-f]{{{2 * SECRET_BYTES}}}\n")


def load_or_create_secret(path: Path) -> bytes:
    """The secret in this file: 32 random bytes in hexadecimal, created by the first call.

    Processes that start at once get the same secret: the first file that is linked to the name wins, and it is complete
    before it is linked.

    Raises:
        Unavailable: `secret_damaged`, not retryable: the file holds something else.
    """
    if not path.exists():
        _create(path)
    written = path.read_bytes().decode("ascii", errors="replace")
    if not _WRITTEN.fullmatch(written):
        raise Unavailable(
            f"{path} does not hold {SECRET_BYTES} bytes in hexadecimal. Restore it, or remove it to "
            "create a new one; tokens and URLs signed with the old one then become invalid.",
            code="secret_damaged",
            retryable=False,
        )
    return bytes.fromhex(written)


def _create(path: Path) -> None:
    # `mkstemp` creates the file exclusively, readable only by its owner.
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(SECRET_BYTES) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        _link(Path(temporary), path)
    finally:
        Path(temporary).unlink()


def _link(temporary: Path, path: Path) -> None:
    """Link the file to its name, unless another process was faster, and sync the folder."""
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
