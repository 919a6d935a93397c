"""What may be chosen about an upload."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UploadOptions:
    """How a file is uploaded; `video_id` names an upload to go on with, else one of this machine may be."""

    content_type: str = ""
    strategy: str = "auto"
    parallel: int = 4
    video_id: str | None = None
    is_anew: bool = False


AUTOMATIC = UploadOptions()
