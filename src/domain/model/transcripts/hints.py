"""Hints for the transcriber: the spoken language and keywords."""

import re
from dataclasses import dataclass

from domain.model.errors import Rejected

MAX_KEYWORDS = 100
MAX_KEYWORD_LENGTH = 64

LANGUAGE_PATTERN = "[a-z]{2}"

# `gpt-transcribe` refuses a request with a line end or an angle bracket in a keyword.
_NOT_IN_KEYWORD = r"<>\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"
KEYWORD_PATTERN = f"[^{_NOT_IN_KEYWORD} ](?:[^{_NOT_IN_KEYWORD}]*[^{_NOT_IN_KEYWORD} ])?"

_LANGUAGE = re.compile(LANGUAGE_PATTERN)
_KEYWORD = re.compile(KEYWORD_PATTERN)


@dataclass(frozen=True, slots=True)
class SpeechHints:
    """The spoken language, None to let the transcriber detect it, and words that are hard to recognise."""

    language: str | None = None
    keywords: tuple[str, ...] = ()

    def merged_with_defaults(self, defaults: "SpeechHints") -> "SpeechHints":
        """These hints, with the defaults in place of those that are not set."""
        return SpeechHints(self.language or defaults.language, self.keywords or defaults.keywords)


NO_HINTS = SpeechHints()


def speech_hints(language: str | None, keywords: tuple[str, ...] = ()) -> SpeechHints:
    """Hints from a client or the settings, after validation.

    Raises:
        Rejected: `invalid_language` (it is not two lower-case letters, as every ISO 639-1 code is) or
            `invalid_keywords` (too many, too long, empty, with a space at an end, or with a forbidden character).
    """
    if language is not None and not _LANGUAGE.fullmatch(language):
        raise Rejected("The language must be a two-letter ISO 639-1 code, such as `en`.", code="invalid_language")
    are_valid = all(len(word) <= MAX_KEYWORD_LENGTH and _KEYWORD.fullmatch(word) for word in keywords)
    if not are_valid or len(keywords) > MAX_KEYWORDS:
        raise Rejected(
            f"Send at most {MAX_KEYWORDS} keywords, each of 1 to {MAX_KEYWORD_LENGTH} printable characters without `<` "
            "and `>`.",
            code="invalid_keywords",
        )
    return SpeechHints(language, keywords)


def keywords_of(text: str) -> tuple[str, ...]:
    """The keywords of a comma-separated list."""
    return tuple(word for part in text.split(",") if (word := part.strip()))
