"""The options of an upload."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UploadOptions:
    """How a file is uploaded.

    `video_id` names the upload to resume; without it, an upload remembered on this machine is resumed, unless
    `is_new`. `original` and `keep_days` say what becomes of the file on the server; without them, its default applies.
    """

    content_type: str = ""
    strategy: str = "auto"
    parallel: int = 4
    video_id: str | None = None
    is_new: bool = False
    original: str | None = None
    keep_days: int | None = None


AUTOMATIC = UploadOptions()
