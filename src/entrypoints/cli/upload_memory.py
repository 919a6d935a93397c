"""Which video a file's upload belongs to, remembered over the end of a process.

How far the upload has come is not: that only the server knows.
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
from entrypoints.cli.source_file import SourceFile

_PRIVATE = 0o600


class RememberedUpload(msgspec.Struct, frozen=True):
    """An upload that has begun. Neither token nor presigned URL: whoever reads this may do nothing with it."""

    video_id: str
    url: str
    path: str
    size_bytes: int
    mtime_ns: int
    inode: int

    def is_of(self, source: SourceFile) -> bool:
        """Whether the file is still the one whose upload began."""
        return (self.size_bytes, self.mtime_ns, self.inode) == (source.size_bytes, source.mtime_ns, source.inode)


class UploadMemory:
    """What is remembered of one user's upload of one file to one server."""

    def __init__(self, url: str, token: str, source: SourceFile) -> None:
        self._url = url.rstrip("/")
        self._is_writable = False
        self.source = source
        identity = "\0".join((self._url, _subject(token), str(source.path)))
        folder = _state_home() / "telecine" / "uploads"
        self.path = folder / f"{hashlib.sha256(os.fsencode(identity)).hexdigest()}.json"

    @contextmanager
    def held(self) -> Generator[None]:
        """Keep other processes from uploading the same file meanwhile; where nothing can be written, say so and go on.

        Raises:
            Conflict: `upload_in_progress`: one does so.
        """
        lock = self.path.with_suffix(".lock")
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = _locked(lock)
        except OSError as error:
            click.echo(f"Warning: this upload won't be remembered: {error.filename}: {error.strerror}", err=True)
            yield
            return
        self._is_writable = True
        try:
            yield
        finally:
            self._is_writable = False
            lock.unlink(missing_ok=True)
            os.close(descriptor)

    def recall(self) -> RememberedUpload | None:
        """The upload that has begun; None: nothing of use is written."""
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=RememberedUpload)
        except (OSError, msgspec.MsgspecError):
            return None

    def remember(self, video_id: str) -> None:
        """Write down that the upload of the file has begun."""
        if self._is_writable:
            self._write(video_id)

    def forget(self) -> None:
        """There is nothing to go on with."""
        if self._is_writable:
            self.path.unlink(missing_ok=True)

    def _write(self, video_id: str) -> None:
        """Replace what was written, in one step, by what outlives a power cut."""
        source = self.source
        path = os.fsencode(source.path).decode(errors="replace")
        upload = RememberedUpload(video_id, self._url, path, source.size_bytes, source.mtime_ns, source.inode)
        draft = self.path.with_suffix(".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE), "wb") as stream:
            stream.write(msgspec.json.encode(upload))
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(self.path)


def _locked(lock: Path) -> int:
    """The open lock; whoever had it may just have removed it, then it locks nothing any more."""
    while True:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, _PRIVATE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise Conflict(
                "Another process is uploading this file to the same place.", code="upload_in_progress"
            ) from None
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(descriptor), lock.stat()):
                return descriptor
        os.close(descriptor)


def _state_home() -> Path:
    """Where programs keep their state (XDG Base Directory Specification); a relative path is to be ignored."""
    home = Path(os.environ.get("XDG_STATE_HOME", ""))
    return home if home.is_absolute() else Path.home() / ".local" / "state"


class _Claims(msgspec.Struct):
    sub: str = ""


def _subject(token: str) -> str:
    """The user whom the token says it speaks for; empty if that can't be read. It only tells users apart."""
    _, _, rest = token.partition(".")
    payload = rest.partition(".")[0]
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), type=_Claims).sub
    except (ValueError, msgspec.MsgspecError):
        return ""
