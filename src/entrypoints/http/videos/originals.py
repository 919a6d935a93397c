"""Fields that say what becomes of an original: in requests, and in the response for a video."""

from datetime import datetime
from typing import Annotated, Self, TypeAlias

import msgspec
from msgspec import Meta

from domain.model.uploads.original_policy import MAX_KEEP_DAYS, OriginalPolicy
from domain.model.videos.source import KeptReason, Publication
from entrypoints.http.openapi.patterns import schema_keywords

OriginalField: TypeAlias = Annotated[
    OriginalPolicy | None,
    Meta(
        description="What becomes of the original once its rendition is proven: `delete` erases it, `keep` keeps it "
        "for download. Without it, the server's default applies. An original that the rendition cannot replace is "
        "always kept."
    ),
]
KeepDaysField: TypeAlias = Annotated[
    int | None,
    Meta(
        description="Number of days after publication for which the original is kept; implies `keep`. Without it, the "
        "server's default applies, which may be unlimited.",
        examples=[30],
        extra_json_schema=schema_keywords(minimum=1, maximum=MAX_KEEP_DAYS),
    ),
]


class OriginalView(msgspec.Struct, frozen=True):
    """Whether the original is still in the bucket."""

    kept: Annotated[bool, Meta(description="Whether the original is kept.")]
    size_bytes: Annotated[int | None, Meta(description="Its size, which counts towards the quota; null if not kept.")]
    expires_at: Annotated[
        datetime | None, Meta(description="When it is erased; null if it stays until the video is deleted.")
    ]
    reason: Annotated[
        KeptReason | None,
        Meta(
            description="`requested`: the upload or the operator chose so. `unproven`: the rendition lacks something "
            "of it; a warning says what. `played`: there is no rendition, it is played itself."
        ),
    ]

    @classmethod
    def of(cls, publication: Publication) -> Self:
        """The view of a published video's original."""
        kept = publication.kept_original
        if kept is None:
            return cls(kept=False, size_bytes=None, expires_at=None, reason=None)
        return cls(kept=True, size_bytes=kept.size_bytes, expires_at=kept.keep_until, reason=kept.reason)
