"""What helps a transcriber to hear right."""

import re
from dataclasses import dataclass

from domain.model.errors import Rejected

MAX_KEYWORDS = 100
MAX_KEYWORD_LENGTH = 64

_LANGUAGE = re.compile(r"[a-z]{2}", re.ASCII)


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
            `invalid_keywords` (too many, too long, empty, or with characters that nobody says).
    """
    if language is not None and not _LANGUAGE.fullmatch(language):
        raise Rejected("The language is to be two letters of ISO 639-1, such as `en`.", code="invalid_language")
    sound = all(0 < len(word) <= MAX_KEYWORD_LENGTH and word.isprintable() and word.strip() for word in keywords)
    if not sound or len(keywords) > MAX_KEYWORDS:
        raise Rejected(
            f"At most {MAX_KEYWORDS} keywords, each of 1 to {MAX_KEYWORD_LENGTH} printable characters.",
            code="invalid_keywords",
        )
    return SpeechHints(language, tuple(word.strip() for word in keywords))
