import itertools

import pytest

from domain.model.errors import InvalidTransition
from domain.model.videos.lifecycle import TRANSITIONS, LifecycleEvent, VideoStatus, next_status

EVERY_PAIR = list(itertools.product(VideoStatus, LifecycleEvent))


@pytest.mark.parametrize(("status", "event"), EVERY_PAIR)
def test_every_pair_is_a_step_of_the_table_or_an_invalid_transition(status: VideoStatus, event: LifecycleEvent) -> None:
    """A transition that is not in the table raises an error with a readable text."""
    if (status, event) in TRANSITIONS:
        assert next_status(status, event) is TRANSITIONS[status, event]
        return
    with pytest.raises(InvalidTransition) as refused:
        next_status(status, event)
    assert refused.value.code == "invalid_transition"
    assert refused.value.detail == f"The status `{status}` does not allow `{event}`."


def test_the_public_statuses_are_the_five_that_clients_know() -> None:
    """The five values are a fixed contract, in this order."""
    assert [status.value for status in VideoStatus] == ["uploading", "uploaded", "processing", "completed", "failed"]


def test_a_video_goes_the_usual_way() -> None:
    """Uploading, uploaded, processing, completed."""
    status = VideoStatus.UPLOADING
    for event, following in (
        (LifecycleEvent.UPLOAD_COMPLETED, VideoStatus.UPLOADED),
        (LifecycleEvent.PROCESSING_STARTED, VideoStatus.PROCESSING),
        (LifecycleEvent.PROCESSING_COMPLETED, VideoStatus.COMPLETED),
    ):
        status = next_status(status, event)
        assert status is following


@pytest.mark.parametrize("status", [status for status in VideoStatus if not status.is_terminal])
def test_everything_that_has_not_ended_may_fail(status: VideoStatus) -> None:
    """No video can be stuck: every open status has a transition to `failed`."""
    assert VideoStatus.FAILED in {after for (before, _), after in TRANSITIONS.items() if before is status}


def test_only_completed_and_failed_are_terminal() -> None:
    """A terminal status changes no more without a request."""
    assert {status for status in VideoStatus if status.is_terminal} == {VideoStatus.COMPLETED, VideoStatus.FAILED}


def test_a_completed_video_stays_completed() -> None:
    """No event changes a completed video."""
    assert not [before for before, _ in TRANSITIONS if before is VideoStatus.COMPLETED]


def test_every_event_leads_somewhere() -> None:
    """An event that no status accepts would be dead code."""
    assert {event for _, event in TRANSITIONS} == set(LifecycleEvent)
