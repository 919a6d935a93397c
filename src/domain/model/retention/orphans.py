"""Orphans: objects and multipart uploads in the bucket that no video needs."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.model.jobs.job import Job, JobState
from domain.model.jobs.payloads import JobKind, OpenUpload
from domain.model.object_key import ObjectKey
from domain.model.retention.retained_objects import retained_keys
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video

MAX_UNSUSPICIOUS = 10

_LIVE = frozenset({JobState.QUEUED, JobState.RUNNING})
_STORING = frozenset({JobKind.IMPORT, JobKind.PROCESS})


@dataclass(frozen=True, slots=True)
class Orphans:
    """The orphans that one scan of the bucket has found.

    `scanned` is the number of objects with a key in our format; `unknown` is the number of objects whose video is not
    in the database; `keys` and `uploads` are needed by no video.
    """

    scanned: int
    keys: tuple[ObjectKey, ...]
    uploads: tuple[OpenUpload, ...]
    unknown: int = 0

    @property
    def is_suspicious(self) -> bool:
        """Whether all or most objects belong to no known video: the bucket or the database may be the wrong one.

        A restored old backup, or the bucket of another installation, must not cause the loss of originals.
        """
        return 0 < self.unknown == self.scanned or (self.unknown > MAX_UNSUSPICIOUS and 2 * self.unknown > self.scanned)


def is_needed(key: ObjectKey, video: Video, jobs: Iterable[Job]) -> bool:
    """Whether the video needs this object, or may need it while a job is running.

    - The original is needed until the video is playable, unless its upload has ended without success.
    - Of the derived objects, the retained ones are needed; while an attempt may be storing objects, all of them.
    """
    if key == video.source.key:
        return video.publication is None and not video.is_upload_closed
    known = list(jobs)
    is_being_stored = any(job.kind in _STORING and job.state in _LIVE for job in known)
    return is_being_stored or key in retained_keys(video, known)


def is_upload_needed(upload: OpenUpload, video: Video) -> bool:
    """Whether the video's client may still be sending parts to this multipart upload."""
    multipart = video.source.multipart
    is_current = multipart is not None and multipart.upload_id == upload.upload_id
    return video.status is VideoStatus.UPLOADING and is_current
