"""Folding: characters that a search treats as equal become the same characters.

The databases get only folded text. Their own rules for case, accents and words then change nothing, so all of them
return the same results.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import pairwise


class Kind(Enum):
    """What a folded piece of text is to the search."""

    WORD = "a part of a word"
    UNIT = "a unit of a script that puts no spaces between words"
    APOSTROPHE = "an apostrophe, which may join two parts of a word"
    SEPARATOR = "anything that ends a word"


@dataclass(frozen=True, slots=True)
class Piece:
    """A folded character with its marks, and the range of characters in the original text that it comes from."""

    kind: Kind
    text: str
    start: int
    end: int


# Letters that have no decomposition in Unicode, written as their base letters.
_BASE_LETTERS = str.maketrans(
    {
        "\u00e6": "ae",  # ae ligature
        "\u0153": "oe",  # oe ligature
        "\u00f8": "o",  # o with stroke
        "\u0111": "d",  # d with stroke
        "\u00f0": "d",  # eth
        "\u00fe": "th",  # thorn
        "\u0142": "l",  # l with stroke
        "\u0127": "h",  # h with stroke
        "\u0131": "i",  # dotless i
        "\u014b": "n",  # eng
        "\u0167": "t",  # t with stroke
        "\u0138": "k",  # kra
    }
)
_APOSTROPHES = frozenset("'`\u2018\u2019\u201b\u2032\u02bb\u02bc")
# Letters in Unicode, but marks once they are normalized.
_HALFWIDTH_VOICING = frozenset("\uff9e\uff9f")
_TATWEEL = "\u0640"

# Scripts whose words no space separates: Thai and Lao, Burmese, Hangul letters, Khmer, Tai Le to New Tai Lue, Tai Tham,
# Balinese, CJK radicals to Hangul compatibility letters, Han, Yi, Hangul and Burmese extensions, Javanese, Hangul
# syllables, CJK compatibility, Kana supplements, and the planes of Han.
_UNSPACED = (
    (0x0E01, 0x0EFF),
    (0x1000, 0x109F),
    (0x1100, 0x11FF),
    (0x1780, 0x17FF),
    (0x1950, 0x19DF),
    (0x1A20, 0x1AAF),
    (0x1B00, 0x1B7F),
    (0x2E80, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0xA4CF),
    (0xA960, 0xA9FF),
    (0xAA60, 0xAA7F),
    (0xAC00, 0xD7FF),
    (0xF900, 0xFAFF),
    (0x1AFF0, 0x1B16F),
    (0x20000, 0x3FFFF),
)
_FIRST_UNSPACED = 0x0E01

# Canonical combining classes of marks that a search ignores: strokes, Hebrew points and Arabic vowels, accents. The
# signs of other scripts, such as vowels of Devanagari and Thai or the voicing marks of Kana, are kept.
_STROKE = 1
_POINTS = range(10, 37)
_ACCENTS = range(200, 256)


def fold(text: str) -> Iterator[Piece]:
    """The folded text in pieces, with the ranges of the original characters.

    - Compatibility forms are unified (NFKC) and case is folded.
    - Accents, Hebrew points, Arabic vowel signs, tatweel, variation selectors and invisible characters are dropped.
    - Decimal digits of all scripts become ASCII digits.
    """
    for start, end in _clusters(text):
        for kind, folded in _folded(text[start:end]):
            yield Piece(kind, folded, start, end)


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """The ranges of characters that are folded together: one with its marks, or the letters of a Hangul syllable."""
    if text.isascii():
        yield from ((index, index + 1) for index in range(len(text)))
        return
    starts = [index for index in range(len(text)) if index == 0 or not _continues(text[index - 1], text[index])]
    yield from pairwise([*starts, len(text)])


def _continues(before: str, character: str) -> bool:
    if character.isascii():
        return False
    if unicodedata.category(character).startswith("M") or character in _HALFWIDTH_VOICING:
        return True
    return _is_jamo(before) and _is_jamo(character)


def _is_jamo(character: str) -> bool:
    return "\u1100" <= character <= "\u11ff"


@lru_cache(maxsize=8192)
def _folded(cluster: str) -> tuple[tuple[Kind, str], ...]:
    plain = _without_marks(unicodedata.normalize("NFKD", cluster)).casefold()
    plain = _without_marks(unicodedata.normalize("NFKD", plain)).translate(_BASE_LETTERS)
    pieces: list[tuple[Kind, str]] = []
    for character in unicodedata.normalize("NFC", "".join(map(_with_ascii_digits, plain))):
        if pieces and unicodedata.category(character).startswith("M") and pieces[-1][0] in {Kind.WORD, Kind.UNIT}:
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + character)
        else:
            pieces.append((_kind_of(character), character))
    return tuple(pieces)


def _without_marks(text: str) -> str:
    return "".join(character for character in text if not _is_ignored(character))


def _is_ignored(character: str) -> bool:
    if character.isascii():
        return False
    combining = unicodedata.combining(character)
    if combining == _STROKE or combining in _POINTS or combining in _ACCENTS:
        return True
    is_selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return is_selector or character == _TATWEEL or unicodedata.category(character) == "Cf"


def _with_ascii_digits(character: str) -> str:
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)


def _kind_of(character: str) -> Kind:
    if character in _APOSTROPHES:
        return Kind.APOSTROPHE
    if unicodedata.category(character)[0] not in "LNM":
        return Kind.SEPARATOR
    code = ord(character)
    if code >= _FIRST_UNSPACED and any(first <= code <= last for first, last in _UNSPACED):
        return Kind.UNIT
    return Kind.WORD
