"""Phrases that a speech model has fallen into saying over and over."""

import zlib
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from domain.model.words import joined, words

MAX_COMPRESSION = 2.4
MAX_TIMES = 3

_MIN_BYTES = 100
_MAX_PHRASE = 40  # In words; loops of whole paragraphs have not been seen.

_Part = TypeVar("_Part")


def is_loop(text: str) -> bool:
    """Whether the text can be said much shorter: zlib makes less than a 2.4th of it.

    By this Whisper's own decoder tells that it is repeating itself (`compression_ratio_threshold` in openai/whisper).
    What people say again, "no, no, no", is too short to be called so.
    """
    content = text.encode()
    return len(content) >= _MIN_BYTES and len(content) > MAX_COMPRESSION * len(zlib.compress(content))


def said_once(text: str) -> str:
    """The text with each phrase that comes more than three times in a row said once."""
    return joined(collapsed(words(text), sound))


def collapsed(parts: Iterable[_Part], key: Callable[[_Part], str]) -> list[_Part]:
    """Of each phrase of up to 40 parts that comes more than three times in a row, the first; keys tell equal parts."""
    keyed = [(key(part), part) for part in parts]
    for length in range(1, _MAX_PHRASE + 1):
        keyed = _without_runs(keyed, length)
    return [part for _, part in keyed]


def _without_runs(keyed: Sequence[tuple[str, _Part]], length: int) -> list[tuple[str, _Part]]:
    keys = [key for key, _ in keyed]
    kept: list[tuple[str, _Part]] = []
    place = 0
    while place < len(keys):
        end = place
        while end + length < len(keys) and keys[end] == keys[end + length]:
            end += 1
        again = end - place  # So many parts after the phrase go on as it began.
        if again >= MAX_TIMES * length:
            kept += keyed[place : place + length]
            place = end + length - again % length
        else:
            kept += keyed[place : end + 1]
            place = end + 1
    return kept


def sound(text: str) -> str:
    """What of a text is heard: neither case nor punctuation, unless it is nothing else."""
    return "".join(filter(str.isalnum, text)).casefold() or text
