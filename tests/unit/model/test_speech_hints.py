import pytest

from domain.model.errors import Rejected
from domain.model.speech_hints import MAX_KEYWORD_LENGTH, MAX_KEYWORDS, NO_HINTS, SpeechHints, keywords_of, speech_hints


def test_sound_hints_are_taken() -> None:
    """Two letters, and words as they are written."""
    assert speech_hints("de", ("Telecine", "Ada K. Lovelace")) == SpeechHints("de", ("Telecine", "Ada K. Lovelace"))


def test_no_hints_are_fine() -> None:
    """A transcriber finds out by itself."""
    assert speech_hints(None) == NO_HINTS


@pytest.mark.parametrize("language", ["", "e", "EN", "eng", "e1", "en-GB", "é!", "en\n"])
def test_a_language_is_two_letters(language: str) -> None:
    """Anything else is no code of ISO 639-1."""
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
def test_keywords_are_few_and_can_be_said(keywords: tuple[str, ...]) -> None:
    """They go to somebody else's server."""
    with pytest.raises(Rejected) as refusal:
        speech_hints(None, keywords)
    assert refusal.value.code == "invalid_keywords"


def test_keywords_come_as_a_list_with_commas() -> None:
    """Blanks around them are no part of them, and an empty one is none."""
    assert keywords_of("Telecine, Ada Lovelace ,,R2") == ("Telecine", "Ada Lovelace", "R2")
    assert keywords_of("") == ()


def test_a_video_s_own_hints_come_before_general_ones() -> None:
    """Each by itself: a language of one's own goes with the general keywords."""
    general = SpeechHints("en", ("Telecine",))
    assert SpeechHints("de").over(general) == SpeechHints("de", ("Telecine",))
    assert SpeechHints(keywords=("R2",)).over(general) == SpeechHints("en", ("R2",))
    assert NO_HINTS.over(general) == general
