"""Repetition loops of speech models: phrases that a model repeats many times."""

import zlib
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from domain.model.transcripts.text_layout import breakable_parts, joined

MAX_COMPRESSION = 2.4
MAX_TIMES = 3

_MIN_BYTES = 100
_MAX_PHRASE = 40  # In words; no loop of whole paragraphs has been observed.

_Part = TypeVar("_Part")


def is_loop(text: str) -> bool:
    """Whether the text is a repetition loop: zlib compresses it by more than a factor of 2.4.

    Whisper's decoder uses the same test (`compression_ratio_threshold` in openai/whisper). Texts under 100 bytes, such
    as "no, no, no", are never a loop, because people do repeat short phrases.
    """
    content = text.encode()
    return len(content) >= _MIN_BYTES and len(content) > MAX_COMPRESSION * len(zlib.compress(content))


def without_repetitions(text: str) -> str:
    """The text with each phrase that occurs more than three times in a row kept once."""
    return joined(collapse(breakable_parts(text), normalized))


def collapse(parts: Iterable[_Part], key: Callable[[_Part], str]) -> list[_Part]:
    """The parts, with each phrase of up to 40 that occurs more than three times in a row kept once.

    Parts with the same key are equal.
    """
    keyed = [(key(part), part) for part in parts]
    for length in range(1, _MAX_PHRASE + 1):
        keyed = _without_runs(keyed, length)
    return [part for _, part in keyed]


def _without_runs(keyed: Sequence[tuple[str, _Part]], length: int) -> list[tuple[str, _Part]]:
    keys = [key for key, _ in keyed]
    kept: list[tuple[str, _Part]] = []
    index = 0
    while index < len(keys):
        end = index
        while end + length < len(keys) and keys[end] == keys[end + length]:
            end += 1
        repeated = end - index  # The number of parts after the phrase that repeat it.
        if repeated >= MAX_TIMES * length:
            kept += keyed[index : index + length]
            index = end + length - repeated % length
        else:
            kept += keyed[index : end + 1]
            index = end + 1
    return kept


def normalized(text: str) -> str:
    """The text without case and punctuation, for comparison; a text of punctuation alone is unchanged."""
    return "".join(filter(str.isalnum, text)).casefold() or text
