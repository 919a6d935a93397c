"""The column of a video's publication, which older versions write and read too."""

from dataclasses import dataclass, replace

import msgspec
from sqlalchemy import Dialect, Text, TypeDecorator

from adapters.sql.columns import as_json
from domain.model.media.storyboard import StoryboardSheet
from domain.model.object_key import ObjectKey
from domain.model.videos.source import KeptOriginal, Publication, PublicationKind, Rendition


@dataclass(frozen=True, slots=True)
class StoredPublication:
    """A publication as JSON.

    Earlier versions store exactly one rendition, as `key`, `content_type`, `is_original` and `is_remuxed`. These fields
    are still written, for the main rendition, because during an upgrade old processes read the rows of new ones.
    `size_bytes` is the sum over all renditions and the kept original, which SQL counts towards quotas.

    A kept original is stored as one more rendition, so that a process of the version before it neither erases it as
    unneeded nor leaves it out of the quota. What only newer versions know of it is in a column of its own, which tells
    it from the renditions: see `with_original`.
    """

    key: ObjectKey
    content_type: str
    size_bytes: int
    is_original: bool
    poster_key: ObjectKey | None = None
    is_remuxed: bool = False
    storyboard_key: ObjectKey | None = None
    storyboard: StoryboardSheet | None = None
    renditions: tuple[Rendition, ...] = ()

    @classmethod
    def of(cls, publication: Publication) -> "StoredPublication":
        """What is stored of a publication."""
        first = publication.main
        return cls(
            key=first.key,
            content_type=first.content_type,
            size_bytes=publication.size_bytes,
            is_original=first.kind is PublicationKind.ORIGINAL,
            poster_key=publication.poster_key,
            is_remuxed=first.kind is PublicationKind.REMUXED,
            storyboard_key=publication.storyboard_key,
            storyboard=publication.storyboard,
            renditions=(*publication.renditions, *_original_as_rendition(publication)),
        )

    def publication(self) -> Publication:
        """The stored publication, also if an earlier version has stored it."""
        return Publication(
            renditions=self.renditions or (self._only_rendition(),),
            poster_key=self.poster_key,
            storyboard_key=self.storyboard_key,
            storyboard=self.storyboard,
        )

    def _only_rendition(self) -> Rendition:
        rendition = PublicationKind.REMUXED if self.is_remuxed else PublicationKind.ENCODED
        kind = PublicationKind.ORIGINAL if self.is_original else rendition
        return Rendition(self.key, self.content_type, self.size_bytes, kind)


def with_original(publication: Publication | None, original: KeptOriginal | None) -> Publication | None:
    """The publication as it was stored, with its kept original from its own column."""
    if publication is None or original is None:
        return publication
    renditions = tuple(each for each in publication.renditions if each.key != original.key)
    return replace(publication, renditions=renditions, original=original)


def _original_as_rendition(publication: Publication) -> tuple[Rendition, ...]:
    kept = publication.original
    if kept is None:
        return ()
    return (Rendition(kept.key, kept.content_type, kept.size_bytes, PublicationKind.ORIGINAL),)


class PublicationJson(TypeDecorator[Publication]):
    """A publication as JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Publication | None, dialect: Dialect) -> str | None:
        return None if value is None else as_json(StoredPublication.of(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Publication | None:
        return None if value is None else msgspec.json.decode(value, type=StoredPublication).publication()
