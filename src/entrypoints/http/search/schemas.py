"""Responses of a search."""

from typing import Annotated, Self

import msgspec
from msgspec import Meta

from domain.use_cases.search.search_transcripts import FoundCue, SearchPage
from entrypoints.http.transcripts.schemas import HighlightView, highlight_views
from entrypoints.http.videos.schemas import VideoIdText


class SearchResult(msgspec.Struct, frozen=True):
    """A cue that matches, with its video; times are in seconds from the start of the video."""

    video_id: VideoIdText
    filename: Annotated[str, Meta(description="The name of the file.")]
    title: Annotated[str, Meta(description="The title of the video, or else the name of the file.")]
    start_s: Annotated[float, Meta(description="When the cue appears.")]
    end_s: Annotated[float, Meta(description="When the cue disappears.")]
    text: Annotated[str, Meta(description="The text of the cue: plain text, not HTML.")]
    highlights: Annotated[list[HighlightView], Meta(description="The ranges of `text` that match, in order.")]

    @classmethod
    def of(cls, cue: FoundCue) -> Self:
        """The response for a cue."""
        hit = cue.hit
        highlights = highlight_views(hit.text, cue.highlights)
        return cls(hit.video_id, hit.filename, hit.title, hit.start_s, hit.end_s, hit.text, highlights)


class SearchResponse(msgspec.Struct, frozen=True):
    """One page of results."""

    items: Annotated[list[SearchResult], Meta(description="The cues that match, on this page.")]
    next_cursor: Annotated[str | None, Meta(description="Send it as `cursor`; null on the last page.")]

    @classmethod
    def of(cls, page: SearchPage) -> Self:
        """The response for a page."""
        cursor = page.next_cursor
        return cls([SearchResult.of(cue) for cue in page.cues], None if cursor is None else cursor.encoded())
