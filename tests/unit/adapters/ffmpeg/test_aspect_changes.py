"""Changes of the pixel aspect, from ffprobe's output."""

import pytest

from adapters.ffmpeg.aspect_changes import AspectChanges
from domain.model.media.frame_log import MAX_SPANS


def changes(*lines: str) -> tuple[tuple[int, float], ...]:
    """The changes in these lines."""
    found = AspectChanges()
    for line in lines:
        found(line)
    return found.changes


def test_the_first_frame_and_each_change_are_found() -> None:
    """Other lines, which some versions print for side data, are no frames."""
    found = changes("16:15", "", "16:15|", "x", "64:45", "64:45", "N/A")
    assert found == ((0, pytest.approx(16 / 15)), (2, pytest.approx(64 / 45)), (4, 1.0))


def test_one_aspect_is_no_change() -> None:
    """Nor are implausible ones."""
    assert changes("1:1", "1:1") == changes() == ()
    assert changes("1:1", "N/A", "1000:1", "0:1", "1:0", "1:1000") == ()


def test_the_memory_is_bounded() -> None:
    """A damaged file may change with each frame."""
    assert len(changes(*(f"{100 + number}:100" for number in range(200)))) == MAX_SPANS
