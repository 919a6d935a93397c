"""Codes of languages in containers."""

import langcodes
import pytest

from domain.model.transcripts.language_codes import iso_639_1


@pytest.mark.parametrize(
    ("tag", "code"),
    [("deu", "de"), ("ger", "de"), ("fra", "fr"), ("fre", "fr"), ("chi", "zh"), ("heb", "he"), ("nob", "no")],
)
def test_both_forms_have_a_code(tag: str, code: str) -> None:
    """MP4 has the terminological form, Matroska the bibliographic one."""
    assert iso_639_1(tag) == code


@pytest.mark.parametrize("tag", ["und", "mul", "zxx", "mis", "qaa", "gsw", "", "de"])
def test_a_tag_without_a_code_says_nothing(tag: str) -> None:
    """Undetermined, several languages, no speech, private use."""
    assert iso_639_1(tag) is None


@pytest.mark.parametrize("code", ["en", "es", "pt", "ru", "ja", "ar", "hi", "tr", "uk", "sw", "fa", "cy", "jv", "id"])
def test_the_codes_agree_with_langcodes(code: str) -> None:
    """The same as in the library that knows all names."""
    language = langcodes.Language.get(code)
    assert iso_639_1(language.to_alpha3()) == code
    assert iso_639_1(language.to_alpha3(variant="B")) == code
