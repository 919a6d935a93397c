"""The shape of what clients say of speech, in several requests."""

from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from domain.model.speech_hints import (
    KEYWORD_PATTERN,
    LANGUAGE_PATTERN,
    MAX_KEYWORD_LENGTH,
    MAX_KEYWORDS,
    SpeechHints,
    speech_hints,
)
from entrypoints.http.patterns import told

LanguageHint: TypeAlias = Annotated[
    str | None,
    Meta(
        description="The language that is spoken: ISO 639-1. Without one it is found out.",
        examples=["de"],
        extra_json_schema=told(pattern=f"^{LANGUAGE_PATTERN}$"),
    ),
]
KeywordHints: TypeAlias = Annotated[
    tuple[str, ...],
    Meta(
        description="Names and terms that a transcriber would not expect.",
        examples=[["Telecine", "Ada Lovelace"]],
        extra_json_schema=told(
            items={
                "type": "string",
                "minLength": 1,
                "maxLength": MAX_KEYWORD_LENGTH,
                "pattern": f"^{KEYWORD_PATTERN}$",
            },
            max_items=MAX_KEYWORDS,
        ),
    ),
]


class RegenerateRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to expect in the speech; it takes the place of what was said of it before."""

    language: LanguageHint = None
    keywords: KeywordHints = ()

    def hints(self) -> SpeechHints:
        """The hints that they stand for.

        Raises:
            Rejected: `invalid_language` or `invalid_keywords`.
        """
        return speech_hints(self.language, self.keywords)


NO_BODY = RegenerateRequest()
"""Stands for a request without a body, which says less than one without hints."""
