"""How a transcription changes its video."""

import pytest

from domain.model.failure import FailureCode, WarningCode
from domain.model.stage import Stage, StageName, StageState
from domain.model.transcripts.hints import NO_HINTS, SpeechHints
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video
from tests.support.builders import NOW, a_failure, a_publication, a_video, a_warning

GERMAN = SpeechHints("de", ("Telecine",))
TRANSCRIBE = StageName.TRANSCRIBE


def failed_to_transcribe() -> Video:
    """A playable video that has failed in transcription."""
    processing = a_video(status=VideoStatus.PROCESSING, publication=a_publication())
    compressed = processing.with_stage(StageName.COMPRESS, StageState.FAILED, now=NOW)
    return compressed.transcription_failed("No.", now=NOW)


def state_of(video: Video) -> tuple[VideoStatus, StageState]:
    """The status, and the state of the transcription."""
    return video.status, video.stage(TRANSCRIBE).state


def test_a_completed_video_stays_so_while_a_new_transcript_is_made() -> None:
    """The stage starts again, as if it had never run."""
    video = a_video(status=VideoStatus.COMPLETED).transcription_requested(None, now=NOW)
    assert video.status is VideoStatus.COMPLETED
    assert video.stage(TRANSCRIBE) == Stage(TRANSCRIBE)


def test_new_hints_take_the_place_of_the_old_ones() -> None:
    """None keeps the old ones; empty hints remove them."""
    hinted = a_video(status=VideoStatus.COMPLETED).transcription_requested(GERMAN, now=NOW)
    assert hinted.speech_hints == GERMAN
    assert hinted.transcription_requested(None, now=NOW).speech_hints == GERMAN
    assert hinted.transcription_requested(NO_HINTS, now=NOW).speech_hints == NO_HINTS


def test_a_failed_video_is_retried() -> None:
    """The video is processed as in a retry; other failed stages stay as they are, because it is playable."""
    video = failed_to_transcribe().transcription_requested(None, now=NOW)
    assert (video.status, video.failure) == (VideoStatus.UPLOADED, None)
    assert (video.stage(TRANSCRIBE), video.stage(StageName.COMPRESS).state) == (Stage(TRANSCRIBE), StageState.FAILED)


def test_a_new_run_removes_the_warnings_of_the_last_one() -> None:
    """Other warnings stay."""
    others = a_warning(code=WarningCode.POSTER_FAILED)
    disabled = a_warning(code=WarningCode.TRANSCRIPTION_DISABLED)
    video = a_video(status=VideoStatus.COMPLETED, warnings=(disabled, others))
    assert video.transcription_requested(None, now=NOW).warnings == (others,)
    assert video.captions_replaced(now=NOW).warnings == (others,)


@pytest.mark.parametrize("status", [VideoStatus.UPLOADED, VideoStatus.PROCESSING])
def test_captions_skip_a_transcription_that_is_not_done(status: VideoStatus) -> None:
    """The other stages continue."""
    assert state_of(a_video(status=status).captions_replaced(now=NOW)) == (status, StageState.SKIPPED)


def test_captions_complete_a_video_that_waited_for_nothing_else() -> None:
    """It is already playable."""
    waiting = a_video(status=VideoStatus.PROCESSING, publication=a_publication())
    assert state_of(waiting.captions_replaced(now=NOW)) == (VideoStatus.COMPLETED, StageState.SKIPPED)


def test_captions_leave_a_transcription_that_is_done() -> None:
    """The stage stays done; only the transcript is replaced."""
    video = a_video(status=VideoStatus.COMPLETED).captions_replaced(now=NOW)
    assert state_of(video) == (VideoStatus.COMPLETED, StageState.DONE)


def test_captions_end_the_failure_of_a_transcription() -> None:
    """The video is complete with the captions."""
    video = failed_to_transcribe().captions_replaced(now=NOW)
    assert state_of(video) == (VideoStatus.COMPLETED, StageState.SKIPPED)
    assert video.failure is None


def test_captions_end_the_failure_that_waits_for_a_rendition() -> None:
    """A transcription that failed early does not fail the video later."""
    failed = a_video(status=VideoStatus.PROCESSING).transcription_failed("No.", now=NOW)
    assert state_of(failed) == (VideoStatus.PROCESSING, StageState.FAILED)
    published = failed.captions_replaced(now=NOW).published(a_publication(), now=NOW).settled(now=NOW)
    assert (published.status, published.failure) == (VideoStatus.COMPLETED, None)


def test_captions_clear_no_other_failure() -> None:
    """A file that is no video stays failed."""
    failure = a_failure(code=FailureCode.NOT_A_VIDEO)
    video = a_video(status=VideoStatus.FAILED, failure=failure).captions_replaced(now=NOW)
    assert (video.status, video.failure) == (VideoStatus.FAILED, failure)


def test_a_completed_video_does_not_fail_any_more() -> None:
    """It keeps its transcript and gets a warning."""
    video = a_video(status=VideoStatus.COMPLETED).transcription_requested(None, now=NOW)
    video = video.transcription_failed("The quota is used up.", now=NOW)
    assert state_of(video) == (VideoStatus.COMPLETED, StageState.FAILED)
    assert video.failure is None
    (warning,) = video.warnings
    assert (warning.code, warning.message) == (
        WarningCode.TRANSCRIPTION_FAILED,
        "The transcript could not be regenerated. The quota is used up.",
    )


def test_too_much_audio_is_skipped_with_a_warning() -> None:
    """The video is complete without a transcript."""
    waiting = a_video(status=VideoStatus.PROCESSING, publication=a_publication())
    video = waiting.transcription_too_long(14_500.0, now=NOW)
    assert state_of(video) == (VideoStatus.COMPLETED, StageState.SKIPPED)
    assert [(warning.code, warning.message) for warning in video.warnings] == [
        (WarningCode.TRANSCRIPTION_TOO_LONG, "The audio of 242 minutes exceeds this server's limit for transcription.")
    ]
