"""Languages by name and by code."""

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
def test_a_language_becomes_its_two_letter_code(language: str, code: str | None) -> None:
    """Names and codes are recognised; languages without a code in ISO 639-1 give None."""
    assert iso_639_1(language) == code
