"""The text of stream messages."""

import json

import pytest

from domain.model.failure import Failure, FailureCode
from domain.model.ids import UserId, VideoId
from domain.model.stage import StageName
from domain.model.videos.events import Event, EventType
from domain.model.videos.lifecycle import VideoStatus
from domain.use_cases.events.messages import End, EndReason, Ping, Reset, ResetReason, StreamedEvent, StreamMessage
from entrypoints.http.events.frames import frame_of
from tests.support.builders import NOW

FAILURE = Failure(StageName.PROBE, FailureCode.NOT_A_VIDEO, "No\nvideo\r\n\u2028data: x")


def _event(status: VideoStatus) -> Event:
    return Event(EventType.VIDEO_FAILED, UserId("ada"), NOW, VideoId("a-video"), 3, status, failure=FAILURE)


def test_no_text_can_add_a_line() -> None:
    """A message with line breaks stays in its `data` line, and is read back unchanged."""
    frame = frame_of(StreamedEvent(3, _event(VideoStatus.FAILED)))
    assert frame is not None
    head, event, data, *rest = frame.as_sse().decode().split("\n")
    assert (head, event, rest) == ("id: 3", "event: video.failed", ["", ""])
    assert json.loads(data.removeprefix("data: "))["failure"]["message"] == FAILURE.message
    text = json.loads(frame.as_text())
    assert (text["id"], text["event"], text["data"]["status"]) == ("3", "video.failed", "failed")


def test_a_failure_is_shown_once_the_video_has_failed() -> None:
    """As in the status: before, another attempt may still succeed."""
    frame = frame_of(StreamedEvent(3, _event(VideoStatus.PROCESSING)))
    assert frame is not None
    assert json.loads(frame.data)["failure"] is None


@pytest.mark.parametrize("message", [Reset(ResetReason.INVALID), End(EndReason.EXPIRED)])
def test_only_events_and_snapshots_have_an_id(message: StreamMessage) -> None:
    """A client cannot continue after the others."""
    frame = frame_of(message)
    assert frame is not None
    assert b"id:" not in frame.as_sse()
    assert json.loads(frame.as_text())["id"] is None


def test_a_ping_has_no_frame() -> None:
    """Each protocol has a message of its own for it."""
    assert frame_of(Ping()) is None
