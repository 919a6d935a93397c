from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.access.quota import Footprint, Quota, Usage, day_of, footprint_after_delete, footprint_of
from domain.model.errors import QuotaExceeded
from domain.model.failure import FailureCode
from domain.model.stage import StageName
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video
from tests.support.builders import NOW, a_failure, a_publication, a_video, with_second_rendition

TODAY = NOW.date()
TOMORROW = TODAY + timedelta(days=1)
NOTHING = Footprint(0, 0, 0, TODAY)
DECLARED_BYTES = 1_000_000
CLOSED = a_video().upload_closed(a_failure(stage=StageName.UPLOAD, code=FailureCode.UPLOAD_EXPIRED), now=NOW)


@pytest.mark.parametrize(
    ("status", "in_flight", "stored"),
    [
        (VideoStatus.UPLOADING, 1, DECLARED_BYTES),
        (VideoStatus.UPLOADED, 1, DECLARED_BYTES),
        (VideoStatus.PROCESSING, 1, DECLARED_BYTES),
        (VideoStatus.FAILED, 0, DECLARED_BYTES),
        (VideoStatus.COMPLETED, 0, 200_000),
    ],
)
def test_a_video_takes_up_what_it_declares_until_it_plays(status: VideoStatus, in_flight: int, stored: int) -> None:
    """It is in flight until it ends; a failed video's original is still stored."""
    completed, failed = int(status is VideoStatus.COMPLETED), int(status is VideoStatus.FAILED)
    expected = Footprint(in_flight, stored, 1, TODAY, completed, failed)
    assert footprint_of(a_video(status=status)) == expected


def test_a_playable_video_counts_its_renditions() -> None:
    """It counts the size of its renditions even while its transcription is running."""
    video = a_video(status=VideoStatus.PROCESSING).published(a_publication(size_bytes=7), now=NOW)
    assert footprint_of(video) == Footprint(1, 7, 1, TODAY)


def test_an_unsuccessful_upload_uses_no_quota() -> None:
    """It does not even count as an upload of the day; it is a failed video."""
    assert footprint_of(CLOSED) == Footprint(0, 0, 0, TODAY, failed=1)
    assert footprint_of(CLOSED).minus(footprint_of(CLOSED)).is_zero
    assert Usage().plus(footprint_of(CLOSED)).videos == 1


@pytest.mark.parametrize(
    ("video", "uploads"),
    [(a_video(), 0), (a_video(status=VideoStatus.UPLOADED), 1), (a_video(status=VideoStatus.FAILED), 1), (CLOSED, 0)],
)
def test_a_deleted_video_stays_counted_on_its_day_if_it_was_uploaded(video: Video, uploads: int) -> None:
    """Otherwise uploading and deleting in turn would be unlimited."""
    assert footprint_after_delete(video) == Footprint(0, 0, uploads, TODAY)


footprints = st.builds(
    Footprint,
    st.integers(-3, 3),
    st.integers(-9, 9),
    st.integers(0, 3),
    st.just(TODAY),
    st.integers(0, 2),
    st.integers(0, 2),
)


@given(st.lists(footprints))
def test_a_day_s_usage_is_the_sum_of_its_changes(changes: list[Footprint]) -> None:
    """Each change is the difference from the video's earlier footprint."""
    usage, before = Usage(day=TODAY), NOTHING
    for after in changes:
        usage, before = usage.plus(after.minus(before)), after
    assert usage == Usage(
        before.videos_in_flight, before.stored_bytes, before.uploads, TODAY, before.completed, before.failed
    )
    assert before.is_zero is (before == NOTHING)


def test_a_new_day_counts_from_nothing() -> None:
    """Storage and videos in flight carry over."""
    usage = Usage(2, 100, 5, TODAY)
    assert usage.plus(Footprint(1, 10, 1, TOMORROW)) == Usage(3, 110, 1, TOMORROW)


def test_a_closed_upload_of_a_past_day_does_not_change_the_new_day() -> None:
    """The count of uploads belongs to one day; only storage and videos in flight carry over."""
    today = Usage(2, 100, 1, TOMORROW)
    assert today.plus(Footprint(-1, -10, -1, TODAY)) == Usage(1, 90, 1, TOMORROW)
    assert Usage(1, 10, 1, TODAY).plus(Footprint(-1, -10, -1, TOMORROW)) == Usage(0, 0, 0, TOMORROW)


def test_a_user_without_videos_has_no_usage() -> None:
    """This holds on any day."""
    assert Usage().plus(Footprint(1, 1, 1, TODAY)) == Usage(1, 1, 1, TODAY)
    assert Usage().day == date.min


@pytest.mark.parametrize(
    ("quota", "usage", "code"),
    [
        (Quota(max_videos_in_flight=2), Usage(videos_in_flight=3), "too_many_videos_in_flight"),
        (Quota(max_stored_bytes=10), Usage(stored_bytes=11), "storage_quota_exceeded"),
        (Quota(max_uploads_per_day=2), Usage(uploads=3, day=TODAY), "daily_upload_quota_exceeded"),
    ],
)
def test_more_than_a_quota_is_refused(quota: Quota, usage: Usage, code: str) -> None:
    """Each limit has its own code."""
    assert quota.is_limited
    with pytest.raises(QuotaExceeded) as refused:
        quota.check(usage, now=NOW)
    assert refused.value.code == code


def test_a_quota_is_inclusive_and_optional() -> None:
    """Usage equal to a quota is accepted, yesterday's uploads do not count, and each quota may be absent."""
    Quota(2, 10, 2).check(Usage(2, 10, 2, TODAY), now=NOW)
    Quota(max_uploads_per_day=2).check(Usage(uploads=3, day=TODAY), now=NOW + timedelta(days=1))
    Quota().check(Usage(10**9, 10**18, 10**9, TODAY), now=NOW)
    assert not Quota().is_limited


def test_a_day_ends_at_midnight_utc() -> None:
    """The error says when the day ends."""
    late = datetime(2026, 1, 2, 23, 30, tzinfo=timezone(timedelta(hours=-2)))
    assert day_of(late) == date(2026, 1, 3)
    with pytest.raises(QuotaExceeded) as refused:
        Quota(max_uploads_per_day=0).check(Usage(uploads=1, day=day_of(late)), now=late)
    assert refused.value.retry_after_s == 22.5 * 3600


def test_every_rendition_counts() -> None:
    """The owner's quota covers all that is stored to be played."""
    publication = with_second_rendition(a_publication(size_bytes=7), size_bytes=5)
    video = a_video(status=VideoStatus.PROCESSING).published(publication, now=NOW)
    assert footprint_of(video).stored_bytes == 12
    assert len(publication.keys) == 2
