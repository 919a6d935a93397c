"""Events: one for every change of the status, and those of transcripts, captions and deletions."""

import ast
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from domain.model.failure import Failure, FailureCode
from domain.model.stage import StageName, StageState
from domain.model.videos.events import Event, EventType
from domain.model.videos.lifecycle import TRANSITIONS, LifecycleEvent, VideoStatus
from domain.model.videos.video import Video
from tests.support.builders import ETAG, NOW, OWNER, VIDEO_ID, a_failure, a_publication, a_source, a_video

LATER = NOW + timedelta(minutes=1)
SOURCES = Path(__file__).resolve().parents[4] / "src"
UPLOAD_FAILED = a_failure(stage=StageName.UPLOAD, code=FailureCode.UPLOAD_FAILED)
CANCELLED = a_failure(stage=StageName.UPLOAD, code=FailureCode.UPLOAD_CANCELLED)
EXPIRED = a_failure(stage=StageName.UPLOAD, code=FailureCode.UPLOAD_EXPIRED)

Change = Callable[[Video], Video]


def _imported(video: Video) -> Video:
    return replace(video, source=replace(video.source, youtube_id="dQw4w9WgXcQ"))


def _in(status: VideoStatus, *, is_imported: bool = False) -> Video:
    """A video in this status whose events have been written."""
    video = replace(a_video(source=a_source(), status=status), pending_events=())
    return _imported(video) if is_imported else video


def _closing(failure: Failure) -> Change:
    return lambda video: video.upload_closed(failure, now=LATER)


# What a use case does with a video, for every transition of the table.
CHANGES: dict[LifecycleEvent, tuple[Change, EventType]] = {
    LifecycleEvent.UPLOAD_COMPLETED: (lambda video: video.uploaded(etag=ETAG, now=LATER), EventType.UPLOAD_COMPLETED),
    LifecycleEvent.UPLOAD_FAILED: (_closing(UPLOAD_FAILED), EventType.UPLOAD_FAILED),
    LifecycleEvent.UPLOAD_CANCELLED: (_closing(CANCELLED), EventType.UPLOAD_CANCELLED),
    LifecycleEvent.UPLOAD_EXPIRED: (_closing(EXPIRED), EventType.UPLOAD_EXPIRED),
    LifecycleEvent.PROCESSING_STARTED: (
        lambda video: video.processing_started(now=LATER),
        EventType.VIDEO_PROCESSING,
    ),
    LifecycleEvent.PROCESSING_COMPLETED: (lambda video: video.completed(now=LATER), EventType.VIDEO_COMPLETED),
    LifecycleEvent.PROCESSING_FAILED: (
        lambda video: video.processing_failed(a_failure(), now=LATER),
        EventType.VIDEO_FAILED,
    ),
    LifecycleEvent.RETRIED: (lambda video: video.retried(now=LATER), EventType.VIDEO_RETRIED),
    LifecycleEvent.IMPORT_RETRIED: (
        lambda video: _imported(replace(video, source=a_source())).retried(now=LATER),
        EventType.VIDEO_RETRIED,
    ),
}


@pytest.mark.parametrize(("status", "transition"), TRANSITIONS)
def test_every_transition_is_one_event(status: VideoStatus, transition: LifecycleEvent) -> None:
    """It is numbered next, and has the video's state after the transition."""
    before = _in(status)
    change, expected = CHANGES[transition]
    after = change(before)
    assert after.status is TRANSITIONS[status, transition]
    assert after.event_seq == before.event_seq + 1
    assert after.pending_events == (
        Event(
            expected,
            OWNER,
            LATER,
            VIDEO_ID,
            after.event_seq,
            after.status,
            after.playable,
            after.failure,
            after.title,
            after.labels.external_id,
        ),
    )


def test_an_import_that_fails_is_an_event_of_its_own() -> None:
    """It is not `upload.failed`, and not `video.failed` too; cancelled and expired imports are closed uploads."""
    uploading = _in(VideoStatus.UPLOADING, is_imported=True)
    closed = {
        failure.code: [event.type for event in uploading.upload_closed(failure, now=LATER).pending_events]
        for failure in (replace(UPLOAD_FAILED, code=FailureCode.LIVE), UPLOAD_FAILED, CANCELLED, EXPIRED)
    }
    assert closed == {
        FailureCode.LIVE: [EventType.IMPORT_FAILED],
        FailureCode.UPLOAD_FAILED: [EventType.IMPORT_FAILED],
        FailureCode.UPLOAD_CANCELLED: [EventType.UPLOAD_CANCELLED],
        FailureCode.UPLOAD_EXPIRED: [EventType.UPLOAD_EXPIRED],
    }


def _assignments_of_status(path: Path) -> list[str]:
    """The functions that call `replace(..., status=...)`."""
    functions = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return [
        f"{path.name}: {function.name}"
        for function in functions
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "replace"
        and any(keyword.arg == "status" for keyword in call.keywords)
    ]


def test_the_status_changes_at_one_place() -> None:
    """So no use case can change it without an event. Deliveries of webhooks have a status of their own."""
    paths = [path for path in sorted(SOURCES.rglob("*.py")) if "webhook" not in str(path.relative_to(SOURCES))]
    places = [place for path in paths for place in _assignments_of_status(path)]
    assert places == ["video.py: _after"]


def test_a_video_becomes_playable_once() -> None:
    """With the status at that moment; a later publication is no event."""
    published = _in(VideoStatus.PROCESSING).published(a_publication(), now=LATER)
    (event,) = published.pending_events
    assert (event.type, event.status, event.playable) == (EventType.VIDEO_PLAYABLE, VideoStatus.PROCESSING, True)
    assert published.published(a_publication(), now=LATER).pending_events == (event,)


def test_a_transcript_is_ready_before_its_video_is_completed() -> None:
    """The language is told if it is known."""
    playable = replace(_in(VideoStatus.PROCESSING), publication=a_publication())
    for language, details in (("de", {"language": "de"}), (None, {})):
        ready, completed = playable.transcribed(language=language, now=LATER).pending_events
        assert (ready.type, ready.status, ready.details) == (
            EventType.TRANSCRIPT_READY,
            VideoStatus.PROCESSING,
            details,
        )
        assert (completed.type, completed.seq) == (EventType.VIDEO_COMPLETED, ready.seq + 1)


def test_captions_that_replace_a_failed_transcription_reopen_the_video() -> None:
    """The captions come first, the status that the client waits for last."""
    failure = a_failure(stage=StageName.TRANSCRIBE, code=FailureCode.TRANSCRIPTION_FAILED)
    failed = replace(_in(VideoStatus.PROCESSING), publication=a_publication())
    failed = replace(failed.processing_failed(failure, now=NOW), pending_events=())
    events = failed.captions_replaced(language="en", now=LATER).pending_events
    assert [(event.type, event.status) for event in events] == [
        (EventType.CAPTIONS_REPLACED, VideoStatus.FAILED),
        (EventType.VIDEO_RETRIED, VideoStatus.UPLOADED),
        (EventType.VIDEO_PROCESSING, VideoStatus.PROCESSING),
        (EventType.VIDEO_COMPLETED, VideoStatus.COMPLETED),
    ]
    assert events[0].details == {"language": "en"}
    assert [event.failure for event in events] == [failure, None, None, None]


def test_removed_captions_and_a_deletion_change_no_status() -> None:
    """The deletion has the state in which the video was."""
    completed = _in(VideoStatus.COMPLETED)
    removed = completed.captions_removed(now=LATER)
    assert (removed.status, removed.updated_at) == (VideoStatus.COMPLETED, LATER)
    deleted = removed.deleted(now=LATER)
    assert [(event.type, event.status) for event in deleted.pending_events] == [
        (EventType.CAPTIONS_REMOVED, VideoStatus.COMPLETED),
        (EventType.VIDEO_DELETED, VideoStatus.COMPLETED),
    ]


def test_what_is_no_event_makes_none() -> None:
    """Progress, a repeated start, warnings and a longer upload."""
    processing = _in(VideoStatus.PROCESSING)
    for video in (
        processing.processing_started(now=LATER),
        processing.stage_started(StageName.COMPRESS, attempt=1, now=LATER),
        processing.with_stage(StageName.COMPRESS, StageState.DONE, now=LATER),
        _in(VideoStatus.UPLOADING).upload_extended(LATER, now=LATER),
        _in(VideoStatus.COMPLETED).transcription_requested(None, now=LATER),
        _in(VideoStatus.COMPLETED).transcription_failed("No.", now=LATER),
    ):
        assert video.pending_events == ()


def test_a_repository_writes_the_events_after_those_that_are_stored() -> None:
    """A value that is saved again has nothing new."""
    video = a_video(status=VideoStatus.PROCESSING)
    assert [event.seq for event in video.events_after(0)] == [1, 2]
    assert [event.type for event in video.events_after(1)] == [EventType.VIDEO_PROCESSING]
    assert video.events_after(2) == ()
