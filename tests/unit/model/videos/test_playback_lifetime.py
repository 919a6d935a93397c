from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.model.videos.playback_lifetime import MAX_LIFETIME_S, PlaybackLifetime

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
moments = st.floats(0, 4e9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def test_a_slot_is_half_of_the_guaranteed_time() -> None:
    """All answers of a slot have one window; the next slot has another one."""
    lifetime = PlaybackLifetime(3600)
    windows = {lifetime.window(NOON + timedelta(seconds=s)) for s in (0, 1, 1799.999)}
    assert [(window.signed_at, window.expires_in_s) for window in windows] == [(NOON, 5400)]
    assert lifetime.window(NOON + timedelta(seconds=1800)).signed_at == NOON + timedelta(seconds=1800)


@given(st.integers(1, MAX_LIFETIME_S), moments)
def test_every_url_is_valid_for_the_guaranteed_time(guaranteed_s: int, now: datetime) -> None:
    """And never signed for the future, nor for longer than S3 permits."""
    window = PlaybackLifetime(guaranteed_s).window(now)
    assert window.signed_at <= now
    assert window.expires_at >= now + timedelta(seconds=guaranteed_s) - timedelta(seconds=1)
    assert window.expires_at - window.signed_at == timedelta(seconds=window.expires_in_s)
    assert window.expires_in_s <= MAX_LIFETIME_S


@given(st.integers(2, MAX_LIFETIME_S - 1), moments)
def test_neighbouring_windows_of_a_slot_are_equal(guaranteed_s: int, now: datetime) -> None:
    """The window of the begin of a slot is that of its last second."""
    lifetime = PlaybackLifetime(guaranteed_s)
    window = lifetime.window(now)
    last = window.signed_at + timedelta(seconds=lifetime.slot_s - 1)
    assert lifetime.window(window.signed_at) == lifetime.window(last) == window


def test_the_longest_lifetime_leaves_no_time_for_a_slot() -> None:
    """Each answer then has its own URL."""
    assert PlaybackLifetime(MAX_LIFETIME_S).window(NOON).signed_at == NOON
