"""The original of a video, and what is published of it."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from domain.model.multipart import MultipartUpload, PartPlan
from domain.model.object_key import ObjectKey
from domain.model.storyboard import StoryboardSheet


@dataclass(frozen=True, slots=True)
class Source:
    """The original as declared; once it is verified in the bucket, with its `etag`.

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
