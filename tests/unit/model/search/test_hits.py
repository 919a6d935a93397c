"""The order of hits by time."""

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from domain.model.ids import VideoId
from domain.model.search.hits import CUES_PER_SLOT, position_of, slots_of
from tests.support.builders import NOW, VIDEO_ID, a_uuid


def test_newer_videos_come_first_and_earlier_cues() -> None:
    """Positions fall in the order of the results, and never overlap."""
    older, newer = (next(slots_of(NOW + timedelta(milliseconds=ms), VIDEO_ID)) for ms in (0, 1))
    positions = [
        position_of(newer, 0),
        position_of(newer, CUES_PER_SLOT - 1),
        position_of(older, 0),
        position_of(older, 1),
        position_of(older, CUES_PER_SLOT - 1),
    ]
    assert positions == sorted(set(positions), reverse=True)


@pytest.mark.parametrize(
    "created_at",
    [datetime(1970, 1, 1, tzinfo=UTC), NOW, datetime(2087, 12, 31, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)],
)
def test_a_video_always_gets_a_slot(created_at: datetime) -> None:
    """Whatever the clock said when it was created, and although others have its first choices."""
    slots = list(islice(slots_of(created_at, VIDEO_ID), 10_000))
    assert len(set(slots[-5000:])) == 5000
    assert all(0 <= position_of(slot, CUES_PER_SLOT - 1) <= position_of(slot, 0) < 2**63 for slot in slots)


def test_videos_of_one_moment_try_different_slots() -> None:
    """Many videos with the same time do not all try the same sequence."""
    second = {list(islice(slots_of(NOW, VideoId(a_uuid(number))), 2))[1] for number in range(100)}
    assert len(second) > 80
