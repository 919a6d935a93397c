"""Publications that were stored before a field was added can still be read."""

import msgspec
import pytest
from sqlalchemy.dialects import sqlite

from adapters.sql.publication_column import PublicationJson
from domain.model.object_key import ObjectKey
from domain.model.videos.source import Publication, PublicationKind, Rendition
from tests.support.builders import a_publication, with_second_rendition

DIALECT = sqlite.dialect()
PUBLICATION = PublicationJson()


@pytest.mark.parametrize(
    ("claims", "kind"),
    [
        ('"is_original":false', PublicationKind.ENCODED),
        ('"is_original":true', PublicationKind.ORIGINAL),
        ('"is_original":false,"poster_key":null,"is_remuxed":false,"storyboard_key":null', PublicationKind.ENCODED),
        ('"is_original":false,"poster_key":null,"is_remuxed":true,"storyboard_key":null', PublicationKind.REMUXED),
    ],
)
def test_a_publication_of_one_rendition_is_read(claims: str, kind: PublicationKind) -> None:
    """Rows of earlier versions, before and after there were storyboards, name no list of renditions."""
    text = f'{{"key":"derived/a/1-rendition.mp4","content_type":"video/mp4","size_bytes":9,{claims}}}'
    rendition = Rendition(ObjectKey("derived/a/1-rendition.mp4"), "video/mp4", 9, kind)
    assert PUBLICATION.process_result_value(text, DIALECT) == Publication((rendition,))


@pytest.mark.parametrize("kind", PublicationKind)
def test_a_publication_is_written_so_that_earlier_versions_read_it(kind: PublicationKind) -> None:
    """During an upgrade old processes read the rows of new ones; they ignore what they do not know."""
    publication = a_publication(kind=kind, poster_key=ObjectKey("derived/a/1-poster.jpg"))
    stored = msgspec.json.decode(PUBLICATION.process_bind_param(publication, DIALECT) or "")
    main = publication.main
    assert (stored["key"], stored["content_type"], stored["size_bytes"]) == (main.key, "video/mp4", main.size_bytes)
    assert (stored["is_original"], stored["is_remuxed"]) == (
        kind is PublicationKind.ORIGINAL,
        kind is PublicationKind.REMUXED,
    )
    assert stored["poster_key"] == "derived/a/1-poster.jpg"


def test_a_publication_of_several_renditions_is_read_again() -> None:
    """SQL finds the size of all of them at the top."""
    publication = with_second_rendition(a_publication(size_bytes=70), size_bytes=30)
    stored = PUBLICATION.process_bind_param(publication, DIALECT)
    assert PUBLICATION.process_result_value(stored, DIALECT) == publication
    assert msgspec.json.decode(stored or "")["size_bytes"] == 100
