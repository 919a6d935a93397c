"""Warnings are stored so that the previous version can read them."""

import msgspec
import pytest
from sqlalchemy.dialects import sqlite

from adapters.sql.warnings_column import WarningsJson
from domain.model.failure import VideoWarning, WarningCode

DIALECT = sqlite.dialect()
WARNINGS = WarningsJson()
KNOWN_TO_THE_PREVIOUS_VERSION = {
    *("already_small", "compression_failed", "source_truncated", "source_damaged", "poster_failed"),
    *("storyboard_failed", "transcription_disabled", "transcription_too_long", "transcription_failed"),
}


@pytest.mark.parametrize("code", WarningCode)
def test_a_warning_is_stored_unchanged(code: WarningCode) -> None:
    """Under a code that the previous version knows as well."""
    warnings = (VideoWarning(code, "Look."), VideoWarning(WarningCode.POSTER_FAILED, ""))
    stored = WARNINGS.process_bind_param(warnings, DIALECT)
    assert WARNINGS.process_result_value(stored, DIALECT) == warnings
    assert msgspec.json.decode(stored or "")[0]["code"] in KNOWN_TO_THE_PREVIOUS_VERSION


def test_warnings_of_the_previous_version_are_read() -> None:
    """It writes only code and message."""
    stored = '[{"code":"source_damaged","message":"Look."}]'
    assert WARNINGS.process_result_value(stored, DIALECT) == (VideoWarning(WarningCode.SOURCE_DAMAGED, "Look."),)


def test_no_warnings_column_is_none() -> None:
    """As in a row that is not selected."""
    assert WARNINGS.process_bind_param(None, DIALECT) is None
    assert WARNINGS.process_result_value(None, DIALECT) is None
