"""The column of a video's publication, which older versions write and read too."""

from dataclasses import dataclass

import msgspec
from sqlalchemy import Dialect, Text, TypeDecorator

from adapters.sql.columns import as_json
from domain.model.media.storyboard import StoryboardSheet
from domain.model.object_key import ObjectKey
from domain.model.videos.source import Publication, PublicationKind, Rendition


@dataclass(frozen=True, slots=True)
class StoredPublication:
    """A publication as JSON.

    Earlier versions store exactly one rendition, as `key`, `content_type`, `is_original` and `is_remuxed`. These fields
    are still written, for the main rendition, because during an upgrade old processes read the rows of new ones.
    `size_bytes` is the sum over all renditions, which SQL counts towards quotas.
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
            renditions=publication.renditions,
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


class PublicationJson(TypeDecorator[Publication]):
    """A publication as JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Publication | None, dialect: Dialect) -> str | None:
        return None if value is None else as_json(StoredPublication.of(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Publication | None:
        return None if value is None else msgspec.json.decode(value, type=StoredPublication).publication()
