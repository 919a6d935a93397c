"""Jobs that make the poster which an owner has chosen."""

from collections.abc import Iterable, Iterator

from domain.model.jobs.job import Job
from domain.model.jobs.payloads import PosterPayload
from domain.model.jobs.transcription_runs import LIVE
from domain.model.object_key import DerivedKeys, ObjectKey
from domain.model.videos.video import Video


def poster_in_progress(jobs: Iterable[Job]) -> PosterPayload | None:
    """What a queued or running job is making; None if there is none."""
    payloads = (job.payload for job in jobs if job.state in LIVE)
    return next((payload for payload in payloads if isinstance(payload, PosterPayload)), None)


def poster_key(video: Video, job: Job) -> ObjectKey:
    """The key under which this attempt stores the poster."""
    return DerivedKeys(video.owner, video.id, job.fence).chosen_poster(job.id)


def earlier_posters(video: Video, job: Job) -> tuple[ObjectKey, ...]:
    """The keys under which earlier attempts may have stored the poster."""
    return tuple(DerivedKeys(video.owner, video.id, fence).chosen_poster(job.id) for fence in range(1, job.fence))


def posters_in_progress(video: Video, jobs: Iterable[Job]) -> Iterator[ObjectKey]:
    """The keys under which the latest attempts of live jobs may have stored a poster that is not published yet."""
    for job in jobs:
        if isinstance(job.payload, PosterPayload) and job.state in LIVE:
            yield poster_key(video, job)
