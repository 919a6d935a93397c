"""Problem documents: the only table from our errors to HTTP."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.model.errors import (
    Conflict,
    Forbidden,
    InvalidTransition,
    NotFound,
    Rejected,
    TelecineError,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    VideoNotFound,
)
from entrypoints.http.errors.codes import ERROR_CODES
from entrypoints.http.errors.problems import headers_of, problem_of, problem_response, reason_phrase

SRC = Path(__file__).resolve().parents[5] / "src"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (VideoNotFound(), 404, "video_not_found"),
        (NotFound("No."), 404, "not_found"),
        (Conflict("No.", code="not_playable"), 409, "not_playable"),
        (InvalidTransition("No."), 409, "invalid_transition"),
        (Rejected("No."), 422, "rejected"),
        (Rejected("No.", code="upload_missing"), 400, "upload_missing"),
        (Rejected("No.", code="file_too_large"), 413, "file_too_large"),
        (Rejected("No.", code="unsupported_content_type"), 415, "unsupported_content_type"),
        (Unauthenticated("No.", code="token_expired"), 401, "token_expired"),
        (Forbidden("videos:write"), 403, "insufficient_scope"),
        (Unavailable("No."), 503, "unavailable"),
        (Unavailable("No.", code="storage_full"), 507, "storage_full"),
    ],
)
def test_an_error_becomes_its_status(error: TelecineError, status: int, code: str) -> None:
    """The status of its code if that has one, else that of its class."""
    document = problem_of(error)
    assert (document.status, document.code, document.type) == (status, code, f"urn:telecine:problem:{code}")
    assert document.detail == error.detail
    assert document.title


@pytest.mark.parametrize(
    ("status", "phrase"),
    [
        (404, "Not Found"),
        (413, "Content Too Large"),
        (416, "Range Not Satisfiable"),
        (422, "Unprocessable Content"),
        (429, "Too Many Requests"),
    ],
)
def test_a_title_is_the_phrase_of_rfc_9110(status: int, phrase: str) -> None:
    """On every version of Python: the phrases of its own table changed with 3.13."""
    assert reason_phrase(status) == phrase


def _codes() -> Iterator[str]:
    """Every error code in the sources."""
    for source in SRC.rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "code" and isinstance(node.value, ast.Constant):
                yield str(node.value.value)


def test_no_code_leads_to_an_internal_error() -> None:
    """Whatever class carries the code, the status is 4xx, or says that a dependency is unavailable."""
    codes = set(_codes())
    assert "upload_missing" in codes
    for code in codes:
        for error in (NotFound("x", code=code), Conflict("x", code=code), Rejected("x", code=code)):
            assert 400 <= problem_of(error).status < 500 or ERROR_CODES[code].status > 500
        assert problem_of(Unavailable("x", code=code)).status != 500


def test_an_unauthenticated_request_gets_a_challenge() -> None:
    """RFC 6750, section 3."""
    assert headers_of(Unauthenticated("No.", code="token_expired")) == {
        "WWW-Authenticate": 'Bearer error="token_expired"'
    }


def test_a_forbidden_request_gets_the_required_scope() -> None:
    """RFC 6750, section 3.1."""
    assert headers_of(Forbidden("videos:write")) == {
        "WWW-Authenticate": 'Bearer error="insufficient_scope", scope="videos:write"'
    }


@pytest.mark.parametrize(("retry_after_s", "expected"), [(None, "5"), (17.4, "18"), (0.2, "1")])
def test_a_rate_limited_request_gets_retry_after(retry_after_s: float | None, expected: str) -> None:
    """In whole seconds."""
    assert headers_of(Unavailable("No.", retry_after_s=retry_after_s)) == {"Retry-After": expected}


def test_other_errors_need_no_headers() -> None:
    """The document is complete."""
    assert headers_of(VideoNotFound()) == {}


def test_the_answer_carries_the_document() -> None:
    """With its own media type and status."""
    response = problem_response(problem_of(VideoNotFound()), {"X-Test": "1"})
    assert (response.status_code, response.media_type) == (404, "application/problem+json")
    assert response.headers["X-Test"] == "1"


@pytest.mark.parametrize(("retry_after_s", "expected"), [(0.0, "1"), (0.2, "1"), (1.0, "1"), (59.01, "60")])
def test_a_rate_limited_client_gets_a_retry_after(retry_after_s: float, expected: str) -> None:
    """In whole seconds, rounded up, and at least one."""
    error = TooManyRequests("Too often.", retry_after_s=retry_after_s)

    assert (problem_of(error).status, problem_of(error).code) == (429, "rate_limited")
    assert headers_of(error) == {"Retry-After": expected}
