"""Which characters a search treats as equal."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.search.folding import Kind, fold


def folded(text: str) -> str:
    """The folded text, without its ranges."""
    return "".join(piece.text for piece in fold(text))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("ÉCOLE", "ecole"),
        ("e\u0301cole", "ecole"),
        ("Straße", "strasse"),
        ("Ærøskøbing Œuvre", "aeroskobing oeuvre"),
        ("Łódź Đà Þór Ħal", "lodz da thor hal"),
        ("DIYARBAKIR diyarbak\u0131r İzmir", "diyarbakir diyarbakir izmir"),
        ("ΣΊΣΥΦΟΣ σίσυφος", "σισυφοσ σισυφοσ"),
        ("ᾳ ᾼ", "\u03b1 \u03b1"),
        ("Ёлка й", "елка и"),
        ("ﬁne \u210c \uff12\uff10 ㎏ m²", "fine h 20 kg m2"),
        ("مُحَمَّد أحمـد", "محمد احمد"),
        ("שָׁלוֹם", "שלום"),
        ("١٢٣ ४२ ๕", "123 42 5"),
        ("a\u00adb\u200dc\u200e\ufeffd", "abcd"),
        ("हिन्दी", "हिन्दी"),
        ("ガギ ｶﾞ か\u3099", "ガギ ガ が"),
        ("\u1112\u1161\u11ab\u1100\u116e\u11a8", "한국"),
        ("กิ่ง", "กิ่ง"),
    ],
)
def test_equal_words_have_one_form(written: str, expected: str) -> None:
    """Case, accents, points, width and invisible characters are dropped; vowels, tones and voicing marks are kept."""
    assert folded(written) == expected


@pytest.mark.parametrize(
    ("character", "kind"),
    [
        ("a", Kind.WORD),
        ("7", Kind.WORD),
        ("ж", Kind.WORD),
        ("ह", Kind.WORD),
        *((each, Kind.UNIT) for each in "東かカー々한กລမក𠮷"),
        *((each, Kind.APOSTROPHE) for each in "'\u2019\u02bc"),
        *((each, Kind.SEPARATOR) for each in ' .-_*"%\0\ud800\ufffd🎬、・'),
    ],
)
def test_a_character_is_of_one_kind(character: str, kind: Kind) -> None:
    """Scripts without spaces between words are cut into units; whatever is no letter, mark or number separates."""
    assert [piece.kind for piece in fold(character)] == [kind]


@given(st.text())
def test_folding_covers_the_text_in_order(text: str) -> None:
    """The ranges rise and lie in the text, also in text that no keyboard writes."""
    end = 0
    for piece in fold(text):
        assert end <= piece.end <= len(text)
        assert piece.start < piece.end
        assert piece.text
        end = piece.start


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_composed_and_decomposed_text_is_equal(text: str) -> None:
    """Whatever normalization form a captioning program writes."""
    assert folded(unicodedata.normalize("NFD", text)) == folded(unicodedata.normalize("NFC", text))


@given(st.text())
def test_folding_again_changes_nothing(text: str) -> None:
    """So a term is found by itself."""
    once = "".join(piece.text for piece in fold(text) if piece.kind is Kind.WORD)
    assert folded(once) == once
