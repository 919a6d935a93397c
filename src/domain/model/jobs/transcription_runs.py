"""The transcription runs of a video: the first one, and one more for each regeneration."""

from collections.abc import Collection, Iterator

from domain.model.jobs.job import Job, JobState
from domain.model.jobs.payloads import RetranscribePayload, TranscribePayload
from domain.model.object_key import DerivedKeys, ObjectKey
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video

LIVE = frozenset({JobState.QUEUED, JobState.RUNNING})


def run_of(job: Job) -> int | None:
    """The run that a job belongs to; None if it is no transcription job."""
    return job.payload.run if isinstance(job.payload, TranscribePayload | RetranscribePayload) else None


def latest_run(jobs: Collection[Job]) -> int:
    """The number of the latest run; failed jobs of earlier runs are never retried."""
    return max((run for job in jobs if (run := run_of(job)) is not None), default=0)


def is_in_progress(jobs: Collection[Job]) -> bool:
    """Whether a transcription job is queued or running."""
    return any(run_of(job) is not None and job.state in LIVE for job in jobs)


def audio_key(video: Video, job: Job) -> ObjectKey:
    """The key under which this attempt stores the speech track that it extracts."""
    keys = DerivedKeys(video.owner, video.id, job.fence)
    return keys.audio_of_run(job.payload.run) if isinstance(job.payload, RetranscribePayload) else keys.audio


def speech_tracks(video: Video, job: Job) -> tuple[ObjectKey, ...]:
    """The track that a `transcribe` job reads, or the tracks that attempts at a `retranscribe` job may have stored."""
    payload = job.payload
    if isinstance(payload, TranscribePayload):
        return (payload.audio_key,)
    if isinstance(payload, RetranscribePayload):
        fences = range(1, job.fence + 1)
        return tuple(DerivedKeys(video.owner, video.id, fence).audio_of_run(payload.run) for fence in fences)
    return ()


def failed_runs(jobs: Collection[Job]) -> list[Job]:
    """The dead transcription jobs, whose chunks and tracks a retry would use."""
    return [job for job in jobs if job.state is JobState.DEAD and run_of(job) is not None]


def tracks_to_transcribe(video: Video, jobs: Collection[Job]) -> Iterator[ObjectKey]:
    """The speech tracks that queued, running or retryable jobs of the latest run need.

    A completed video can't be retried: its transcript is regenerated from the published file.
    """
    run = latest_run(jobs)
    for job in jobs:
        if isinstance(job.payload, RetranscribePayload) and job.state in LIVE:
            yield audio_key(video, job)
        elif isinstance(job.payload, TranscribePayload) and job.payload.run == run and _may_go_on(video, job):
            yield job.payload.audio_key


def _may_go_on(video: Video, job: Job) -> bool:
    return job.state in LIVE or (job.state is JobState.DEAD and video.status is not VideoStatus.COMPLETED)
