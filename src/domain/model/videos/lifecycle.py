"""The video lifecycle: the five public statuses and the table of transitions between them."""

from enum import StrEnum

from domain.model.errors import InvalidTransition


class VideoStatus(StrEnum):
    """The status that clients see; stages, failure and warnings give the details."""

    UPLOADING = "uploading"
    UPLOADED = "uploaded"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"

    @property
    def is_terminal(self) -> bool:
        """Whether the status changes no more without a request."""
        return self in {VideoStatus.COMPLETED, VideoStatus.FAILED}


class LifecycleEvent(StrEnum):
    """An event that may change a video's status."""

    UPLOAD_COMPLETED = "upload_completed"
    UPLOAD_FAILED = "upload_failed"
    UPLOAD_CANCELLED = "upload_cancelled"
    UPLOAD_EXPIRED = "upload_expired"
    PROCESSING_STARTED = "processing_started"
    PROCESSING_COMPLETED = "processing_completed"
    PROCESSING_FAILED = "processing_failed"
    RETRIED = "retried"
    IMPORT_RETRIED = "import_retried"


TRANSITIONS: dict[tuple[VideoStatus, LifecycleEvent], VideoStatus] = {
    (VideoStatus.UPLOADING, LifecycleEvent.UPLOAD_COMPLETED): VideoStatus.UPLOADED,
    (VideoStatus.UPLOADING, LifecycleEvent.UPLOAD_FAILED): VideoStatus.FAILED,
    (VideoStatus.UPLOADING, LifecycleEvent.UPLOAD_CANCELLED): VideoStatus.FAILED,
    (VideoStatus.UPLOADING, LifecycleEvent.UPLOAD_EXPIRED): VideoStatus.FAILED,
    (VideoStatus.UPLOADED, LifecycleEvent.UPLOAD_CANCELLED): VideoStatus.FAILED,
    (VideoStatus.UPLOADED, LifecycleEvent.PROCESSING_STARTED): VideoStatus.PROCESSING,
    (VideoStatus.UPLOADED, LifecycleEvent.PROCESSING_FAILED): VideoStatus.FAILED,
    (VideoStatus.PROCESSING, LifecycleEvent.PROCESSING_COMPLETED): VideoStatus.COMPLETED,
    (VideoStatus.PROCESSING, LifecycleEvent.PROCESSING_FAILED): VideoStatus.FAILED,
    (VideoStatus.FAILED, LifecycleEvent.RETRIED): VideoStatus.UPLOADED,
    (VideoStatus.FAILED, LifecycleEvent.IMPORT_RETRIED): VideoStatus.UPLOADING,
}


def next_status(status: VideoStatus, event: LifecycleEvent) -> VideoStatus:
    """The status after the event.

    Raises:
        InvalidTransition: the table has no such transition.
    """
    try:
        return TRANSITIONS[status, event]
    except KeyError:
        raise InvalidTransition(f"The status `{status}` does not allow `{event}`.") from None
