"""Jobs that make a chosen poster, and the keys of their pictures."""

from dataclasses import replace

import pytest

from domain.model.ids import JobId
from domain.model.jobs.job import JobState
from domain.model.jobs.payloads import PosterPayload
from domain.model.jobs.poster_jobs import earlier_posters, poster_in_progress, poster_key
from domain.model.object_key import DerivedKeys, fence_of, parse_object_key, video_id_of
from domain.model.retention.retained_objects import retained_keys
from tests.support.builders import JOB_ID, OWNER, VIDEO_ID, a_job, a_uuid, a_video

PAYLOAD = PosterPayload(1.5)
VIDEO = a_video()


@pytest.mark.parametrize(
    ("state", "is_live"),
    [(JobState.QUEUED, True), (JobState.RUNNING, True), (JobState.DONE, False), (JobState.DEAD, False)],
)
def test_a_poster_is_kept_while_its_job_lives(state: JobState, *, is_live: bool) -> None:
    """It is stored before it is published, and an erasure of other objects may run in between."""
    job = a_job(payload=PAYLOAD, state=state, fence=2)
    assert poster_in_progress([a_job(), job]) == (PAYLOAD if is_live else None)
    assert retained_keys(VIDEO, [a_job(), job]) == ([poster_key(VIDEO, job)] if is_live else [])


def test_no_two_attempts_share_a_key() -> None:
    """Neither two of one job, nor two of different jobs, nor one with the processing of the video."""
    jobs = [a_job(payload=PAYLOAD, fence=fence) for fence in (1, 2, 3)]
    other = replace(jobs[0], id=JobId(a_uuid(77)))
    keys = [*(poster_key(VIDEO, job) for job in [*jobs, other]), DerivedKeys(OWNER, VIDEO_ID, fence=1).poster]
    assert len(set(keys)) == len(keys)
    assert earlier_posters(VIDEO, jobs[2]) == tuple(keys[:2])
    assert earlier_posters(VIDEO, jobs[0]) == ()


def test_the_key_has_our_format() -> None:
    """So the sweep of orphans finds its video, and an erasure its fence."""
    key = poster_key(VIDEO, a_job(payload=PAYLOAD, fence=4))
    assert parse_object_key(key) == key
    assert (video_id_of(key), fence_of(key)) == (VIDEO_ID, 4)
    assert JOB_ID.replace("-", "") in key
