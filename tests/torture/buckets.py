"""The bucket of a deployment, read and changed from outside."""

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
    """A bucket whose objects are files in a folder, with its multipart uploads."""

    objects: Path
    """The folder; a file's path in it is the key of its object."""

    @abstractmethod
    def unfinished(self) -> dict[str, str]:
        """The keys of the unfinished multipart uploads, by upload id."""

    @abstractmethod
    def begin(self, key: str) -> str:
        """Start a multipart upload that no video refers to; return its id."""

    @abstractmethod
    def plant(self, key: str) -> None:
        """Create an object that no video refers to."""

    @abstractmethod
    def let_pass(self, age_s: float) -> None:
        """Make every object and upload older than `age_s` seconds."""

    def stored(self) -> dict[str, int]:
        """The sizes of all objects, by key."""
        return {path.relative_to(self.objects).as_posix(): size for path, size in files_below(self.objects)}


@dataclass(frozen=True)
class FolderBucket(Bucket):
    """The bucket of `telecine dev`: objects in one folder, multipart uploads in another next to it."""

    objects: Path

    def unfinished(self) -> dict[str, str]:
        """The uploads that still have their data file; without it, an upload has been completed or aborted."""
        found: dict[str, str] = {}
        for description in self._uploads.glob("*/upload.json"):
            with suppress(FileNotFoundError):  # The upload ended after it was listed.
                if (description.parent / "data").exists():
                    found[description.parent.name] = json.loads(description.read_bytes())["key"]
        return found

    def begin(self, key: str) -> str:
        """Write the files that the store would write."""
        upload_id = uuid4().hex
        folder = self._uploads / upload_id
        (folder / "parts").mkdir(parents=True)
        (folder / "data").touch()
        fields = {"key": key, "part_bytes": 5 * 1024**2, "initiated_at": datetime.now(UTC).isoformat()}
        (folder / "upload.json").write_text(json.dumps(fields))
        return upload_id

    def plant(self, key: str) -> None:
        """Write a file of that path."""
        path = self.objects / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_PLANTED)

    def let_pass(self, age_s: float) -> None:
        """Set all times back by twice `age_s`."""
        then = datetime.now(UTC) - timedelta(seconds=2 * age_s)
        for path, _ in files_below(self.objects):
            os.utime(path, (then.timestamp(), then.timestamp()))
        for description in self._uploads.glob("*/upload.json"):
            fields = json.loads(description.read_bytes())
            description.write_text(json.dumps({**fields, "initiated_at": then.isoformat()}))

    @property
    def _uploads(self) -> Path:
        return self.objects.with_name("uploads")


@dataclass(frozen=True)
class S3Bucket(Bucket):
    """A bucket of a server that stores it in a folder."""

    objects: Path
    server: S3Server

    def stored(self) -> dict[str, int]:
        """Leaves out the temporary files of failed PUTs, which rclone does not list either."""
        return {key: size for key, size in super().stored().items() if _DRAFT not in key}

    def unfinished(self) -> dict[str, str]:
        """Read the server's listing, page by page."""
        found: dict[str, str] = {}
        query = {"uploads": ""}
        while query:
            root = self._call("GET", "", query)
            for upload in root.iterfind("{*}Upload"):
                found[_text(upload, "UploadId")] = _text(upload, "Key")
            is_truncated = _text(root, "IsTruncated") == "true"
            marks = {"key-marker": _text(root, "NextKeyMarker"), "upload-id-marker": _text(root, "NextUploadIdMarker")}
            query = {"uploads": "", **marks} if is_truncated else {}
        return found

    def begin(self, key: str) -> str:
        """Send CreateMultipartUpload to the server."""
        return _text(self._call("POST", f"/{key}", {"uploads": ""}), "UploadId")

    def plant(self, key: str) -> None:
        """Upload it with a PUT to the server."""
        self.server.ask("PUT", f"/{self.objects.name}/{key}", content=_PLANTED)

    def let_pass(self, age_s: float) -> None:
        """Wait, because a test cannot change the server's times."""
        sleep(age_s + 1)

    def _call(self, method: str, path: str, query: dict[str, str]) -> ET.Element:
        try:
            answer = self.server.ask(method, f"/{self.objects.name}{path}", query)
        except httpx.HTTPStatusError as error:
            if error.response.status_code != HTTPStatus.NOT_FOUND:
                raise
            return ET.Element("nothing")  # rclone answers 404 for a bucket in which no upload was ever started.
        return ET.fromstring(answer)  # noqa: S314 (from a server that this process started)


def files_below(root: Path) -> Iterator[tuple[Path, int]]:
    """Yield every file below a folder with its size; files that vanish during the walk are skipped."""
    for folder, _, names in os.walk(root):
        for path in (Path(folder, name) for name in names):
            with suppress(FileNotFoundError):
                yield path, path.stat().st_size


def _text(element: ET.Element, name: str) -> str:
    return element.findtext(f"{{*}}{name}", "")
