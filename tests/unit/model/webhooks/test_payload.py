"""The bodies of webhooks."""

import json

from domain.model.failure import Failure, FailureCode
from domain.model.stage import StageName
from domain.model.videos.events import Event, EventType
from domain.model.videos.lifecycle import VideoStatus
from domain.model.webhooks.endpoint import DisabledReason
from domain.model.webhooks.payload import body_of, body_of_test
from tests.support.builders import NOW, OWNER, VIDEO_ID
from tests.support.webhooks import WEBHOOK_ID, an_endpoint


def test_an_event_of_a_video() -> None:
    """Type, time and the video's state at that time, with the event's own details."""
    event = Event(
        EventType.VIDEO_FAILED,
        OWNER,
        NOW,
        VIDEO_ID,
        seq=4,
        status=VideoStatus.FAILED,
        failure=Failure(StageName.PROBE, FailureCode.NOT_A_VIDEO, "Nö."),
        details={"more": "x"},
    )
    assert json.loads(body_of(event)) == {
        "type": "video.failed",
        "timestamp": "2026-01-02T03:04:05+00:00",
        "data": {
            "video_id": VIDEO_ID,
            "seq": 4,
            "title": None,
            "external_id": None,
            "status": "failed",
            "playable": False,
            "failure": {"stage": "probe", "code": "not_a_video", "message": "Nö."},
            "more": "x",
        },
    }
    assert OWNER not in body_of(event)


def test_a_video_without_a_failure() -> None:
    """The field is null."""
    event = Event(EventType.VIDEO_PLAYABLE, OWNER, NOW, VIDEO_ID, seq=2, status=VideoStatus.PROCESSING, playable=True)
    assert json.loads(body_of(event))["data"]["failure"] is None


def test_an_event_without_a_video() -> None:
    """It has only its details."""
    body = json.loads(body_of(an_endpoint().disabled_event(DisabledReason.FAILING, now=NOW)))
    assert body["type"] == "webhook.disabled"
    assert body["data"] == {"webhook_id": WEBHOOK_ID, "url": an_endpoint().url, "reason": "failing"}


def test_a_test_event() -> None:
    """It names its webhook."""
    assert json.loads(body_of_test(WEBHOOK_ID, now=NOW)) == {
        "type": "webhook.test",
        "timestamp": "2026-01-02T03:04:05+00:00",
        "data": {"webhook_id": WEBHOOK_ID},
    }
