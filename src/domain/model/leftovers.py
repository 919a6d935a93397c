"""What a video's attempts have stored and nobody needs."""

from collections.abc import Iterable

from domain.model.job import ErasePayload, Job, OpenUpload
from domain.model.object_key import ObjectKey, derived_prefix, import_prefix
from domain.model.transcription_runs import tracks_to_be_heard
from domain.model.video import Video


def leftovers(video: Video, jobs: Iterable[Job], *, through_fence: int) -> ErasePayload:
    """All that attempts up to this fence have made, save what is published and the speech track that is to be heard."""
    return ErasePayload(
        prefixes=(derived_prefix(video.owner, video.id),), keep=tuple(needed(video, jobs)), through_fence=through_fence
    )


def everything(video: Video) -> ErasePayload:
    """All that there is of a video, and its multipart upload.

    Of an import that is every attempt's original, but for one that is needed by the time it is to be erased.
    """
    source, made = video.source, derived_prefix(video.owner, video.id)
    if video.is_imported:
        return ErasePayload(prefixes=(made, import_prefix(video.owner, video.id)))
    uploads = () if source.multipart is None else (OpenUpload(source.key, source.multipart.upload_id),)
    return ErasePayload(keys=(source.key,), prefixes=(made,), uploads=uploads)


def needed(video: Video, jobs: Iterable[Job]) -> list[ObjectKey]:
    """What is published of a video, and the speech tracks that are still to be heard."""
    published = video.publication.keys if video.publication is not None else ()
    return [*published, *tracks_to_be_heard(video, list(jobs))]
