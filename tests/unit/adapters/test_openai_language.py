"""Languages by name and code."""

import pytest

from adapters.openai.language import iso_639_1


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("english", "en"),
        ("English", "en"),
        ("en", "en"),
        ("haitian creole", "ht"),
        ("javanese", "jv"),
        ("burmese", "my"),
        ("myanmar", "my"),
        ("hawaiian", None),
        ("xx", None),
        ("", None),
    ],
)
def test_a_language_is_told_by_its_two_letter_code(language: str, code: str | None) -> None:
    """Names and codes are understood; what ISO 639-1 lacks is left out."""
    assert iso_639_1(language) == code
