"""What goes into a video and what comes out: the original, and what is played."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from domain.model.multipart import MultipartUpload, PartPlan
from domain.model.object_key import ObjectKey


@dataclass(frozen=True, slots=True)
class Source:
    """The original as declared and, once uploaded, as found in the bucket (`etag`).

    Without `multipart` one PUT carries it all. With `youtube_id` no client does: a worker fetches it from there.
    """

    key: ObjectKey
    filename: str
    content_type: str
    size_bytes: int
    etag: str | None = None
    multipart: MultipartUpload | None = None
    youtube_id: str | None = None

    @property
    def plan(self) -> PartPlan | None:
        """The parts that it is uploaded in, if it is."""
        return None if self.multipart is None else PartPlan(self.size_bytes, self.multipart.part_bytes)

    @property
    def extension(self) -> str:
        """The extension in the key, lower case with its dot."""
        return PurePosixPath(self.key).suffix


@dataclass(frozen=True, slots=True)
class Publication:
    """What is played: the rendition, or the kept original when there is none or it would only be larger."""

    key: ObjectKey
    content_type: str
    size_bytes: int
    is_original: bool
    poster_key: ObjectKey | None = None
