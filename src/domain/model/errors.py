"""The error tree; each error has a stable `code` that clients and operators may rely on."""

from collections.abc import Generator
from contextlib import contextmanager


class TelecineError(Exception):
    """Something the core can name; `code` is stable, `detail` is for people."""

    code = "error"

    def __init__(self, detail: str, *, code: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        if code is not None:
            self.code = code


class NotFound(TelecineError):
    """The thing asked for is not there, or not the asker's to see."""

    code = "not_found"


class VideoNotFound(NotFound):
    """No video has this id, or it belongs to somebody else: the two look the same."""

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


class ObjectNotFound(NotFound):
    """The bucket has no object under this key."""

    code = "object_not_found"

    def __init__(self, key: str) -> None:
        super().__init__(f"No object under {key!r}.")
        self.key = key


class Gone(TelecineError):
    """It was there once, and its operator has taken it away."""

    code = "gone"


class Conflict(TelecineError):
    """The request is sound, but the present state does not allow it."""

    code = "conflict"


class OwnCaptions(Conflict):
    """The video has captions that its owner has given: no transcription replaces them."""

    code = "own_captions"

    def __init__(self) -> None:
        super().__init__("This video has captions of its own; delete them to have its speech transcribed.")


class InvalidTransition(Conflict):
    """The lifecycle has no such step from the present status."""

    code = "invalid_transition"


class AlreadyExists(Conflict):
    """A row with this id is there already."""

    code = "already_exists"


class JobUnavailable(Conflict):
    """The job can't be claimed: it is held, done, dead, not yet due, or gone."""

    code = "job_unavailable"

    def __init__(self) -> None:
        super().__init__("The job is not to be had now.")


class LeaseLost(Conflict):
    """The fence has moved on: another worker holds the job, or its video was deleted. Stop and write nothing."""

    code = "lease_lost"

    def __init__(self) -> None:
        super().__init__("The lease is lost.")


class ObjectChanged(Conflict):
    """The object under the key is no longer the one that was recorded (its ETag differs)."""

    code = "object_changed"

    def __init__(self, key: str) -> None:
        super().__init__(f"The object under {key!r} is no longer the one that was recorded.")
        self.key = key


class Rejected(TelecineError):
    """The input can't be accepted, however often it is sent."""

    code = "rejected"


class Unauthenticated(Rejected):
    """The caller did not prove who they are."""

    code = "unauthenticated"


class Forbidden(Rejected):
    """The caller proved who they are, but their token is not for this; `scope` is what it lacks."""

    code = "insufficient_scope"

    def __init__(self, scope: str) -> None:
        super().__init__(f"The token is without the scope {scope}.")
        self.scope = scope


class MediaRejected(Rejected):
    """The media is not something we take; the code says why."""

    code = "not_a_video"


class CompressionFailed(Rejected):
    """The source could not be turned into a proven rendition; the source is untouched."""

    code = "compression_failed"


class QuotaExceeded(Rejected):
    """The caller has taken up what they may; `retry_after_s`, where it is known, says when there will be room."""

    code = "quota_exceeded"

    def __init__(self, detail: str, *, code: str | None = None, retry_after_s: float | None = None) -> None:
        super().__init__(detail, code=code)
        self.retry_after_s = retry_after_s


class TooManyRequests(Rejected):
    """The caller asks too often; when `retry_after_s` have passed they may again."""

    code = "rate_limited"

    def __init__(self, detail: str, *, retry_after_s: float) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class Unavailable(TelecineError):
    """Something outside did not do its part; `retryable` says whether trying again may help."""

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


class UnreadableAnswer(Unavailable):
    """The transcriber has answered, and may want to be paid, but nobody can tell what it says."""

    code = "transcriber_invalid_answer"


@contextmanager
def first_error() -> Generator[None]:
    """Raise the first error of a task group in the block instead of the group: that error has cancelled the others."""
    try:
        yield
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from failures
