"""What a video's attempts have stored and nobody needs."""

from collections.abc import Iterable

from domain.model.job import ErasePayload, Job, JobState, OpenUpload, TranscribePayload
from domain.model.object_key import ObjectKey, derived_prefix
from domain.model.video import Video


def leftovers(video: Video, jobs: Iterable[Job], *, through_fence: int) -> ErasePayload:
    """All that attempts up to this fence have made, save what is published and the speech track that is to be heard."""
    return ErasePayload(
        prefixes=(derived_prefix(video.owner, video.id),), keep=tuple(needed(video, jobs)), through_fence=through_fence
    )


def everything(video: Video) -> ErasePayload:
    """All that there is of a video, and its multipart upload."""
    source = video.source
    uploads = () if source.multipart is None else (OpenUpload(source.key, source.multipart.upload_id),)
    return ErasePayload(keys=(source.key,), prefixes=(derived_prefix(video.owner, video.id),), uploads=uploads)


def needed(video: Video, jobs: Iterable[Job]) -> list[ObjectKey]:
    """What is published of a video, and the speech tracks that are still to be heard."""
    audio_keys = [
        job.payload.audio_key
        for job in jobs
        if isinstance(job.payload, TranscribePayload) and job.state is not JobState.DONE
    ]
    published = [video.publication.key, video.publication.poster_key] if video.publication is not None else []
    return [key for key in (*published, *audio_keys) if key is not None]
