"""What helps a transcriber to hear right."""

import re
from dataclasses import dataclass

from domain.model.errors import Rejected

MAX_KEYWORDS = 100
MAX_KEYWORD_LENGTH = 64

LANGUAGE_PATTERN = "[a-z]{2}"

# `gpt-transcribe` refuses a request with a line end or an angle bracket in a keyword.
_IN_NO_KEYWORD = r"<>\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"
KEYWORD_PATTERN = f"[^{_IN_NO_KEYWORD} ](?:[^{_IN_NO_KEYWORD}]*[^{_IN_NO_KEYWORD} ])?"

_LANGUAGE = re.compile(LANGUAGE_PATTERN)
_KEYWORD = re.compile(KEYWORD_PATTERN)


@dataclass(frozen=True, slots=True)
class SpeechHints:
    """The language that is spoken, None to let the transcriber find out, and words that it would not expect."""

    language: str | None = None
    keywords: tuple[str, ...] = ()

    def over(self, general: "SpeechHints") -> "SpeechHints":
        """These hints, and the general ones where these say nothing."""
        return SpeechHints(self.language or general.language, self.keywords or general.keywords)


NO_HINTS = SpeechHints()


def speech_hints(language: str | None, keywords: tuple[str, ...] = ()) -> SpeechHints:
    """Hints that came from outside.

    Raises:
        Rejected: `invalid_language` (no code of ISO 639-1 has another shape than two small letters) or
            `invalid_keywords` (too many, too long, empty, with a blank at an end or characters that nobody says).
    """
    if language is not None and not _LANGUAGE.fullmatch(language):
        raise Rejected("The language is to be two letters of ISO 639-1, such as `en`.", code="invalid_language")
    sound = all(len(word) <= MAX_KEYWORD_LENGTH and _KEYWORD.fullmatch(word) for word in keywords)
    if not sound or len(keywords) > MAX_KEYWORDS:
        raise Rejected(
            f"At most {MAX_KEYWORDS} keywords, each of 1 to {MAX_KEYWORD_LENGTH} printable characters without `<` and "
            "`>`.",
            code="invalid_keywords",
        )
    return SpeechHints(language, keywords)


def keywords_of(text: str) -> tuple[str, ...]:
    """The words of a list with commas between them."""
    return tuple(word for part in text.split(",") if (word := part.strip()))
