"""Storyboards: one sheet of thumbnails, from which a player shows previews while the user seeks."""

import math
from dataclasses import dataclass

from domain.model.media.frame_size import fit

MAX_TILES = 100
MIN_INTERVAL_S = 2.0
# The maximum height exceeds the maximum width, so that portrait thumbnails are as recognisable as landscape ones.
TILE_WIDTH, TILE_HEIGHT = 160, 284

_COLUMNS = 10


@dataclass(frozen=True, slots=True)
class StoryboardSheet:
    """The layout of the tiles, row by row; each covers `interval_s` of the video, the last one possibly less."""

    tile_width: int
    tile_height: int
    tile_count: int
    interval_s: float
    duration_s: float

    @property
    def columns(self) -> int:
        """The number of tiles in a row."""
        return min(_COLUMNS, self.tile_count)

    @property
    def rows(self) -> int:
        """The number of rows; the last one may be incomplete."""
        return math.ceil(self.tile_count / self.columns)

    def to_vtt(self, url: str) -> str:
        """WebVTT in which each cue names a rectangle of the sheet as a media fragment (W3C Media Fragments 1.0)."""
        return "\n\n".join(["WEBVTT", *(self._cue(number, url) for number in range(self.tile_count))]) + "\n"

    def _cue(self, number: int, url: str) -> str:
        row, column = divmod(number, self.columns)
        start_s, end_s = number * self.interval_s, (number + 1) * self.interval_s
        if number == self.tile_count - 1:
            end_s = self.duration_s
        place = f"{column * self.tile_width},{row * self.tile_height},{self.tile_width},{self.tile_height}"
        return f"{_timestamp(start_s)} --> {_timestamp(end_s)}\n{url}#xywh={place}"


def storyboard_sheet(width: float, height: float, duration_s: float) -> StoryboardSheet:
    """A sheet with a tile every two seconds, or every hundredth of a longer video; it has at least one tile."""
    interval_s = max(MIN_INTERVAL_S, math.ceil(1000 * duration_s / MAX_TILES) / 1000)
    tile_width, tile_height = fit(width, height, TILE_WIDTH, TILE_HEIGHT)
    # The tolerance avoids a last tile for a few milliseconds, whose cue could have no duration.
    tile_count = max(1, math.ceil(duration_s / interval_s - 0.01))
    return StoryboardSheet(tile_width, tile_height, tile_count, interval_s, duration_s)


def _timestamp(moment_s: float) -> str:
    minutes, rest_ms = divmod(round(moment_s * 1000), 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest_ms // 1000:02}.{rest_ms % 1000:03}"
