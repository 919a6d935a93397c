"""Fields that describe the speech of a video, shared by several requests."""

from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from domain.model.transcripts.hints import (
    KEYWORD_PATTERN,
    LANGUAGE_PATTERN,
    MAX_KEYWORD_LENGTH,
    MAX_KEYWORDS,
    SpeechHints,
    speech_hints,
)
from entrypoints.http.openapi.patterns import schema_keywords

LanguageHint: TypeAlias = Annotated[
    str | None,
    Meta(
        description="The spoken language, as an ISO 639-1 code. Without it, the server's default applies; "
        "without a default, the transcriber detects the language.",
        examples=["de"],
        extra_json_schema=schema_keywords(pattern=f"^{LANGUAGE_PATTERN}$"),
    ),
]
KeywordHints: TypeAlias = Annotated[
    tuple[str, ...],
    Meta(
        description="Names and terms in the speech that a transcriber would not recognise by itself.",
        examples=[["Telecine", "Ada Lovelace"]],
        extra_json_schema=schema_keywords(
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
    """Hints for the transcriber; they replace the video's earlier hints."""

    language: LanguageHint = None
    keywords: KeywordHints = ()

    def hints(self) -> SpeechHints:
        """The hints of the request.

        Raises:
            Rejected: `invalid_language` or `invalid_keywords`.
        """
        return speech_hints(self.language, self.keywords)


NO_BODY = RegenerateRequest()
"""Stands for a request without a body: it keeps the video's hints, whereas a body without hints clears them."""
