"""Turns errors into responses with RFC 9457 problem documents."""

from collections.abc import Mapping
from http import HTTPStatus
from math import ceil
from typing import Annotated, Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from msgspec import Meta

from domain.model.errors import (
    Conflict,
    Forbidden,
    Gone,
    NotFound,
    QuotaExceeded,
    Rejected,
    TelecineError,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
)
from entrypoints.http.errors.codes import ERROR_CODES, UNAVAILABLE_DETAIL

MEDIA_TYPE = "application/problem+json"

_STATUS_BY_CLASS: dict[type[TelecineError], int] = {
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Gone: 410,
    Conflict: 409,
    TooManyRequests: 429,
    Rejected: 422,
    Unavailable: 503,
}

_CODE_BY_STATUS = {
    400: "invalid_request",
    401: "unauthenticated",
    404: "route_not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
    500: "internal_error",
}

# The phrases of RFC 9110 that Python before 3.13 does not have yet: the same document on every version.
_RFC_9110_PHRASES = {413: "Content Too Large", 416: "Range Not Satisfiable", 422: "Unprocessable Content"}

_logger = structlog.get_logger(__name__)


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An error, described for people (`title`, `detail`) and for programs (`code`)."""

    type: Annotated[str, Meta(description="A URN that ends in the code.")]
    title: Annotated[str, Meta(description="The phrase of the HTTP status.")]
    status: Annotated[int, Meta(description="The HTTP status.")]
    detail: Annotated[str, Meta(description="What is wrong with this request, for people; the text may change.")]
    code: Annotated[
        str,
        Meta(
            description="What is wrong, for programs. Later versions may have further codes.",
            extra_json_schema={"extra": {"enum": sorted(ERROR_CODES)}},
        ),
    ]


def reason_phrase(status: int) -> str:
    """The phrase of an HTTP status in RFC 9110."""
    return _RFC_9110_PHRASES.get(status) or HTTPStatus(status).phrase


def problem(status: int, code: str, detail: str) -> Problem:
    """A problem document whose title is the HTTP status phrase."""
    return Problem(
        type=f"urn:telecine:problem:{code}", title=reason_phrase(status), status=status, detail=detail, code=code
    )


def problem_of(error: TelecineError) -> Problem:
    """The problem document of a domain error: the status is that of its code, or else that of its class."""
    known = ERROR_CODES.get(error.code)
    if known is not None:
        return problem(known.status, error.code, error.detail)
    if isinstance(error, Unavailable):
        # Clients cannot act on the exact cause, so they get one code for all; the log has the exact code.
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", error.detail)
    status = next(status for kind, status in _STATUS_BY_CLASS.items() if isinstance(error, kind))
    return problem(status, error.code, error.detail)


def headers_of(error: TelecineError) -> dict[str, str]:
    """The headers that HTTP requires with the document: `WWW-Authenticate` or `Retry-After`."""
    if isinstance(error, Unauthenticated):
        return {"WWW-Authenticate": f'Bearer error="{error.code}"'}
    if isinstance(error, Forbidden):
        return {"WWW-Authenticate": f'Bearer error="{error.code}", scope="{error.scope}"'}
    if isinstance(error, QuotaExceeded):
        return {} if error.retry_after_s is None else {"Retry-After": str(ceil(error.retry_after_s))}
    if isinstance(error, TooManyRequests):
        return {"Retry-After": str(max(1, ceil(error.retry_after_s)))}
    if isinstance(error, Unavailable):
        return {"Retry-After": str(ceil(error.retry_after_s or 5))}
    return {}


def problem_response(document: Problem, headers: Mapping[str, str] | None = None) -> Response[Problem]:
    """A problem document as a response; its code is added to the request's log line."""
    structlog.contextvars.bind_contextvars(code=document.code)
    return Response(document, status_code=document.status, media_type=MEDIA_TYPE, headers=dict(headers or {}))


def _on_telecine_error(_request: Request[Any, Any, Any], error: TelecineError) -> Response[Problem]:
    if not isinstance(error, Unavailable):
        return problem_response(problem_of(error), headers_of(error))
    # The detail is for the operator, so it goes into the request's log line; the client can only retry.
    structlog.contextvars.bind_contextvars(code=error.code, detail=error.detail)
    document = problem_of(error)
    return problem_response(msgspec.structs.replace(document, detail=UNAVAILABLE_DETAIL), headers_of(error))


def _on_validation_error(_request: Request[Any, Any, Any], error: ValidationException) -> Response[Problem]:
    return problem_response(problem(400, "invalid_request", _validation_detail(error)))


def _on_http_error(_request: Request[Any, Any, Any], error: HTTPException) -> Response[Problem]:
    code = _CODE_BY_STATUS.get(error.status_code, "http_error")
    return problem_response(problem(error.status_code, code, error.detail), error.headers)


def _on_unexpected_error(_request: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    _logger.error("request_failed", exc_info=error)
    return problem_response(
        problem(500, "internal_error", "An unexpected error occurred; the server's log has the details.")
    )


def _validation_detail(error: ValidationException) -> str:
    """Which field is wrong and why, without the value that was sent."""
    extra = error.extra
    if not isinstance(extra, list):
        return error.detail
    reasons = [f"{entry['key']}: {entry['message']}" if entry.get("key") else str(entry["message"]) for entry in extra]
    return "; ".join(reasons) or error.detail


EXCEPTION_HANDLERS: dict[int | type[Exception], Any] = {
    TelecineError: _on_telecine_error,
    ValidationException: _on_validation_error,
    HTTPException: _on_http_error,
    Exception: _on_unexpected_error,
}
