"""What goes into a video and what comes out: the original, and what is played."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from domain.model.multipart import MultipartUpload, PartPlan
from domain.model.object_key import ObjectKey
from domain.model.storyboard import StoryboardSheet


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


class PublicationKind(StrEnum):
    """What is played: coded anew, the source's own streams in a new container, or the source as it came."""

    ENCODED = "encoded"
    REMUXED = "remuxed"
    ORIGINAL = "original"


@dataclass(frozen=True, slots=True)
class Publication:
    """What is played: the rendition, or the kept original when there is none or it would only be larger."""

    key: ObjectKey
    content_type: str
    size_bytes: int
    is_original: bool
    poster_key: ObjectKey | None = None
    is_remuxed: bool = False
    storyboard_key: ObjectKey | None = None
    storyboard: StoryboardSheet | None = None

    @property
    def kind(self) -> PublicationKind:
        """How it came about."""
        if self.is_original:
            return PublicationKind.ORIGINAL
        return PublicationKind.REMUXED if self.is_remuxed else PublicationKind.ENCODED

    @property
    def keys(self) -> tuple[ObjectKey, ...]:
        """Everything of it that is in the bucket."""
        return tuple(key for key in (self.key, self.poster_key, self.storyboard_key) if key is not None)
