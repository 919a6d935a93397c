"""Conditions that a use case requires of a video; each raises an error that names the reason."""

from domain.model.errors import Conflict, InvalidTransition, VideoNotFound
from domain.model.ids import UserId
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.source import Publication
from domain.model.videos.video import Video

UPLOAD_CLOSED = "upload_closed"


def require_owner(video: Video, user_id: UserId) -> Video:
    """The video itself, if it belongs to this user.

    Raises:
        VideoNotFound: it belongs to another user; the error does not reveal that it exists.
    """
    if video.owner != user_id:
        raise VideoNotFound
    return video


def require_uploading(video: Video) -> Video:
    """The video itself, if its client may still upload.

    Raises:
        Conflict: `imported_video`, `upload_closed` or `upload_completed`.
    """
    require_open_upload(require_client(video))
    if video.is_uploaded:
        raise Conflict("This upload is complete.", code="upload_completed")
    return video


def require_client(video: Video) -> Video:
    """The video itself, if a client uploads it.

    Raises:
        Conflict: `imported_video`.
    """
    if video.is_imported:
        raise Conflict("This video is imported by the server; there is nothing to upload.", code="imported_video")
    return video


def require_open_upload(video: Video) -> Video:
    """The video itself, unless its upload has ended without success.

    Raises:
        Conflict: `upload_closed`.
    """
    if video.is_upload_closed:
        raise Conflict("This upload has ended; start a new one.", code=UPLOAD_CLOSED)
    return video


def require_cancellable(video: Video) -> Video:
    """The video itself, if processing has not begun.

    Raises:
        Conflict: `upload_closed` or `processing_begun`.
    """
    require_open_upload(video)
    if video.status not in {VideoStatus.UPLOADING, VideoStatus.UPLOADED} or video.playable:
        raise Conflict("Processing has begun; delete the video instead.", code="processing_begun")
    return video


def require_uploaded(video: Video) -> str:
    """The ETag of the verified object; only that version may be processed.

    Raises:
        InvalidTransition: no object has been verified yet.
    """
    if video.source.etag is None:
        raise InvalidTransition("The upload is not complete.")
    return video.source.etag


def require_playable(video: Video) -> Publication:
    """The published rendition or original.

    Raises:
        Conflict: `not_playable`: nothing can be played yet, or ever.
    """
    if video.publication is None:
        raise Conflict("This video can't be played (yet).", code="not_playable")
    return video.publication
