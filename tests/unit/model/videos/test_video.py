import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.model.errors import InvalidTransition
from domain.model.failure import FailureCode, WarningCode
from domain.model.stage import FIRST_STAGES, StageName, StageState
from domain.model.videos.guards import (
    require_playable,
)
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import SLOWEST_PUT_S, Video
from tests.support.builders import (
    ETAG,
    NOW,
    OWNER,
    VIDEO_ID,
    a_failure,
    a_media_info,
    a_publication,
    a_source,
    a_video,
    a_warning,
)

LATER = NOW + timedelta(minutes=1)
CANCELLED = a_failure(stage=StageName.UPLOAD, code=FailureCode.UPLOAD_CANCELLED)
CLOSED = a_video().upload_closed(CANCELLED, now=NOW)


def _states(video: Video) -> dict[StageName, StageState]:
    return {stage.name: stage.state for stage in video.stages}


def test_a_granted_video_waits_for_its_upload() -> None:
    """Only what the client declared is known."""
    expires_at = NOW + timedelta(hours=1)
    video = Video.granted(video_id=VIDEO_ID, owner=OWNER, source=a_source(), now=NOW, upload_expires_at=expires_at)
    assert (video.id, video.owner, video.source) == (VIDEO_ID, OWNER, a_source())
    assert (video.status, video.stages) == (VideoStatus.UPLOADING, FIRST_STAGES)
    assert (video.created_at, video.updated_at, video.upload_expires_at) == (NOW, NOW, expires_at)
    assert (video.media, video.publication, video.failure, video.warnings) == (None, None, None, ())
    assert not video.playable
    assert not video.is_uploaded


def test_an_uploaded_video_knows_its_etag() -> None:
    """The worker reads with it, because a presigned URL still works after `complete`."""
    video = a_video().uploaded(etag=ETAG, now=LATER)
    assert (video.status, video.source.etag, video.updated_at) == (VideoStatus.UPLOADED, ETAG, LATER)
    assert video.is_uploaded
    assert (video.stage(StageName.UPLOAD).state, video.stage(StageName.UPLOAD).percent) == (StageState.DONE, 100.0)
    assert video.created_at == NOW


def test_an_upload_that_failed_fails_the_video() -> None:
    """The stage and the status change together."""
    failure = a_failure(stage=StageName.UPLOAD, code=FailureCode.UPLOAD_FAILED)
    video = a_video().upload_closed(failure, now=LATER)
    assert (video.status, video.failure, video.updated_at) == (VideoStatus.FAILED, failure, LATER)
    assert video.stage(StageName.UPLOAD).state is StageState.FAILED
    assert not video.is_uploaded


def test_a_worker_takes_an_uploaded_video() -> None:
    """The status changes once; a repeat after a lost worker changes nothing."""
    video = a_video(status=VideoStatus.UPLOADED).processing_started(now=LATER)
    assert (video.status, video.updated_at) == (VideoStatus.PROCESSING, LATER)
    assert video.processing_started(now=LATER + timedelta(minutes=1)) is video


@pytest.mark.parametrize("status", [VideoStatus.UPLOADED, VideoStatus.PROCESSING])
def test_a_permanent_failure_fails_the_video_in_its_stage(status: VideoStatus) -> None:
    """The other stages stay as they were."""
    before = a_video(status=status)
    video = before.processing_failed(a_failure(stage=StageName.PROBE), now=LATER)
    assert (video.status, video.failure, video.updated_at) == (VideoStatus.FAILED, a_failure(), LATER)
    assert _states(video) == {**_states(before), StageName.PROBE: StageState.FAILED}


def test_a_failed_video_with_a_publication_stays_playable() -> None:
    """`failed` with `failure.stage = "transcribe"` and `playable` true is part of the contract."""
    video = a_video(status=VideoStatus.PROCESSING).published(a_publication(), now=NOW)
    failed = video.processing_failed(a_failure(stage=StageName.TRANSCRIBE), now=LATER)
    assert failed.playable
    assert require_playable(failed) == a_publication()


STEPS: dict[str, tuple[Callable[[Video], Video], set[VideoStatus]]] = {
    "uploaded": (lambda video: video.uploaded(etag=ETAG, now=LATER), {VideoStatus.UPLOADING}),
    "upload_closed": (lambda video: video.upload_closed(a_failure(), now=LATER), {VideoStatus.UPLOADING}),
    "upload_cancelled": (
        lambda video: video.upload_closed(a_failure(code=FailureCode.UPLOAD_CANCELLED), now=LATER),
        {VideoStatus.UPLOADING, VideoStatus.UPLOADED},
    ),
    "upload_expired": (
        lambda video: video.upload_closed(a_failure(code=FailureCode.UPLOAD_EXPIRED), now=LATER),
        {VideoStatus.UPLOADING},
    ),
    "retried": (lambda video: video.retried(now=LATER), {VideoStatus.FAILED}),
    "processing": (lambda video: video.processing_started(now=LATER), {VideoStatus.UPLOADED, VideoStatus.PROCESSING}),
    "processing_failed": (
        lambda video: video.processing_failed(a_failure(), now=LATER),
        {VideoStatus.UPLOADED, VideoStatus.PROCESSING},
    ),
}


@pytest.mark.parametrize(("step", "status"), list(itertools.product(STEPS, VideoStatus)))
def test_a_transition_is_allowed_from_its_own_statuses_only(step: str, status: VideoStatus) -> None:
    """In another status the lifecycle refuses it, and the video is unchanged."""
    take, statuses = STEPS[step]
    video = a_video(status=status)
    if status in statuses:
        assert take(video).status in VideoStatus
        return
    with pytest.raises(InvalidTransition):
        take(video)


def test_a_probed_video_has_its_media() -> None:
    """The status is unchanged."""
    video = a_video(status=VideoStatus.PROCESSING).probed(a_media_info(), now=LATER)
    assert (video.media, video.updated_at, video.status) == (a_media_info(), LATER, VideoStatus.PROCESSING)


def test_a_published_video_is_playable() -> None:
    """It is playable as soon as there is a rendition, whatever else is running."""
    video = a_video(status=VideoStatus.PROCESSING).published(a_publication(), now=LATER)
    assert video.playable
    assert require_playable(video) == a_publication()
    assert video.stage(StageName.PUBLISH).state is StageState.DONE
    assert (video.status, video.updated_at) == (VideoStatus.PROCESSING, LATER)


def test_a_warning_is_added_once() -> None:
    """A second attempt with the same problem adds nothing; another warning is appended."""
    video = a_video().warned(a_warning(message="First."), now=LATER)
    assert video.warnings == (a_warning(message="First."),)
    assert video.updated_at == LATER
    assert video.warned(a_warning(message="Second."), now=LATER + timedelta(minutes=1)) is video
    other = a_warning(code=WarningCode.SOURCE_TRUNCATED)
    assert video.warned(other, now=LATER).warnings == (a_warning(message="First."), other)


def test_a_stage_starts_moves_and_ends() -> None:
    """One stage changes at a time, in its place, and so does `updated_at`."""
    video = a_video(status=VideoStatus.PROCESSING).stage_started(StageName.COMPRESS, attempt=2, now=LATER)
    assert (video.stage(StageName.COMPRESS).state, video.stage(StageName.COMPRESS).attempt) == (StageState.RUNNING, 2)
    video = video.stage_progressed(StageName.COMPRESS, 41.52, now=LATER)
    assert video.stage(StageName.COMPRESS).percent == 41.5
    video = video.with_stage(StageName.COMPRESS, StageState.SKIPPED, now=LATER)
    assert video.stage(StageName.COMPRESS).state is StageState.SKIPPED
    assert [stage.name for stage in video.stages] == list(StageName)
    assert video.updated_at == LATER


@pytest.mark.parametrize(
    ("status", "is_published", "publish", "transcribe"),
    [
        (status, publish is StageState.DONE, publish, transcribe)
        for status, publish, transcribe in itertools.product(VideoStatus, StageState, StageState)
        if (status, publish) != (VideoStatus.UPLOADING, StageState.DONE)
    ],
)
def test_a_video_settles_when_nothing_is_left_to_wait_for(
    status: VideoStatus, *, is_published: bool, publish: StageState, transcribe: StageState
) -> None:
    """It is completed, or failed in transcription, but only if it was uploaded and is playable."""
    video = (
        a_video(status=status, publication=a_publication() if is_published else None)
        .with_stage(StageName.PUBLISH, publish, now=NOW)
        .with_stage(StageName.TRANSCRIBE, transcribe, now=NOW)
    )
    settled = video.settled(now=LATER)
    if status.is_terminal or not is_published or not transcribe.is_settled:
        assert settled is video
        return
    assert (settled.playable, settled.updated_at) == (True, LATER)
    if transcribe is StageState.FAILED:
        assert settled.status is VideoStatus.FAILED
        assert settled.failure is not None
        assert (settled.failure.stage, settled.failure.code) == (
            StageName.TRANSCRIBE,
            FailureCode.TRANSCRIPTION_FAILED,
        )
    else:
        assert (settled.status, settled.failure) == (VideoStatus.COMPLETED, None)
    assert settled.settled(now=LATER + timedelta(minutes=1)) is settled


def test_a_settled_video_remembers_why_its_transcription_failed() -> None:
    """The reason is kept until the video is playable."""
    video = a_video(status=VideoStatus.PROCESSING).transcription_failed("The quota is used up.", now=NOW)
    assert video.stage(StageName.TRANSCRIBE).state is StageState.FAILED
    assert video.settled(now=LATER).status is VideoStatus.PROCESSING
    settled = video.published(a_publication(), now=LATER).settled(now=LATER)
    assert settled.status is VideoStatus.FAILED
    assert settled.failure is not None
    assert settled.failure.message == (
        "The video can be played, but its speech could not be transcribed. The quota is used up."
    )


def test_the_first_failure_is_kept() -> None:
    """A video that failed in processing did not fail because of its captions."""
    failed = a_video(status=VideoStatus.PROCESSING).processing_failed(a_failure(), now=NOW)
    assert failed.transcription_failed("The quota is used up.", now=LATER).failure == a_failure()


def test_a_video_without_a_transcriber_completes_with_a_warning() -> None:
    """The stage is skipped, and the warning says why there are no captions."""
    video = a_video(status=VideoStatus.PROCESSING).transcription_disabled(now=LATER)
    assert video.stage(StageName.TRANSCRIBE).state is StageState.SKIPPED
    assert [warning.code for warning in video.warnings] == [WarningCode.TRANSCRIPTION_DISABLED]
    assert video.published(a_publication(), now=LATER).settled(now=LATER).status is VideoStatus.COMPLETED


@pytest.mark.parametrize("status", VideoStatus)
def test_the_builder_makes_consistent_videos(status: VideoStatus) -> None:
    """Other tests rely on it: an ETag from `uploaded` on, a publication at the end."""
    video = a_video(status=status)
    assert video.status is status
    assert video.is_uploaded is (status is not VideoStatus.UPLOADING)
    assert video.playable is (status is VideoStatus.COMPLETED)
    assert (video.failure is not None) is (status is VideoStatus.FAILED)


def test_a_retried_video_resumes_where_it_failed() -> None:
    """Done stages stay done, and a playable video stays playable."""
    failed = (
        a_video(status=VideoStatus.PROCESSING)
        .with_stage(StageName.COMPRESS, StageState.DONE, now=NOW)
        .published(a_publication(), now=NOW)
        .transcription_failed("No.", now=NOW)
        .settled(now=NOW)
    )
    video = failed.retried(now=LATER)
    assert (video.status, video.failure, video.updated_at) == (VideoStatus.UPLOADED, None, LATER)
    assert _states(video) == {**_states(failed), StageName.TRANSCRIBE: StageState.PENDING}
    assert video.playable


def test_resumed_work_makes_the_video_processing() -> None:
    """The first running stage changes the status; a video in a later status is unchanged."""
    video = a_video(status=VideoStatus.UPLOADED).stage_started(StageName.TRANSCRIBE, attempt=1, now=LATER)
    assert video.status is VideoStatus.PROCESSING
    failed = a_video(status=VideoStatus.FAILED)
    assert failed.processing_if_uploaded(now=LATER) is failed


def test_a_video_is_signed_until_its_last_url_expires() -> None:
    """A URL that expires earlier shortens nothing; `updated_at` changes in any case."""
    video = a_video()
    later = video.upload_expires_at + timedelta(hours=1)
    assert video.upload_extended(later, now=LATER).upload_expires_at == later
    shorter = video.upload_extended(LATER, now=LATER)
    assert (shorter.upload_expires_at, shorter.updated_at) == (video.upload_expires_at, LATER)


@pytest.mark.parametrize(
    ("status", "updated_before_s", "now_s", "is_silent"),
    [
        (VideoStatus.UPLOADING, 1, 3601, True),
        (VideoStatus.UPLOADING, 0, 3601, False),
        (VideoStatus.UPLOADING, 1, 3600, False),
        (VideoStatus.UPLOADED, 1, 3601, False),
    ],
)
def test_a_silent_upload_has_no_active_client_and_no_valid_url(
    status: VideoStatus, updated_before_s: float, now_s: float, *, is_silent: bool
) -> None:
    """The client has sent no request since, and all its URLs have expired."""
    updated_before, now = NOW + timedelta(seconds=updated_before_s), NOW + timedelta(seconds=now_s)
    assert a_video(status=status).is_silent_upload(updated_before=updated_before, now=now) is is_silent


def test_a_slow_put_may_end_a_day_after_its_url() -> None:
    """For a URL that has already expired, the day counts from now."""
    video = a_video()
    assert video.last_put_ends_in_s(now=NOW) == 3600 + SLOWEST_PUT_S
    assert video.last_put_ends_in_s(now=NOW + timedelta(days=9)) == SLOWEST_PUT_S


def test_an_unknown_size_is_set_later() -> None:
    """Everything else is unchanged."""
    assert a_video().with_size(7) == a_video(source=a_source(size_bytes=7))
