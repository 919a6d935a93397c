"""The layout of text: where lines may break, how wide text is, and how long it takes to say."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

from wcwidth import iter_graphemes, wcswidth, wcwidth

MAX_LINE_LENGTH = 42
MAX_LINES = 2
MAX_COLUMNS = MAX_LINES * MAX_LINE_LENGTH + 1  # The space between the lines is not shown.

# The longest emoji of Unicode's list have ten code points; a longer grapheme cluster is malicious, and is split.
_MAX_CLUSTER = 16
_MARKS_PER_COLUMN = 4  # No script puts more marks on a letter; malicious text may.
_CACHE_SIZE = 4096  # In characters; a text has far fewer different ones.
_DIGIT_LETTERS = 4.0  # "seven" has five letters, "two" has three.
_WIDE_COLUMNS = 2
_WIDE_LETTERS = 3.0  # An ideograph is a syllable.
_CLOSING = "\"')]}\u00bb\u201d\u2019\u300d\u300f\uff09\u3011"
_ENDING = tuple(".!?\u2026\u061f\u0964\u06d4")
_IDEOGRAPHIC_ENDING = tuple("\u3002\uff01\uff1f")
_CLAUSE_ENDING = tuple(",;:\u2013\u2014\u060c\u3001\uff0c\uff1b\uff1a")


def breakable_parts(text: str) -> list[str]:
    """The smallest parts between which a line may break; each keeps the space after it.

    A line may break between ideographs, but not between an ideograph and punctuation. A word that is longer than a line
    is split after about every half line. No part begins with a mark that belongs to the character before it.
    """
    parts = [part for word in text.split() for part in _parts(f"{word} ")]
    return [*parts[:-1], parts[-1].rstrip()] if parts else []


def joined(parts: Iterable[str]) -> str:
    """The parts as one text, without the last space."""
    return "".join(parts).rstrip()


def join_texts(first: str, second: str) -> str:
    """Two texts as one, with a space between them unless both sides are ideographs."""
    return f"{first}{second}" if _is_wide(first[-1]) and _is_wide(second[0]) else f"{first} {second}"


def fits_screen(text: str) -> bool:
    """Whether the text fits into the two lines of a cue."""
    return columns(text) <= MAX_COLUMNS and len(wrap(text)) <= MAX_LINES


def columns(text: str) -> int:
    """The displayed width: an ideograph takes two columns, a letter of most other scripts one."""
    if text.isascii():
        return len(text)
    return max(sum(map(_columns, iter_graphemes(text))), len(text) // _MARKS_PER_COLUMN)


def wrap(text: str) -> list[str]:
    """Break the text into as few lines as possible; two lines are about equally long."""
    parts = breakable_parts(text)
    lines: list[list[str]] = []
    free_columns = -1
    for part in parts:
        if columns(part.rstrip()) > free_columns:
            lines.append([])
            free_columns = MAX_LINE_LENGTH
        lines[-1].append(part)
        free_columns -= columns(part)
    return _balanced(parts) if len(lines) == MAX_LINES else [joined(line) for line in lines]


def _balanced(parts: Sequence[str]) -> list[str]:
    widths = list(accumulate(map(columns, parts)))
    shown = [width - part.endswith(" ") for part, width in zip(parts, widths, strict=True)]
    place = min(range(1, len(parts)), key=lambda place: max(shown[place - 1], widths[-1] - widths[place - 1]))
    return [joined(parts[:place]), joined(parts[place:])]


def ends_sentence(word: str, following: str) -> bool:
    """Whether a sentence ends with the word; a full stop before a lower-case letter belongs to an abbreviation."""
    core = word.rstrip().rstrip(_CLOSING)
    if core.endswith(_IDEOGRAPHIC_ENDING):
        return True
    return word.endswith(" ") and core.endswith(_ENDING) and not following[0].islower()


def ends_clause(word: str) -> bool:
    """Whether the word ends with punctuation at which a speaker may pause, such as a comma."""
    return word.rstrip().rstrip(_CLOSING).endswith(_CLAUSE_ENDING)


def speaking_effort(word: str) -> float:
    """The time that it takes to say the word, in letters; with synthetic speech, syllables were no better estimate."""
    return max(1.0, sum(map(_letters, word)))


@lru_cache(_CACHE_SIZE)
def _letters(character: str) -> float:
    if character.isdecimal():
        return _DIGIT_LETTERS
    if not character.isalpha():
        return 0.0
    return _WIDE_LETTERS if _is_wide(character) else 1.0


@lru_cache(_CACHE_SIZE)
def _columns(cluster: str) -> int:
    return max(0, wcswidth(cluster))  # -1 for control characters, which are not shown.


@lru_cache(_CACHE_SIZE)
def _is_wide(character: str) -> bool:
    return wcwidth(character) == _WIDE_COLUMNS


def _parts(word: str) -> Iterator[str]:
    """A word with the space after it, divided into parts that fit into a line."""
    if word.isascii():
        yield from _split_oversized(word, word)
        return
    for part in _grouped(_clusters(word), _is_unbreakable):
        yield from _split_oversized(part, _clusters(part))


def _split_oversized(part: str, clusters: Iterable[str]) -> Iterator[str]:
    """Split a part that is longer than a line into pieces of at most half a line."""
    if columns(part.rstrip()) <= MAX_LINE_LENGTH:
        yield part
    else:
        yield from _grouped(clusters, lambda piece, cluster: columns(piece + cluster.rstrip()) <= MAX_LINE_LENGTH // 2)


def _grouped(parts: Iterable[str], can_join: Callable[[str, str], bool]) -> Iterator[str]:
    """Join neighbouring parts as long as `can_join` allows the group and the next part to be joined."""
    group = ""
    for part in parts:
        if group and not can_join(group, part):
            yield group
            group = ""
        group += part
    yield group


def _clusters(text: str) -> Iterator[str]:
    """The grapheme clusters of a text, each of which is displayed as one character."""
    for cluster in iter_graphemes(text):
        for start in range(0, len(cluster), _MAX_CLUSTER):
            yield cluster[start : start + _MAX_CLUSTER]


def _is_unbreakable(part: str, cluster: str) -> bool:
    """Whether no line may break between the two.

    A line may break next to a wide cluster, but not before a space or a closing mark, nor after an opening mark.
    """
    if cluster == " " or not (_ends_wide(part) or _is_wide(cluster[0])):
        return True
    return unicodedata.category(cluster[0]) in _NEVER_FIRST or unicodedata.category(part[-1]) in _NEVER_LAST


def _ends_wide(part: str) -> bool:
    """Whether the last character that takes up columns is wide; marks and joiners may follow it."""
    return next((_is_wide(character) for character in reversed(part) if wcwidth(character)), False)


_NEVER_FIRST = frozenset({"Pe", "Pf", "Po", "Lm"})
_NEVER_LAST = frozenset({"Ps", "Pi"})
