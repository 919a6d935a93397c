import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.errors import Rejected
from domain.model.ids import VideoId
from domain.model.uploads.labels import Labels
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.listing import (
    NEWEST_FIRST,
    ListedVideo,
    ListPosition,
    VideoFilter,
    VideoListing,
    VideoSort,
    page_of,
)
from domain.model.videos.video import CaptionState, Video
from tests.support.builders import NOW, VIDEO_ID, a_publication, a_uuid, a_video

SECOND = timedelta(seconds=1)
LISTINGS = [
    *(VideoListing(sort) for sort in VideoSort),
    *(
        VideoListing(filter=chosen)
        for chosen in (
            VideoFilter(frozenset({VideoStatus.FAILED})),
            VideoFilter(frozenset({VideoStatus.FAILED, VideoStatus.UPLOADED})),
            VideoFilter(words=("a",)),
            VideoFilter(words=("a", "b")),
            VideoFilter(external_id="a"),
            VideoFilter(created_after=NOW),
            VideoFilter(created_before=NOW),
            VideoFilter(is_without_captions=True),
        )
    ),
]


def _forged(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _opened(cursor: str) -> list[Any]:
    opened: list[Any] = json.loads(base64.urlsafe_b64decode(cursor + "=="))
    return opened


def _code(listing: VideoListing, cursor: str) -> str:
    with pytest.raises(Rejected) as refused:
        listing.position(cursor)
    return refused.value.code


@given(
    st.sampled_from(VideoSort),
    st.datetimes(timezones=st.just(UTC)),
    st.text(min_size=1, max_size=300).filter(lambda text: text.isprintable()),
    st.uuids(version=4),
)
def test_a_cursor_is_read_as_it_was_written(sort: VideoSort, time: datetime, key: str, video_id: object) -> None:
    """It is exact to the microsecond, and safe in a URL without escapes."""
    listing = VideoListing(sort)
    position = ListPosition(key if sort.is_by_title else time, VideoId(str(video_id)))
    cursor = listing.cursor(position)
    assert listing.position(cursor) == position
    assert cursor.isascii()
    assert cursor.replace("-", "").replace("_", "").isalnum()


def test_a_cursor_is_valid_for_its_own_list_alone() -> None:
    """Another order, or any other condition, would skip videos."""
    for written in LISTINGS:
        cursor = written.cursor(written.position_after(a_video()))
        for read in LISTINGS:
            if read == written:
                assert read.position(cursor) == read.position_after(a_video())
            else:
                assert _code(read, cursor) == "invalid_cursor"


def test_the_order_of_words_does_not_change_the_list() -> None:
    """Nor does that of statuses."""
    one, other = VideoListing(filter=VideoFilter(words=("a", "b"))), VideoListing(filter=VideoFilter(words=("b", "a")))
    cursor = one.cursor(one.position_after(a_video()))
    assert other.position(cursor) == one.position(cursor)


@pytest.mark.parametrize(
    "text", ["", "a", "====", "not base64!", "\u00e4", "\ud800", "\0", "bnVsbA", "W" * 9000], ids=ascii
)
def test_garbage_is_refused(text: str) -> None:
    """Whatever it contains."""
    assert _code(NEWEST_FIRST, text) == "invalid_cursor"


@pytest.mark.parametrize(
    "time", ["yesterday", "2026-01-02", "2026-01-02T03:04:05", "0001-01-01T00:00:00+14:00", "2026-13-02T03:04:05+00:00"]
)
def test_a_forged_time_is_refused(time: str) -> None:
    """It is no time, naive, or outside the calendar's range."""
    digest, _, video_id = _opened(NEWEST_FIRST.cursor(NEWEST_FIRST.position_after(a_video())))
    assert _code(NEWEST_FIRST, _forged([digest, time, video_id])) == "invalid_cursor"


@pytest.mark.parametrize("text", ["\0", "\ud800", "a\udfff"], ids=ascii)
def test_a_forged_text_that_no_database_stores_is_refused(text: str) -> None:
    """As the key, or as the id."""
    listing = VideoListing(sort=VideoSort.TITLE)
    digest, key, video_id = _opened(listing.cursor(listing.position_after(a_video())))
    assert _code(listing, _forged([digest, text, video_id])) == "invalid_cursor"
    assert _code(listing, _forged([digest, key, text])) == "invalid_cursor"


@pytest.mark.parametrize("value", ["[]", "{}", "1", "null", '["a"]', '["a", "b", "c", "d"]', "[[[]]]"])
def test_a_forged_shape_is_refused(value: str) -> None:
    """It must have three values."""
    assert _code(NEWEST_FIRST, _forged(json.loads(value))) == "invalid_cursor"


@pytest.mark.parametrize(
    ("chosen", "matches"),
    [
        (VideoFilter(), True),
        (VideoFilter(frozenset({VideoStatus.COMPLETED, VideoStatus.FAILED})), True),
        (VideoFilter(frozenset({VideoStatus.FAILED})), False),
        (VideoFilter(words=("day", "sea")), True),
        (VideoFilter(words=("ea", "a d")), True),
        (VideoFilter(words=("day", "night")), False),
        (VideoFilter(external_id="x1"), True),
        (VideoFilter(external_id="X1"), False),
        (VideoFilter(created_after=NOW), True),
        (VideoFilter(created_after=NOW + SECOND), False),
        (VideoFilter(created_before=NOW), False),
        (VideoFilter(created_before=NOW + SECOND), True),
        (VideoFilter(is_without_captions=True), True),
    ],
)
def test_every_condition_must_hold(chosen: VideoFilter, *, matches: bool) -> None:
    """The times are a half-open interval; a word may begin within a word."""
    video = a_video(status=VideoStatus.COMPLETED, created_at=NOW, labels=Labels("A D\u00e4y at the SEA", "x1"))
    assert chosen.matches(video) is matches


def test_captions_are_missing_only_where_something_plays() -> None:
    """A video without a publication may still get some."""
    missing = VideoFilter(is_without_captions=True)
    played = a_video(publication=a_publication())
    assert missing.matches(played)
    assert not missing.matches(replace(played, captions=CaptionState.GENERATED))
    assert not missing.matches(replace(played, captions=CaptionState.OWN))
    assert not missing.matches(a_video())


def _listed(listing: VideoListing, videos: list[Video]) -> list[ListedVideo]:
    return [ListedVideo(video, listing.position_after(video)) for video in videos]


def test_a_page_that_is_not_full_is_the_last() -> None:
    """Without an extra row there is no next cursor."""
    videos = [a_video(id=VideoId(a_uuid(number))) for number in range(2)]
    page = page_of(NEWEST_FIRST, _listed(NEWEST_FIRST, videos), limit=2)
    assert page.videos == tuple(videos)
    assert page.next_cursor is None
    assert page_of(NEWEST_FIRST, [], limit=2).videos == ()


@pytest.mark.parametrize("sort", VideoSort)
def test_a_page_with_an_extra_row_goes_on_after_the_last_shown(sort: VideoSort) -> None:
    """The extra row only shows that there is a next page."""
    videos: list[Video] = [a_video(id=VideoId(a_uuid(number))) for number in range(3)]
    listing = VideoListing(sort)
    page = page_of(listing, _listed(listing, videos), limit=2)
    assert page.videos == tuple(videos[:2])
    assert page.next_cursor is not None
    key = "holiday.mp4" if sort.is_by_title else videos[1].created_at
    assert listing.position(page.next_cursor) == ListPosition(key, videos[1].id)
    assert videos[1].id == VIDEO_ID
