"""The video lifecycle: five public statuses and the one table of steps between them."""

from enum import StrEnum

from domain.model.errors import InvalidTransition


class VideoStatus(StrEnum):
    """What a client sees; everything finer is in stages, failure and warnings."""

    UPLOADING = "uploading"
    UPLOADED = "uploaded"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"

    @property
    def is_terminal(self) -> bool:
        """Nothing more will happen by itself."""
        return self in {VideoStatus.COMPLETED, VideoStatus.FAILED}


class LifecycleEvent(StrEnum):
    """What may happen to a video."""

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
    """Where the event leads from here.

    Raises:
        InvalidTransition: the table has no such step.
    """
    try:
        return TRANSITIONS[status, event]
    except KeyError:
        raise InvalidTransition(f"A video that is {status} can't take {event}.") from None
