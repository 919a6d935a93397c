"""Which of a video's objects are retained, and which are erased."""

from collections.abc import Iterable

from domain.model.jobs.job import Job
from domain.model.jobs.payloads import ErasePayload, OpenUpload
from domain.model.jobs.poster_jobs import posters_in_progress
from domain.model.jobs.transcription_runs import tracks_to_transcribe
from domain.model.object_key import ObjectKey, derived_prefix, import_prefix
from domain.model.videos.video import Video


def erase_unneeded(video: Video, jobs: Iterable[Job], *, through_fence: int) -> ErasePayload:
    """Erase everything that attempts up to this fence have made, except the objects of `retained_keys`."""
    return ErasePayload(
        prefixes=(derived_prefix(video.owner, video.id),),
        keep=tuple(retained_keys(video, jobs)),
        through_fence=through_fence,
    )


def erase_all(video: Video) -> ErasePayload:
    """Erase every object of a video, and its multipart upload.

    For an import, these include the originals of all attempts. The job keeps those that the video needs when it runs.
    """
    source, derived = video.source, derived_prefix(video.owner, video.id)
    if video.is_imported:
        return ErasePayload(prefixes=(derived, import_prefix(video.owner, video.id)))
    uploads = () if source.multipart is None else (OpenUpload(source.key, source.multipart.upload_id),)
    return ErasePayload(keys=(source.key,), prefixes=(derived,), uploads=uploads)


def retained_keys(video: Video, jobs: Iterable[Job]) -> list[ObjectKey]:
    """The retained objects.

    They are what is published of a video, the speech tracks that are still to be transcribed, and the poster that a job
    is making.
    """
    published, known = video.publication.keys if video.publication is not None else (), list(jobs)
    return [*published, *tracks_to_transcribe(video, known), *posters_in_progress(video, known)]
