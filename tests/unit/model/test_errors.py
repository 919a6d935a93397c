import re

import pytest

from domain.model import errors
from domain.model.errors import TelecineError, Unavailable, first_error

WITH_FIXED_TEXT: list[type[errors.VideoNotFound | errors.JobNotFound | errors.TranscriptNotFound]] = [
    errors.VideoNotFound,
    errors.JobNotFound,
    errors.TranscriptNotFound,
]


def _tree(root: type[TelecineError]) -> list[type[TelecineError]]:
    """The error classes of the model; an adapter may define private ones."""
    ours = [child for child in root.__subclasses__() if child.__module__ == errors.__name__]
    return [root, *(error for child in ours for error in _tree(child))]


def test_every_error_has_its_own_stable_code() -> None:
    """Codes are words in lower case, and no two errors share one."""
    codes = [error.code for error in _tree(TelecineError)]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", code) for code in codes)


def test_every_error_of_the_module_is_in_the_tree() -> None:
    """One table maps the branches, so no error may be outside the tree."""
    branches = {errors.NotFound, errors.Gone, errors.Conflict, errors.Rejected, errors.Unavailable}
    ours = {child for child in TelecineError.__subclasses__() if child.__module__ == errors.__name__}
    assert ours == branches


@pytest.mark.parametrize("error", WITH_FIXED_TEXT)
def test_an_error_with_a_fixed_text_keeps_its_code(
    error: type[errors.VideoNotFound | errors.JobNotFound | errors.TranscriptNotFound],
) -> None:
    """The text is for people, the code for programs."""
    raised = error()
    assert raised.detail == str(raised)
    assert raised.detail.endswith(".")
    assert raised.code == error.code


@pytest.mark.parametrize("error", [errors.JobUnavailable, errors.LeaseLost])
def test_a_conflict_over_a_job_keeps_its_code(error: type[errors.JobUnavailable | errors.LeaseLost]) -> None:
    """A worker that gets one of these errors stops."""
    assert error().code == error.code
    assert error().detail.endswith(".")


@pytest.mark.parametrize("error", [errors.ObjectNotFound, errors.ObjectChanged])
def test_an_error_about_an_object_names_its_key(error: type[errors.ObjectNotFound | errors.ObjectChanged]) -> None:
    """Programs read the key; people see it in the text."""
    raised = error("videos/ada/1.mp4")
    assert raised.key == "videos/ada/1.mp4"
    assert "'videos/ada/1.mp4'" in raised.detail


def test_an_error_about_a_scope_names_it() -> None:
    """Programs read the scope; people see it in the text."""
    raised = errors.Forbidden("videos:write")
    assert (raised.scope, raised.code) == ("videos:write", "insufficient_scope")
    assert raised.detail == "The token lacks the scope videos:write."


def test_a_code_of_one_error_does_not_change_its_class() -> None:
    """The class keeps its default code."""
    assert errors.Rejected("No.", code="invalid_filename").code == "invalid_filename"
    assert errors.Rejected("No.").code == "rejected"


def test_unavailable_is_retryable_by_default() -> None:
    """`retryable` is the default; a server's `retry_after_s` is passed on."""
    usual = Unavailable("The bucket did not answer.")
    assert (usual.code, usual.retryable, usual.retry_after_s) == ("unavailable", True, None)
    final = Unavailable("The quota is used up.", code="insufficient_quota", retryable=False, retry_after_s=9.0)
    assert (final.code, final.retryable, final.retry_after_s) == ("insufficient_quota", False, 9.0)


def test_a_quota_error_may_have_a_retry_time() -> None:
    """A rate limit always does."""
    assert errors.QuotaExceeded("Full.").retry_after_s is None
    full = errors.QuotaExceeded("Full.", code="daily_upload_quota_exceeded", retry_after_s=60.0)
    assert (full.code, full.retry_after_s) == ("daily_upload_quota_exceeded", 60.0)
    limited = errors.TooManyRequests("Slower.", retry_after_s=1.5)
    assert (limited.code, limited.retry_after_s) == ("rate_limited", 1.5)


def test_the_first_error_of_a_group_is_raised_alone() -> None:
    """The others are in the group, which is its cause."""
    first, second = Unavailable("first"), Unavailable("second")
    with pytest.raises(Unavailable, match="first") as caught, first_error():
        raise ExceptionGroup("both", [first, second])
    assert caught.value is first
    assert isinstance(caught.value.__cause__, ExceptionGroup)
