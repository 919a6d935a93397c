"""Settings of originals."""

from typing import Annotated, Literal

from msgspec import Meta

from domain.model.uploads.original_policy import MAX_KEEP_DAYS, OriginalChoice, OriginalPolicy
from entrypoints.config.values import ConcernSettings, variable


class OriginalSettings(ConcernSettings, frozen=True, kw_only=True, rename=variable):
    """What becomes of an original once its rendition is proven; an upload may choose otherwise."""

    original: Annotated[
        Literal["delete", "keep"],
        Meta(
            description="What becomes of an original whose rendition is proven, unless its upload says otherwise: "
            "`delete`, or `keep` for download beside the rendition."
        ),
    ] = "delete"
    original_keep_days: Annotated[
        Annotated[int, Meta(ge=1, le=MAX_KEEP_DAYS)] | None,
        Meta(
            description="Days after publication at which a kept original is erased, unless its upload says how many. "
            "Unset: it stays until its video is deleted."
        ),
    ] = None

    @property
    def choice(self) -> OriginalChoice:
        """The default for uploads that choose nothing."""
        return OriginalChoice(OriginalPolicy(self.original), self.original_keep_days)
