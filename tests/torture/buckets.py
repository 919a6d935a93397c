"""The bucket of a deployment, looked at and written to from outside."""

import json
import os
import xml.etree.ElementTree as ET
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from time import sleep
from typing import Protocol
from uuid import uuid4

import httpx

from tests.services.s3 import S3Server

_PLANTED = b"planted"
_DRAFT = "/.rclone_temp_put_"


class Bucket(Protocol):
    """Objects, which are files below a folder, and multipart uploads."""

    objects: Path
    """The folder: a file's path in it is its object's key."""

    @abstractmethod
    def unfinished(self) -> dict[str, str]:
        """The key of every multipart upload that has not ended, by its id."""

    @abstractmethod
    def begin(self, key: str) -> str:
        """Begin a multipart upload that nobody knows of; its id."""

    @abstractmethod
    def plant(self, key: str) -> None:
        """Let an object be there that nobody has uploaded."""

    @abstractmethod
    def let_pass(self, age_s: float) -> None:
        """Let all that is there be older than that."""

    def stored(self) -> dict[str, int]:
        """The size of every object, by key."""
        return {path.relative_to(self.objects).as_posix(): size for path, size in files_below(self.objects)}


@dataclass(frozen=True)
class FolderBucket(Bucket):
    """What `telecine dev` keeps: objects in one folder, multipart uploads in the one beside it."""

    objects: Path

    def unfinished(self) -> dict[str, str]:
        """Those that still have their data."""
        found: dict[str, str] = {}
        for description in self._uploads.glob("*/upload.json"):
            with suppress(FileNotFoundError):  # It ends while we look.
                if (description.parent / "data").exists():
                    found[description.parent.name] = json.loads(description.read_bytes())["key"]
        return found

    def begin(self, key: str) -> str:
        """Write down what the store would."""
        upload_id = uuid4().hex
        folder = self._uploads / upload_id
        (folder / "parts").mkdir(parents=True)
        (folder / "data").touch()
        described = {"key": key, "part_bytes": 5 * 1024**2, "initiated_at": datetime.now(UTC).isoformat()}
        (folder / "upload.json").write_text(json.dumps(described))
        return upload_id

    def plant(self, key: str) -> None:
        """Write a file."""
        path = self.objects / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_PLANTED)

    def let_pass(self, age_s: float) -> None:
        """Date it back, twice as far."""
        then = datetime.now(UTC) - timedelta(seconds=2 * age_s)
        for path, _ in files_below(self.objects):
            os.utime(path, (then.timestamp(), then.timestamp()))
        for description in self._uploads.glob("*/upload.json"):
            described = json.loads(description.read_bytes())
            description.write_text(json.dumps({**described, "initiated_at": then.isoformat()}))

    @property
    def _uploads(self) -> Path:
        return self.objects.with_name("uploads")


@dataclass(frozen=True)
class S3Bucket(Bucket):
    """A bucket of a server that keeps it in a folder."""

    objects: Path
    server: S3Server

    def stored(self) -> dict[str, int]:
        """Without what rclone leaves of a PUT that has failed, and will not list."""
        return {key: size for key, size in super().stored().items() if _DRAFT not in key}

    def unfinished(self) -> dict[str, str]:
        """As the server lists them, page by page."""
        found: dict[str, str] = {}
        query = {"uploads": ""}
        while query:
            root = self._asked("GET", "", query)
            for upload in root.iterfind("{*}Upload"):
                found[_text(upload, "UploadId")] = _text(upload, "Key")
            is_truncated = _text(root, "IsTruncated") == "true"
            marks = {"key-marker": _text(root, "NextKeyMarker"), "upload-id-marker": _text(root, "NextUploadIdMarker")}
            query = {"uploads": "", **marks} if is_truncated else {}
        return found

    def begin(self, key: str) -> str:
        """Ask the server."""
        return _text(self._asked("POST", f"/{key}", {"uploads": ""}), "UploadId")

    def plant(self, key: str) -> None:
        """Put it there as any client of the server would."""
        self.server.ask("PUT", f"/{self.objects.name}/{key}", content=_PLANTED)

    def let_pass(self, age_s: float) -> None:
        """Wait: the server has a clock of its own."""
        sleep(age_s + 1)

    def _asked(self, method: str, path: str, query: dict[str, str]) -> ET.Element:
        try:
            answer = self.server.ask(method, f"/{self.objects.name}{path}", query)
        except httpx.HTTPStatusError as error:
            if error.response.status_code != HTTPStatus.NOT_FOUND:
                raise
            return ET.Element("nothing")  # So rclone speaks of a bucket in which no upload was ever begun.
        return ET.fromstring(answer)  # noqa: S314 (from a server that we have started)


def files_below(root: Path) -> Iterator[tuple[Path, int]]:
    """Every file below a folder with its size; what vanishes meanwhile is passed over."""
    for folder, _, names in os.walk(root):
        for path in (Path(folder, name) for name in names):
            with suppress(FileNotFoundError):
                yield path, path.stat().st_size


def _text(element: ET.Element, name: str) -> str:
    return element.findtext(f"{{*}}{name}", "")
