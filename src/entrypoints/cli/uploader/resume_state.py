"""Remembers on disk which video a file's upload belongs to, so that a later run can resume it.

The progress of the upload is not stored; only the server knows it.
"""

import base64
import fcntl
import hashlib
import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import click
import msgspec

from domain.model.errors import Conflict
from telecine_client.uploads.source_file import SourceFile

_PRIVATE = 0o600


class StoredUpload(msgspec.Struct, frozen=True):
    """An upload that has begun. It holds no token and no presigned URL, so reading it grants no access."""

    video_id: str
    url: str
    path: str
    size_bytes: int
    mtime_ns: int
    inode: int

    def matches(self, source: SourceFile) -> bool:
        """Whether the file is unchanged since the upload began."""
        return (self.size_bytes, self.mtime_ns, self.inode) == (source.size_bytes, source.mtime_ns, source.inode)


class ResumeState:
    """The stored state of one user's upload of one file to one server."""

    def __init__(self, url: str, token: str, source: SourceFile) -> None:
        self._url = url.rstrip("/")
        self._is_writable = False
        self.source = source
        identity = "\0".join((self._url, _subject(token), str(source.path)))
        folder = _state_home() / "telecine" / "uploads"
        self.path = folder / f"{hashlib.sha256(os.fsencode(identity)).hexdigest()}.json"

    @contextmanager
    def locked(self) -> Generator[None]:
        """Prevent other processes from uploading the same file; if nothing can be written, warn and continue.

        Raises:
            Conflict: `upload_in_progress`: another process is uploading the file.
        """
        lock = self.path.with_suffix(".lock")
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = _locked(lock)
        except OSError as error:
            click.echo(f"Warning: this upload cannot be resumed later: {error.filename}: {error.strerror}", err=True)
            yield
            return
        self._is_writable = True
        try:
            yield
        finally:
            self._is_writable = False
            lock.unlink(missing_ok=True)
            os.close(descriptor)

    def load(self) -> StoredUpload | None:
        """The upload that has begun, or None if no readable state is stored."""
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=StoredUpload)
        except (OSError, msgspec.MsgspecError):
            return None

    def save(self, video_id: str) -> None:
        """Store that the upload of the file has begun."""
        if self._is_writable:
            self._write(video_id)

    def delete(self) -> None:
        """Delete the stored state: the upload cannot be resumed."""
        if self._is_writable:
            self.path.unlink(missing_ok=True)

    def _write(self, video_id: str) -> None:
        """Replace the stored state atomically and durably (fsync, then rename)."""
        source = self.source
        path = os.fsencode(source.path).decode(errors="replace")
        upload = StoredUpload(video_id, self._url, path, source.size_bytes, source.mtime_ns, source.inode)
        draft = self.path.with_suffix(".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE), "wb") as stream:
            stream.write(msgspec.json.encode(upload))
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(self.path)


def _locked(lock: Path) -> int:
    """Open and lock the file; if its previous holder has just removed it, try again with a new file."""
    while True:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, _PRIVATE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise Conflict(
                "Another process is uploading this file to the same server.", code="upload_in_progress"
            ) from None
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), lock.stat()):
                return descriptor
        os.close(descriptor)


def _state_home() -> Path:
    """The directory for program state (XDG Base Directory Specification, which says to ignore a relative path)."""
    home = Path(os.environ.get("XDG_STATE_HOME", ""))
    return home if home.is_absolute() else Path.home() / ".local" / "state"


class _Claims(msgspec.Struct):
    sub: str = ""


def _subject(token: str) -> str:
    """The `sub` claim of the token, unverified; empty if unreadable. It only distinguishes users."""
    _, _, rest = token.partition(".")
    payload = rest.partition(".")[0]
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), type=_Claims).sub
    except (ValueError, msgspec.MsgspecError):
        return ""
