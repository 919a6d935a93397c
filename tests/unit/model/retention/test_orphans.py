from dataclasses import replace

import pytest

from domain.model.failure import FailureCode
from domain.model.jobs.job import Job, JobState
from domain.model.jobs.payloads import OpenUpload, TranscribePayload
from domain.model.object_key import DerivedKeys, ObjectKey, source_key
from domain.model.retention.orphans import MAX_UNSUSPICIOUS, Orphans, is_needed, is_upload_needed
from domain.model.retention.retained_objects import retained_keys
from domain.model.stage import StageName
from domain.model.uploads.multipart import MIN_PART_BYTES, MultipartUpload
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video
from tests.support.builders import NOW, OWNER, VIDEO_ID, a_failure, a_job, a_publication, a_source, a_span, a_video

KEYS = DerivedKeys(OWNER, VIDEO_ID, fence=1)
SOURCE = source_key(OWNER, VIDEO_ID, ".mp4")
CLOSED = a_video().upload_closed(a_failure(stage=StageName.UPLOAD, code=FailureCode.UPLOAD_EXPIRED), now=NOW)
IN_PARTS = a_video(source=a_source(multipart=MultipartUpload("upload-1", MIN_PART_BYTES)))


def transcription_job(state: JobState) -> Job:
    """A transcription job in this state."""
    return a_job(payload=TranscribePayload(KEYS.audio, (a_span(),)), state=state)


@pytest.mark.parametrize(
    ("video", "is_kept"),
    [
        (a_video(), True),
        (a_video(status=VideoStatus.UPLOADED), True),
        (a_video(status=VideoStatus.PROCESSING), True),
        (a_video(status=VideoStatus.FAILED), True),
        (a_video(status=VideoStatus.COMPLETED), False),
        (CLOSED, False),
    ],
)
def test_an_original_is_needed_until_the_video_is_playable(video: Video, *, is_kept: bool) -> None:
    """It is not needed if its upload has ended without success; jobs make no difference."""
    for jobs in ([], [a_job(state=JobState.RUNNING)]):
        assert is_needed(SOURCE, video, jobs) is is_kept


@pytest.mark.parametrize(("state", "is_kept"), [(state, state is not JobState.DONE) for state in JobState])
def test_a_speech_track_is_needed_until_it_is_transcribed(state: JobState, *, is_kept: bool) -> None:
    """A dead transcription may be retried."""
    assert is_needed(KEYS.audio, a_video(status=VideoStatus.PROCESSING), [transcription_job(state)]) is is_kept


def test_published_objects_are_needed() -> None:
    """The poster is needed too; the objects of other attempts are not."""
    video = a_video(status=VideoStatus.COMPLETED, publication=a_publication(poster_key=KEYS.poster))
    stale = DerivedKeys(OWNER, VIDEO_ID, fence=7)
    assert [is_needed(key, video, []) for key in (KEYS.rendition, KEYS.poster, stale.rendition, stale.audio)] == [
        True,
        True,
        False,
        False,
    ]
    assert retained_keys(video, [transcription_job(JobState.DONE)]) == [KEYS.rendition, KEYS.poster]


@pytest.mark.parametrize(
    ("state", "is_kept"),
    [(JobState.QUEUED, True), (JobState.RUNNING, True), (JobState.DONE, False), (JobState.DEAD, False)],
)
def test_derived_objects_are_needed_while_an_attempt_may_store_them(state: JobState, *, is_kept: bool) -> None:
    """The attempt will publish or erase it."""
    assert is_needed(KEYS.rendition, a_video(status=VideoStatus.PROCESSING), [a_job(state=state)]) is is_kept


def test_a_multipart_upload_is_needed_by_its_own_video() -> None:
    """This holds while its client may be uploading."""
    upload = OpenUpload(SOURCE, "upload-1")
    assert is_upload_needed(upload, IN_PARTS)
    assert not is_upload_needed(replace(upload, upload_id="upload-2"), IN_PARTS)
    assert not is_upload_needed(upload, a_video())
    assert not is_upload_needed(upload, IN_PARTS.uploaded(etag="x", now=NOW))


@pytest.mark.parametrize(
    ("unknown", "scanned", "is_suspicious"),
    [
        (0, 0, False),
        (0, 50, False),
        (1, 1, True),
        (MAX_UNSUSPICIOUS, MAX_UNSUSPICIOUS + 1, False),
        (MAX_UNSUSPICIOUS + 1, 2 * MAX_UNSUSPICIOUS + 1, True),
        (MAX_UNSUSPICIOUS + 1, 2 * MAX_UNSUSPICIOUS + 2, False),
    ],
)
def test_a_bucket_of_mostly_unknown_videos_is_suspicious(unknown: int, scanned: int, *, is_suspicious: bool) -> None:
    """A few objects of unknown videos are normal, most objects are not; those of known videos are no suspicion."""
    keys = tuple(ObjectKey(str(number)) for number in range(scanned))
    assert Orphans(scanned, keys, (), unknown).is_suspicious is is_suspicious
