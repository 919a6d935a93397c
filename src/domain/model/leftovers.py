"""What a video's attempts have stored and nobody needs."""

from collections.abc import Iterable

from domain.model.job import ErasePayload, Job, JobState, TranscribePayload
from domain.model.object_key import derived_prefix
from domain.model.video import Video


def leftovers(video: Video, jobs: Iterable[Job]) -> ErasePayload:
    """All that was made from the video, save what is published and the speech track that is still to be heard."""
    audio_keys = [
        job.payload.audio_key
        for job in jobs
        if isinstance(job.payload, TranscribePayload) and job.state is not JobState.DONE
    ]
    published = [video.publication.key, video.publication.poster_key] if video.publication is not None else []
    keep = tuple(key for key in (*published, *audio_keys) if key is not None)
    return ErasePayload(prefixes=(derived_prefix(video.owner, video.id),), keep=keep)
