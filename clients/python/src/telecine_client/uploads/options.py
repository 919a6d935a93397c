"""The options of an upload."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UploadOptions:
    """How a file is uploaded, and what is said of its video; without an option, the server's default applies.

    `strategy` is `single`, `multipart` or `auto` (parts from 100 MiB on), `parallel` the number of parts sent at a
    time. The other options are fields of the request for presigned URLs, which the API's reference describes.
    """

    content_type: str = ""
    strategy: str = "auto"
    parallel: int = 4
    original: str | None = None
    keep_days: int | None = None
    language: str | None = None
    keywords: Sequence[str] | None = None
    title: str | None = None
    external_id: str | None = None
    metadata: Mapping[str, object] | None = None


AUTOMATIC = UploadOptions()
