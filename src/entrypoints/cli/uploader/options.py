"""The options of an upload."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UploadOptions:
    """How a file is uploaded.

    `video_id` names the upload to resume; without it, an upload remembered on this machine is resumed, unless
    `is_new`.
    """

    content_type: str = ""
    strategy: str = "auto"
    parallel: int = 4
    video_id: str | None = None
    is_new: bool = False


AUTOMATIC = UploadOptions()
