"""Checks that the event log of an in-memory database tells every change of every video."""

from itertools import pairwise

from adapters.fakes.tables import Tables
from domain.model.ids import VideoId
from domain.model.videos.events import Event, EventType
from domain.model.videos.lifecycle import TRANSITIONS, VideoStatus
from domain.model.videos.video import Video

STEPS = {(before, after) for (before, _), after in TRANSITIONS.items()}
WITHOUT_STEP = {
    EventType.VIDEO_PLAYABLE,
    EventType.VIDEO_DELETED,
    EventType.TRANSCRIPT_READY,
    EventType.CAPTIONS_REPLACED,
    EventType.CAPTIONS_REMOVED,
    EventType.POSTER_READY,
    EventType.POSTER_FAILED,
}


def assert_events_are_complete(tables: Tables) -> None:
    """The events of each video are numbered without gaps, and lead from `uploading` to its status, step by step."""
    told: dict[VideoId | None, list[Event]] = {}
    for event in [*(each.event for each in tables.events), *tables.unsettled_events]:
        told.setdefault(event.video_id, []).append(event)
    is_cut = tables.log_state.deleted_through > 0
    for video in tables.videos.values():
        _check_video(video, told.pop(video.id, []), is_cut=is_cut)
    for video_id, events in told.items():
        assert video_id is None or events[-1].type is EventType.VIDEO_DELETED
        assert is_cut or video_id is None or [event.seq for event in events] == list(range(1, len(events) + 1))


def _check_video(video: Video, events: list[Event], *, is_cut: bool) -> None:
    first_seq = video.event_seq - len(events) + 1
    assert is_cut or first_seq == 1
    assert [event.seq for event in events] == list(range(first_seq, video.event_seq + 1))
    assert all(event.owner == video.owner for event in events)
    if not events:
        assert is_cut or video.status is VideoStatus.UPLOADING
        return
    assert events[-1].status is video.status
    start = [] if is_cut else [(None, VideoStatus.UPLOADING)]
    states = [*start, *((event.type, event.status) for event in events)]
    for (_, before), (name, after) in pairwise(states):
        assert (before == after) if name in WITHOUT_STEP else ((before, after) in STEPS), (before, name, after)
