import pytest

from domain.model.errors import Rejected
from domain.model.transcripts.hints import (
    MAX_KEYWORD_LENGTH,
    MAX_KEYWORDS,
    NO_HINTS,
    SpeechHints,
    keywords_of,
    speech_hints,
)


def test_valid_hints_are_accepted() -> None:
    """Two letters, and keywords as they are written."""
    assert speech_hints("de", ("Telecine", "Ada K. Lovelace")) == SpeechHints("de", ("Telecine", "Ada K. Lovelace"))


def test_no_hints_are_fine() -> None:
    """The transcriber then detects the language."""
    assert speech_hints(None) == NO_HINTS


@pytest.mark.parametrize("language", ["", "e", "EN", "eng", "e1", "en-GB", "é!", "en\n"])
def test_a_language_is_two_letters(language: str) -> None:
    """Nothing else is an ISO 639-1 code."""
    with pytest.raises(Rejected) as refusal:
        speech_hints(language)
    assert refusal.value.code == "invalid_language"


@pytest.mark.parametrize(
    "keywords",
    [
        ("",),
        (" ",),
        (" a",),
        ("a ",),
        ("a\nb",),
        ("a\n",),
        ("<a",),
        ("b>",),
        ("\u202ea",),
        ("a" * (MAX_KEYWORD_LENGTH + 1),),
        ("a",) * (MAX_KEYWORDS + 1),
    ],
)
def test_keywords_are_few_and_printable(keywords: tuple[str, ...]) -> None:
    """They are sent to an external server."""
    with pytest.raises(Rejected) as refusal:
        speech_hints(None, keywords)
    assert refusal.value.code == "invalid_keywords"


def test_keywords_come_as_a_list_with_commas() -> None:
    """Spaces around them are removed, and empty ones are dropped."""
    assert keywords_of("Telecine, Ada Lovelace ,,R2") == ("Telecine", "Ada Lovelace", "R2")
    assert keywords_of("") == ()


def test_a_video_s_own_hints_come_before_general_ones() -> None:
    """Each hint separately: a video's language is used with the general keywords."""
    general = SpeechHints("en", ("Telecine",))
    assert SpeechHints("de").merged_with_defaults(general) == SpeechHints("de", ("Telecine",))
    assert SpeechHints(keywords=("R2",)).merged_with_defaults(general) == SpeechHints("en", ("R2",))
    assert NO_HINTS.merged_with_defaults(general) == general
