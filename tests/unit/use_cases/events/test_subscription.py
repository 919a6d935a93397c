from dataclasses import replace
from datetime import timedelta

import pytest

from domain.model.ids import UserId, VideoId
from domain.model.stage import StageName
from domain.model.videos.events import Event, EventType, LoggedEvent
from domain.ports.event_bus import StageProgress
from domain.use_cases.events.messages import EndReason
from domain.use_cases.events.subscription import MAX_EVENTS, MAX_STAGES, Subscription
from tests.support.builders import NOW

pytestmark = pytest.mark.anyio

ADA, VIDEO = UserId("ada"), VideoId("a-video")
PROGRESS = StageProgress(VIDEO, ADA, StageName.COMPRESS, 1.0, 1)


def _logged(number: int) -> LoggedEvent:
    return LoggedEvent(number, Event(EventType.VIDEO_RETRIED, ADA, NOW, VIDEO, number))


def test_only_the_latest_percentage_of_a_stage_is_kept() -> None:
    """A slow client skips percentages; those of several stages do not replace each other."""
    subscription = Subscription(ADA, VIDEO)
    other = replace(PROGRESS, stage=StageName.TRANSCRIBE)
    for percent in range(50):
        subscription.report(replace(PROGRESS, percent=float(percent)))
        subscription.report(other)
    assert subscription.take_progress() == [replace(PROGRESS, percent=49.0), other]
    assert subscription.take_progress() == []


def test_the_number_of_stages_is_limited() -> None:
    """A user may have thousands of running videos."""
    subscription = Subscription(ADA, None)
    for number in range(2 * MAX_STAGES):
        subscription.report(replace(PROGRESS, video_id=VideoId(f"video-{number}")))
    assert len(subscription.take_progress()) == MAX_STAGES


def test_a_slow_client_falls_behind() -> None:
    """Its events are dropped from memory, and read from the log once the stream continues."""
    subscription = Subscription(ADA, VIDEO)
    for number in range(MAX_EVENTS):
        subscription.deliver(_logged(number))
    assert not subscription.is_behind
    for number in range(MAX_EVENTS):
        subscription.deliver(_logged(number))
    assert subscription.is_behind
    assert subscription.take_events() == []


async def test_waiting_ends_with_a_change_a_ping_or_the_token() -> None:
    """A change that comes before the wait counts too; the first reason for an end counts."""
    subscription = Subscription(ADA, VIDEO)
    assert not await subscription.wait(ping_s=0.01, now=NOW, expires_at=None)
    assert not await subscription.wait(ping_s=60, now=NOW, expires_at=NOW - timedelta(seconds=1))
    for change in (
        lambda: subscription.deliver(_logged(1)),
        lambda: subscription.report(PROGRESS),
        subscription.fall_behind,
        lambda: subscription.close(EndReason.STOPPING),
        lambda: subscription.close(EndReason.EXPIRED),
    ):
        change()
        assert await subscription.wait(ping_s=60, now=NOW, expires_at=NOW + timedelta(hours=1))
    assert subscription.end is EndReason.STOPPING
