"""A video's source, and its publication: the renditions and pictures that were made of it."""

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
    """How a rendition was made: encoded, the source's own streams in a new container, or the source as it is."""

    ENCODED = "encoded"
    REMUXED = "remuxed"
    ORIGINAL = "original"


@dataclass(frozen=True, slots=True)
class Rendition:
    """One file that plays the video; of the kind `original` it is a copy of the source, kept under its own key."""

    key: ObjectKey
    content_type: str
    size_bytes: int
    kind: PublicationKind


@dataclass(frozen=True, slots=True)
class Publication:
    """What is played: at least one rendition, the main one first, and the pictures that go with all of them."""

    renditions: tuple[Rendition, ...]
    poster_key: ObjectKey | None = None
    storyboard_key: ObjectKey | None = None
    storyboard: StoryboardSheet | None = None

    @property
    def main(self) -> Rendition:
        """The rendition that the API plays and describes."""
        return self.renditions[0]

    @property
    def size_bytes(self) -> int:
        """The size of all renditions, which counts towards the owner's quota; pictures do not."""
        return sum(rendition.size_bytes for rendition in self.renditions)

    @property
    def keys(self) -> tuple[ObjectKey, ...]:
        """The keys of all its objects in the bucket."""
        keys = (*(rendition.key for rendition in self.renditions), self.poster_key, self.storyboard_key)
        return tuple(key for key in keys if key is not None)
