from domain.model.jobs.job import Job, JobState
from domain.model.jobs.payloads import OpenUpload, TranscribePayload
from domain.model.object_key import DerivedKeys, derived_prefix, source_key
from domain.model.retention.retained_objects import erase_all, erase_unneeded
from domain.model.uploads.multipart import MIN_PART_BYTES, MultipartUpload
from domain.model.videos.lifecycle import VideoStatus
from tests.support.builders import OWNER, VIDEO_ID, a_job, a_source, a_span, a_video

KEYS = DerivedKeys(OWNER, VIDEO_ID, fence=1)
SOURCE = source_key(OWNER, VIDEO_ID, ".mp4")
IN_PARTS = a_video(source=a_source(multipart=MultipartUpload("upload-1", MIN_PART_BYTES)))


def transcription_job(state: JobState) -> Job:
    """A transcription job in this state."""
    return a_job(payload=TranscribePayload(KEYS.audio, (a_span(),)), state=state)


def test_leftovers_are_what_attempts_up_to_a_fence_have_made() -> None:
    """Retained objects and those of a later attempt stay."""
    video = a_video(status=VideoStatus.COMPLETED)
    payload = erase_unneeded(video, [transcription_job(JobState.QUEUED)], through_fence=2)
    made = [DerivedKeys(OWNER, VIDEO_ID, fence) for fence in (1, 2, 3)]
    assert [payload.concerns(keys.rendition) for keys in made] == [False, True, False]
    assert [payload.concerns(keys.audio) for keys in made] == [False, True, False]
    assert payload.prefixes == (derived_prefix(OWNER, VIDEO_ID),)


def test_erasing_everything_covers_all_objects_of_a_video() -> None:
    """The objects of every attempt and the multipart upload are erased."""
    payload = erase_all(IN_PARTS)
    assert (payload.keys, payload.uploads) == ((SOURCE,), (OpenUpload(SOURCE, "upload-1"),))
    assert payload.concerns(DerivedKeys(OWNER, VIDEO_ID, fence=9**9).rendition)
    assert erase_all(a_video()).uploads == ()
