"""The runs of a video's transcription."""

import pytest

from domain.model.jobs.job import Job, JobState
from domain.model.jobs.payloads import JobPayload, ProcessPayload, RetranscribePayload, TranscribePayload
from domain.model.jobs.transcription_runs import audio_key, is_in_progress, latest_run, run_of, speech_tracks
from domain.model.object_key import DerivedKeys, ObjectKey
from domain.model.retention.retained_objects import retained_keys
from domain.model.videos.lifecycle import VideoStatus
from tests.support.builders import OWNER, VIDEO_ID, a_job, a_publication, a_span, a_video

FIRST = DerivedKeys(OWNER, VIDEO_ID, fence=1).audio
SECOND = DerivedKeys(OWNER, VIDEO_ID, fence=1).audio_of_run(1)


def transcription_job(key: ObjectKey, state: JobState, run: int) -> Job:
    """A transcription job of this run."""
    return a_job(payload=TranscribePayload(key, (a_span(),), run), state=state)


def test_each_run_has_its_number() -> None:
    """Other jobs belong to no run."""
    jobs = [a_job(), transcription_job(FIRST, JobState.DONE, 0), a_job(payload=RetranscribePayload(1))]
    assert [run_of(job) for job in jobs] == [None, 0, 1]
    assert (latest_run(jobs), latest_run(jobs[:1])) == (1, 0)


@pytest.mark.parametrize(
    ("payload", "state", "expected"),
    [
        (TranscribePayload(FIRST, ()), JobState.QUEUED, True),
        (RetranscribePayload(1), JobState.RUNNING, True),
        (TranscribePayload(FIRST, ()), JobState.DEAD, False),
        (RetranscribePayload(1), JobState.DONE, False),
        (ProcessPayload(), JobState.RUNNING, False),
    ],
)
def test_a_run_is_under_way_while_a_job_of_it_lives(payload: JobPayload, state: JobState, *, expected: bool) -> None:
    """A done or dead job is not under way."""
    assert is_in_progress([a_job(payload=payload, state=state)]) is expected


def test_two_runs_never_share_a_track_key() -> None:
    """Each job counts its own fences, so erasing the first run's track must not erase the second's."""
    video = a_video()
    first, second = a_job(fence=1), a_job(payload=RetranscribePayload(1), fence=1)
    assert (audio_key(video, first), audio_key(video, second)) == (FIRST, SECOND)


def test_every_attempt_may_have_left_a_track() -> None:
    """A job that stores no track has none."""
    video = a_video()
    third = a_job(payload=RetranscribePayload(1), fence=3)
    assert speech_tracks(video, third) == tuple(DerivedKeys(OWNER, VIDEO_ID, n).audio_of_run(1) for n in (1, 2, 3))
    assert speech_tracks(video, transcription_job(FIRST, JobState.DEAD, 0)) == (FIRST,)
    assert speech_tracks(video, a_job()) == ()


@pytest.mark.parametrize(
    ("jobs", "status", "expected"),
    [
        ([transcription_job(FIRST, JobState.QUEUED, 0)], VideoStatus.PROCESSING, [FIRST]),
        ([transcription_job(FIRST, JobState.DONE, 0)], VideoStatus.COMPLETED, []),
        ([transcription_job(FIRST, JobState.DEAD, 0)], VideoStatus.FAILED, [FIRST]),
        ([transcription_job(FIRST, JobState.DEAD, 0)], VideoStatus.PROCESSING, [FIRST]),
        # A completed video is not retried.
        ([transcription_job(FIRST, JobState.DEAD, 0)], VideoStatus.COMPLETED, []),
        # A later run has begun, so the earlier one is not retried.
        (
            [
                transcription_job(FIRST, JobState.DEAD, 0),
                a_job(payload=RetranscribePayload(1), fence=1, state=JobState.RUNNING),
            ],
            VideoStatus.UPLOADED,
            [SECOND],
        ),
        (
            [
                transcription_job(FIRST, JobState.DEAD, 0),
                a_job(payload=RetranscribePayload(1), fence=1, state=JobState.DONE),
                transcription_job(SECOND, JobState.RUNNING, 1),
            ],
            VideoStatus.PROCESSING,
            [SECOND],
        ),
        ([a_job(payload=RetranscribePayload(1), fence=2, state=JobState.DEAD)], VideoStatus.FAILED, []),
    ],
)
def test_a_track_is_needed_while_a_job_may_read_it(
    jobs: list[Job], status: VideoStatus, expected: list[ObjectKey]
) -> None:
    """What is published is needed in any case."""
    publication = a_publication()
    assert retained_keys(a_video(status=status, publication=publication), jobs) == [*publication.keys, *expected]
