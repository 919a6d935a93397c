"""The conditions that use cases require of a video."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.model.errors import Conflict, InvalidTransition, VideoNotFound
from domain.model.failure import FailureCode
from domain.model.ids import UserId
from domain.model.stage import StageName
from domain.model.videos.guards import (
    require_cancellable,
    require_open_upload,
    require_owner,
    require_playable,
    require_uploaded,
    require_uploading,
)
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video
from tests.support.builders import (
    ETAG,
    NOW,
    OWNER,
    VIDEO_ID,
    a_failure,
    a_publication,
    a_video,
)

LATER = NOW + timedelta(minutes=1)
CANCELLED = a_failure(stage=StageName.UPLOAD, code=FailureCode.UPLOAD_CANCELLED)
CLOSED = a_video().upload_closed(CANCELLED, now=NOW)


@pytest.mark.parametrize("status", [VideoStatus.UPLOADING, VideoStatus.UPLOADED, VideoStatus.FAILED])
def test_a_video_without_a_publication_can_not_be_played(status: VideoStatus) -> None:
    """The conflict has a specific code."""
    with pytest.raises(Conflict) as refused:
        require_playable(a_video(status=status))
    assert refused.value.code == "not_playable"


def test_only_a_verified_object_is_processed() -> None:
    """Its ETag identifies the verified version."""
    assert require_uploaded(a_video(status=VideoStatus.UPLOADED)) == ETAG
    with pytest.raises(InvalidTransition):
        require_uploaded(a_video())


def test_a_video_is_visible_to_its_owner_only() -> None:
    """To any other user it looks as if it did not exist."""
    video = a_video()
    assert require_owner(video, OWNER) is video
    with pytest.raises(VideoNotFound) as refused:
        require_owner(video, UserId("eve"))
    assert refused.value.code == "video_not_found"
    assert VIDEO_ID not in refused.value.detail


@pytest.mark.parametrize(
    ("video", "is_closed"),
    [
        (a_video(), False),
        (a_video(status=VideoStatus.FAILED), False),
        (CLOSED, True),
        (a_video(status=VideoStatus.UPLOADED).upload_closed(CANCELLED, now=NOW), True),
    ],
)
def test_an_unsuccessful_upload_is_closed(video: Video, *, is_closed: bool) -> None:
    """A later failure does not close the upload."""
    assert video.is_upload_closed is is_closed
    if not is_closed:
        assert require_open_upload(video) is video
        return
    for require in (require_open_upload, require_uploading, require_cancellable):
        with pytest.raises(Conflict) as refused:
            require(video)
        assert refused.value.code == "upload_closed"


@pytest.mark.parametrize("status", VideoStatus)
def test_an_upload_goes_on_until_it_is_complete(status: VideoStatus) -> None:
    """A complete upload accepts nothing more, and can be cancelled until processing begins."""
    video = a_video(status=status)
    if status is VideoStatus.UPLOADING:
        assert require_uploading(video) is video
    else:
        with pytest.raises(Conflict) as refused:
            require_uploading(video)
        assert refused.value.code == "upload_completed"
    if status in {VideoStatus.UPLOADING, VideoStatus.UPLOADED}:
        assert require_cancellable(video) is video
        return
    with pytest.raises(Conflict) as refused:
        require_cancellable(video)
    assert refused.value.code == "processing_begun"


def test_a_playable_video_cannot_be_cancelled() -> None:
    """Even if it is about to be transcribed again."""
    video = replace(a_video(status=VideoStatus.UPLOADED), publication=a_publication())
    with pytest.raises(Conflict) as refused:
        require_cancellable(video)
    assert refused.value.code == "processing_begun"
