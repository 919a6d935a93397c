"""What lies in the bucket and nobody needs."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.model.job import Job, JobKind, JobState, OpenUpload
from domain.model.leftovers import needed
from domain.model.lifecycle import VideoStatus
from domain.model.object_key import ObjectKey
from domain.model.video import Video

FEW = 10

_LIVE = frozenset({JobState.QUEUED, JobState.RUNNING})
_STORING = frozenset({JobKind.IMPORT, JobKind.PROCESS})


@dataclass(frozen=True, slots=True)
class Orphans:
    """Objects that no video needs and multipart uploads that no video waits for, of so many objects in the bucket.

    Of so many of the objects the database does not know the video.
    """

    scanned: int
    keys: tuple[ObjectKey, ...]
    uploads: tuple[OpenUpload, ...]
    unknown: int = 0

    @property
    def is_suspicious(self) -> bool:
        """Nothing in the bucket, or less than half of it, is of a video that the database knows: it may be another's.

        A backup that was put back, or another installation's bucket, must not cost the originals.
        """
        return 0 < self.unknown == self.scanned or (self.unknown > FEW and 2 * self.unknown > self.scanned)


def is_needed(key: ObjectKey, video: Video, jobs: Iterable[Job]) -> bool:
    """Whether the video needs this object, or may while somebody works on it.

    - The original is needed until there is something to play, unless its upload came to nothing.
    - Of what was made, what is published, and the speech tracks that are to be heard; and all while an attempt may be
      storing there.
    """
    if key == video.source.key:
        return video.publication is None and not video.is_upload_closed
    known = list(jobs)
    is_in_work = any(job.kind in _STORING and job.state in _LIVE for job in known)
    return is_in_work or key in needed(video, known)


def is_awaited(upload: OpenUpload, video: Video) -> bool:
    """Whether the video's client may still be uploading in these parts."""
    multipart = video.source.multipart
    is_its_own = multipart is not None and multipart.upload_id == upload.upload_id
    return video.status is VideoStatus.UPLOADING and is_its_own
