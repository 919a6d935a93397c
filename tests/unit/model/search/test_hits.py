"""The order of hits, and its cursor."""

import base64
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.errors import Rejected
from domain.model.ids import VideoId
from domain.model.search.hits import CUES_PER_SLOT, HitCursor, position_of, slots_of
from tests.support.builders import NOW, VIDEO_ID, a_uuid


@given(st.integers(0, 2**63 - 1))
def test_a_cursor_is_decoded_as_it_was_encoded(position: int) -> None:
    """It is safe in a URL without escapes."""
    text = HitCursor(position).encoded()
    assert HitCursor.decoded(text) == HitCursor(position)
    assert text.replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize(
    "text",
    ["", "a", "====", "garbage!", "ää", "\ud800", "\0", "AAAAAAAAAA", "AAAAAAAAAAA=", "AAAAAAAAAAB"]
    + [base64.urlsafe_b64encode(plain).decode().rstrip("=") for plain in (b"\xff" * 8, b"\x01" * 9, b"\x01" * 7)],
    ids=ascii,
)
def test_a_cursor_that_the_server_did_not_make_is_rejected(text: str) -> None:
    """Also one beyond the range of the databases."""
    with pytest.raises(Rejected) as rejected:
        HitCursor.decoded(text)
    assert rejected.value.code == "invalid_cursor"


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
