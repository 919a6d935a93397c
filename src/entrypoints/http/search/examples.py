"""Example results in the OpenAPI document."""

from entrypoints.http.openapi.sample_values import _ID
from entrypoints.http.search.schemas import SearchResponse, SearchResult
from entrypoints.http.transcripts.schemas import HighlightView

RESULTS = SearchResponse(
    [
        SearchResult(
            _ID,
            "holiday.mp4",
            "Holiday",
            2.6,
            5.0,
            "Today we cut the film.",
            [HighlightView(9, 12), HighlightView(17, 21)],
        )
    ],
    "BcdZHvtjf_AFx1ke-2OAAQXHWR77Y38o",
)
