"""What a bucket's errors mean: retried at once, retried by the job, or final."""

import pytest

from adapters.s3.errors import Interrupted, OutOfRange, response_error
from domain.model.errors import NotFound, ObjectChanged, Rejected, TelecineError, Unavailable
from domain.model.object_key import ObjectKey

KEY = ObjectKey("videos/ann/1.mp4")


@pytest.mark.parametrize(
    ("status", "code", "ours"),
    [
        (408, "408", "storage_unavailable"),
        (408, "RequestTimeout", "storage_unavailable"),
        (409, "409", "storage_unavailable"),
        (409, "", "storage_unavailable"),
        (409, "OperationAborted", "storage_unavailable"),
        (409, "ConditionalRequestConflict", "storage_unavailable"),
        (200, "OperationAborted", "storage_unavailable"),
        (423, "423", "storage_unavailable"),
        (425, "425", "storage_unavailable"),
        (429, "429", "storage_throttled"),
    ],
)
def test_brief_failures_are_retried_in_the_same_call(status: int, code: str, ours: str) -> None:
    """The client library does not retry these, but the next request may succeed."""
    error = response_error(status, code, KEY)
    assert isinstance(error, Interrupted)
    assert (error.code, error.retryable) == (ours, True)


@pytest.mark.parametrize(
    ("status", "code", "ours"),
    [
        (301, "PermanentRedirect", "storage_misconfigured"),
        (302, "302", "storage_misconfigured"),
        (400, "AuthorizationHeaderMalformed", "storage_misconfigured"),
        (400, "400", "storage_refused"),
        (403, "AccessDenied", "storage_denied"),
        (405, "MethodNotAllowed", "storage_refused"),
        (409, "InvalidBucketState", "storage_refused"),
    ],
)
def test_errors_for_the_operator_are_retried_by_the_job(status: int, code: str, ours: str) -> None:
    """The job's back-off waits; another request at once would not help."""
    error = response_error(status, code, KEY)
    assert isinstance(error, Unavailable)
    assert not isinstance(error, Interrupted)
    assert (error.code, error.retryable) == (ours, True)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (412, "PreconditionFailed", ObjectChanged),
        (416, "InvalidRange", OutOfRange),
        (400, "InvalidPart", Rejected),
        (404, "NoSuchUpload", NotFound),
    ],
)
def test_errors_of_the_object_are_final(status: int, code: str, kind: type[TelecineError]) -> None:
    """Waiting would not change it."""
    error = response_error(status, code, KEY)
    assert isinstance(error, kind)
    assert not getattr(error, "retryable", False)
