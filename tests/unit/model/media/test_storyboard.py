import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.media.storyboard import MAX_TILES, StoryboardSheet, storyboard_sheet


@pytest.mark.parametrize(
    ("duration_s", "tile_count", "interval_s"),
    [
        (0.04, 1, 2.0),
        (2.0, 1, 2.0),
        (2.01, 1, 2.0),
        (3.0, 2, 2.0),
        (60.0, 30, 2.0),
        (200.0, 100, 2.0),
        (3600.0, 100, 36.0),
    ],
)
def test_a_tile_stands_for_two_seconds_or_a_hundredth(duration_s: float, tile_count: int, interval_s: float) -> None:
    """The longer of the two counts."""
    sheet = storyboard_sheet(1280, 720, duration_s)
    assert (sheet.tile_count, sheet.interval_s) == (tile_count, interval_s)


@given(st.floats(0.001, 4 * 3600), st.integers(1, 8192), st.integers(1, 8192))
def test_a_sheet_is_bounded(duration_s: float, width: int, height: int) -> None:
    """For any duration and any shape the size is limited, and the tiles cover all of the time."""
    sheet = storyboard_sheet(width, height, duration_s)
    assert 1 <= sheet.tile_count <= MAX_TILES
    assert sheet.columns * (sheet.rows - 1) < sheet.tile_count <= sheet.columns * sheet.rows
    assert sheet.columns * sheet.tile_width <= 1600
    assert sheet.rows * sheet.tile_height <= 2840
    assert sheet.tile_count * sheet.interval_s >= duration_s - 0.02 * sheet.interval_s


def test_each_cue_names_its_tile() -> None:
    """The tiles are in rows; the last cue ends with the video, and the URL is unchanged."""
    sheet = StoryboardSheet(160, 90, tile_count=12, interval_s=400.0, duration_s=4799.5)
    blocks = sheet.to_vtt("https://bucket.example/s.jpg?a=1&b=2").split("\n\n")
    assert blocks[0] == "WEBVTT"
    assert blocks[1] == "00:00:00.000 --> 00:06:40.000\nhttps://bucket.example/s.jpg?a=1&b=2#xywh=0,0,160,90"
    assert blocks[10].endswith("#xywh=1440,0,160,90")
    assert blocks[12] == "01:13:20.000 --> 01:19:59.500\nhttps://bucket.example/s.jpg?a=1&b=2#xywh=160,90,160,90\n"


def test_the_last_cue_reaches_to_the_end() -> None:
    """Even if it covers a little more time than the others."""
    cue = storyboard_sheet(1280, 720, 2.01).to_vtt("s.jpg").split("\n\n")[-1]
    assert cue.startswith("00:00:00.000 --> 00:00:02.010\n")
