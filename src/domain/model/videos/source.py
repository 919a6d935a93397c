"""The original of a video, and its publication: the renditions and pictures made from it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import PurePosixPath

from domain.model.media.storyboard import StoryboardSheet
from domain.model.object_key import ObjectKey
from domain.model.uploads.multipart import GrowingPlan, MultipartUpload, PartPlan


@dataclass(frozen=True, slots=True)
class Source:
    """The original as declared; `etag` is set once it is verified in the bucket.

    If `multipart` is None, a single PUT carries the whole file. With `youtube_id`, no client uploads the file: a worker
    downloads it from YouTube. If it `is_growing`, its size is unknown until its upload is complete; until then,
    `size_bytes` is the most that the signed parts can carry.
    """

    key: ObjectKey
    filename: str
    content_type: str
    size_bytes: int
    etag: str | None = None
    multipart: MultipartUpload | None = None
    youtube_id: str | None = None
    is_growing: bool = False

    @property
    def plan(self) -> PartPlan | None:
        """The plan of its parts; None for a single PUT, an import, or a source that is growing."""
        if self.multipart is None or self.is_growing:
            return None
        return PartPlan(self.size_bytes, self.multipart.part_bytes)

    @property
    def layout(self) -> PartPlan | GrowingPlan | None:
        """Which parts it has or may have; None for a single PUT or an import."""
        if self.multipart is not None and self.is_growing:
            return GrowingPlan(self.multipart.part_bytes)
        return self.plan

    @property
    def known_size_bytes(self) -> int | None:
        """The size, as declared or verified; None while the source is growing."""
        return None if self.is_growing else self.size_bytes

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


class KeptReason(StrEnum):
    """Why an original is kept.

    It was requested; the rendition does not hold everything of it; or the original itself is played.
    """

    REQUESTED = "requested"
    UNPROVEN = "unproven"
    PLAYED = "played"


@dataclass(frozen=True, slots=True)
class KeptOriginal:
    """An original that is kept in the bucket; without `keep_until` it stays until the video is deleted."""

    key: ObjectKey
    content_type: str
    size_bytes: int
    reason: KeptReason
    keep_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Publication:
    """What players show: at least one rendition, the main one first, with its poster and storyboard.

    `original` is kept beside a rendition, for download only.
    """

    renditions: tuple[Rendition, ...]
    poster_key: ObjectKey | None = None
    storyboard_key: ObjectKey | None = None
    storyboard: StoryboardSheet | None = None
    original: KeptOriginal | None = None

    @property
    def main(self) -> Rendition:
        """The rendition that the API plays and describes."""
        return self.renditions[0]

    @property
    def size_bytes(self) -> int:
        """The size of all renditions and the kept original, which counts towards the owner's quota; pictures do not."""
        original_bytes = 0 if self.original is None else self.original.size_bytes
        return original_bytes + sum(rendition.size_bytes for rendition in self.renditions)

    @property
    def kept_original(self) -> KeptOriginal | None:
        """The original, if it is still in the bucket: beside the rendition, or as what is played."""
        played = self.main
        if played.kind is PublicationKind.ORIGINAL:
            return KeptOriginal(played.key, played.content_type, played.size_bytes, KeptReason.PLAYED)
        return self.original

    @property
    def keys(self) -> tuple[ObjectKey, ...]:
        """The keys of all its objects in the bucket."""
        original_key = None if self.original is None else self.original.key
        keys = (*(rendition.key for rendition in self.renditions), self.poster_key, self.storyboard_key, original_key)
        return tuple(key for key in keys if key is not None)

    def without_original(self) -> "Publication":
        """The publication after the original beside the rendition was erased."""
        return replace(self, original=None)
