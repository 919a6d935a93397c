"""The original of a video, and its publication: the renditions and pictures made from it."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from domain.model.media.storyboard import StoryboardSheet
from domain.model.object_key import ObjectKey
from domain.model.uploads.multipart import MultipartUpload, PartPlan


@dataclass(frozen=True, slots=True)
class Source:
    """The original as declared; `etag` is set once it is verified in the bucket.

    If `multipart` is None, a single PUT carries the whole file. With `youtube_id`, no client uploads the file: a worker
    downloads it from YouTube.
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
        """The plan of its parts; None for a single PUT or an import."""
        return None if self.multipart is None else PartPlan(self.size_bytes, self.multipart.part_bytes)

    @property
    def extension(self) -> str:
        """The key's extension, in lower case with its dot."""
        return PurePosixPath(self.key).suffix


class PublicationKind(StrEnum):
    """How the published file was made: encoded, remuxed into a new container, or the unchanged original."""

    ENCODED = "encoded"
    REMUXED = "remuxed"
    ORIGINAL = "original"


@dataclass(frozen=True, slots=True)
class Rendition:
    """One playable file of the video; the kind `original` is a copy of the source under its own key."""

    key: ObjectKey
    content_type: str
    size_bytes: int
    kind: PublicationKind


@dataclass(frozen=True, slots=True)
class Publication:
    """What players show: at least one rendition, the main one first, with its poster and storyboard."""

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
