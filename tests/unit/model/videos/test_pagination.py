import base64
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.errors import Rejected
from domain.model.ids import VideoId
from domain.model.videos.pagination import MAX_PAGE_LIMIT, Cursor, check_limit
from tests.support.builders import NOW, VIDEO_ID

cursors = st.builds(
    Cursor,
    created_at=st.datetimes(timezones=st.just(UTC)),
    video_id=st.uuids(version=4).map(lambda uuid: VideoId(str(uuid))),
)


def _forged(plain: bytes) -> str:
    return base64.urlsafe_b64encode(plain).decode().rstrip("=")


@given(cursors)
def test_a_cursor_is_decoded_as_it_was_encoded(cursor: Cursor) -> None:
    """It is exact to the microsecond, and safe in a URL without escapes."""
    text = cursor.encoded()
    assert Cursor.decoded(text) == cursor
    assert text.replace("-", "").replace("_", "").isalnum()
    assert text.isascii()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "garbage",
        "a",
        "====",
        "not base64!",
        "\u00e4\u00e4\u00e4\u00e4",
        "\ud800",
        "\x00",
        _forged(b"\xff\xfe\xfd"),
        _forged(b" "),
        _forged(f"{NOW.isoformat()}".encode()),
        _forged(f"{NOW.isoformat()} ".encode()),
        _forged(f" {VIDEO_ID}".encode()),
        _forged(f"yesterday {VIDEO_ID}".encode()),
        _forged(f"2026-01-02T03:04:05 {VIDEO_ID}".encode()),
        _forged(f"2026-01-02 {VIDEO_ID}".encode()),
        _forged(f"2026-13-02T03:04:05+00:00 {VIDEO_ID}".encode()),
        _forged(f"0001-01-01T00:00:00+14:00 {VIDEO_ID}".encode()),
        _forged(f"9999-12-31T23:59:59-14:00 {VIDEO_ID}".encode()),
        _forged(f"{NOW.isoformat()} a\x00b".encode()),
        _forged(f"{NOW.isoformat()} a b".encode()),
        _forged(f"{NOW.isoformat()} \u00e4".encode()),
    ],
    ids=ascii,
)
def test_a_forged_cursor_is_refused(text: str) -> None:
    """It is garbage, cut, naive, outside the calendar's range, or has an id that no database accepts."""
    with pytest.raises(Rejected) as refused:
        Cursor.decoded(text)
    assert refused.value.code == "invalid_cursor"


@given(cursors, st.data())
def test_a_cut_cursor_is_refused_or_still_a_position(cursor: Cursor, draw: st.DataObject) -> None:
    """With a cut id it is a position near the old one; cut further, it is refused."""
    text = cursor.encoded()
    cut = text[: draw.draw(st.integers(0, len(text) - 1))]
    try:
        decoded = Cursor.decoded(cut)
    except Rejected:
        return
    assert decoded.created_at == cursor.created_at
    assert cursor.video_id.startswith(decoded.video_id)


@given(st.one_of(st.text(), st.binary().map(_forged)))
def test_no_text_breaks_the_decoder(text: str) -> None:
    """Any text is either a valid cursor or refused."""
    try:
        cursor = Cursor.decoded(text)
    except Rejected:
        return
    assert Cursor.decoded(cursor.encoded()) == cursor


@pytest.mark.parametrize("limit", [1, 25, MAX_PAGE_LIMIT])
def test_a_limit_from_1_to_100_is_taken(limit: int) -> None:
    """Both ends are included."""
    assert check_limit(limit) == limit


@pytest.mark.parametrize("limit", [0, -1, MAX_PAGE_LIMIT + 1, 10**30])
def test_any_other_limit_is_refused(limit: int) -> None:
    """No client can read the whole table at once."""
    with pytest.raises(Rejected) as refused:
        check_limit(limit)
    assert refused.value.code == "invalid_limit"
