"""Values that are stored as JSON are read again."""

from sqlalchemy.dialects import sqlite

from adapters.sql.columns import Json
from adapters.sql.publication_column import PublicationJson
from domain.model.failure import VideoWarning, WarningCode
from domain.model.media.storyboard import storyboard_sheet
from tests.support.builders import a_publication

DIALECT = sqlite.dialect()
PUBLICATION, WARNINGS = PublicationJson(), Json[tuple[VideoWarning, ...]](tuple[VideoWarning, ...])


def test_values_are_read_as_they_were_written() -> None:
    """With every field; an unpaired surrogate is replaced."""
    publication = a_publication(storyboard=storyboard_sheet(1280, 720, 60.0))
    stored = PUBLICATION.process_bind_param(publication, DIALECT)
    assert PUBLICATION.process_result_value(stored, DIALECT) == publication
    warnings = (VideoWarning(WarningCode.POSTER_FAILED, "a\ud800"), VideoWarning(WarningCode.ALREADY_SMALL, "ä"))
    read = WARNINGS.process_result_value(WARNINGS.process_bind_param(warnings, DIALECT), DIALECT)
    assert read is not None
    assert [warning.message for warning in read] == ["a\ufffd", "ä"]
