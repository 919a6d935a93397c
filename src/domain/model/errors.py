"""The error tree. Each error has a stable `code` that clients and operators can rely on."""

from collections.abc import Generator
from contextlib import contextmanager


class TelecineError(Exception):
    """The base class of all Telecine errors: `code` is stable, `detail` is text for people."""

    code = "error"

    def __init__(self, detail: str, *, code: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        if code is not None:
            self.code = code


class NotFound(TelecineError):
    """The requested thing does not exist, or the caller may not see it."""

    code = "not_found"


class VideoNotFound(NotFound):
    """No video has this id, or it belongs to another user; both cases give the same response."""

    code = "video_not_found"

    def __init__(self) -> None:
        super().__init__("No such video.")


class JobNotFound(NotFound):
    """No job has this id."""

    code = "job_not_found"

    def __init__(self) -> None:
        super().__init__("No such job.")


class TranscriptNotFound(NotFound):
    """The video has no transcript, or none yet."""

    code = "transcript_not_found"

    def __init__(self) -> None:
        super().__init__("This video has no transcript (yet).")


class WebhookNotFound(NotFound):
    """No webhook endpoint has this id, or it belongs to another user."""

    code = "webhook_not_found"

    def __init__(self) -> None:
        super().__init__("No such webhook.")


class DeliveryNotFound(NotFound):
    """The webhook endpoint has no delivery with this id, or it was removed."""

    code = "delivery_not_found"

    def __init__(self) -> None:
        super().__init__("No such delivery.")


class ObjectNotFound(NotFound):
    """The bucket has no object under this key."""

    code = "object_not_found"

    def __init__(self, key: str) -> None:
        super().__init__(f"No object under {key!r}.")
        self.key = key


class Gone(TelecineError):
    """The requested operation or object existed once, and the operator has removed it."""

    code = "gone"


class StaleVideo(Exception):
    """A defect of a use case: it saves a video with an event that it has not read in the same transaction.

    No client could act on it, so it has no code.
    """

    def __init__(self, video_id: str) -> None:
        super().__init__(f"Video {video_id} has had another event since it was read.")


class Conflict(TelecineError):
    """The request is valid, but the current state does not allow it."""

    code = "conflict"


class OwnCaptions(Conflict):
    """The video's owner has uploaded captions, which no transcription replaces."""

    code = "own_captions"

    def __init__(self) -> None:
        super().__init__("This video has uploaded captions; delete them to have its speech transcribed.")


class InvalidTransition(Conflict):
    """The lifecycle has no such transition from the current status."""

    code = "invalid_transition"


class AlreadyExists(Conflict):
    """A row with this id already exists."""

    code = "already_exists"


class JobUnavailable(Conflict):
    """The job can't be claimed: it is held by another worker, done, dead, not yet due, or deleted."""

    code = "job_unavailable"

    def __init__(self) -> None:
        super().__init__("The job cannot be claimed.")


class LeaseLost(Conflict):
    """Another worker holds the job, or it has ended or was deleted. The caller must stop and write nothing."""

    code = "lease_lost"

    def __init__(self) -> None:
        super().__init__("The lease is lost.")


class ObjectChanged(Conflict):
    """The object under the key is no longer the recorded one (its ETag differs)."""

    code = "object_changed"

    def __init__(self, key: str) -> None:
        super().__init__(f"The object under {key!r} is no longer the recorded one.")
        self.key = key


class Rejected(TelecineError):
    """The input is not acceptable; sending it again does not help."""

    code = "rejected"


class Unauthenticated(Rejected):
    """The request has no valid credentials."""

    code = "unauthenticated"


class Forbidden(Rejected):
    """The caller is authenticated, but the token lacks the required `scope`."""

    code = "insufficient_scope"

    def __init__(self, scope: str) -> None:
        super().__init__(f"The token lacks the scope {scope}.")
        self.scope = scope


class MediaRejected(Rejected):
    """The media is not accepted; the code says why."""

    code = "not_a_video"


class CompressionFailed(Rejected):
    """The source could not be turned into a verified rendition; the source is unchanged."""

    code = "compression_failed"


class QuotaExceeded(Rejected):
    """The caller's quota is exhausted; `retry_after_s`, if known, says when there will be room again."""

    code = "quota_exceeded"

    def __init__(self, detail: str, *, code: str | None = None, retry_after_s: float | None = None) -> None:
        super().__init__(detail, code=code)
        self.retry_after_s = retry_after_s


class TooManyRequests(Rejected):
    """The caller sends too many requests; it may send the next one after `retry_after_s`."""

    code = "rate_limited"

    def __init__(self, detail: str, *, retry_after_s: float) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class TooManyStreams(TooManyRequests):
    """The caller has as many event streams as it may have on one server."""

    code = "too_many_streams"

    def __init__(self, limit: int) -> None:
        super().__init__(f"No more than {limit} event streams at a time; close one first.", retry_after_s=10.0)


class Unavailable(TelecineError):
    """An external system failed or did not answer; `retryable` says whether a retry may help."""

    code = "unavailable"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        retryable: bool = True,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(detail, code=code)
        self.retryable = retryable
        self.retry_after_s = retry_after_s


class UnreadableResponse(Unavailable):
    """The transcriber has sent a response, which may cost money, but it can't be parsed."""

    code = "transcriber_invalid_answer"


@contextmanager
def first_error() -> Generator[None]:
    """Raise the first error of the task group in the block instead of the group; it has cancelled the other tasks."""
    try:
        yield
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from failures
