"""Errors of the S3 dialect of uploads: S3's codes for the errors of the application."""

from typing import Any

import structlog
from litestar import Request, Response

from domain.model.errors import Conflict, NotFound, QuotaExceeded, Rejected, TelecineError, Unauthenticated, Unavailable
from entrypoints.http.errors.codes import UNAVAILABLE_DETAIL
from entrypoints.http.errors.problems import headers_of, problem_of
from entrypoints.http.uploads.s3_dialect_documents import error as error_document

_ACCESS_DENIED = (403, "AccessDenied")
_NO_SUCH_UPLOAD = (404, "NoSuchUpload")
_INVALID_PART = (400, "InvalidPart")

# Codes of https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, by the code of the JSON API.
_S3_ERRORS = {
    "upload_closed": _NO_SUCH_UPLOAD,
    "not_multipart": _NO_SUCH_UPLOAD,
    "imported_video": _NO_SUCH_UPLOAD,
    "upload_incomplete": _INVALID_PART,
    "part_size_mismatch": _INVALID_PART,
    "invalid_parts": _INVALID_PART,
    "upload_missing": _INVALID_PART,
    "upload_size_mismatch": _INVALID_PART,
    "file_too_large": (400, "EntityTooLarge"),
    "rate_limited": (429, "SlowDown"),
}

# The first class that fits decides, so that a subclass stands before its base.
_BY_CLASS: tuple[tuple[type[TelecineError], tuple[int, str]], ...] = (
    (Unauthenticated, _ACCESS_DENIED),
    (NotFound, _NO_SUCH_UPLOAD),
    (Conflict, (409, "OperationAborted")),
    (QuotaExceeded, (403, "QuotaExceeded")),
    (Rejected, (400, "InvalidRequest")),
    (Unavailable, (503, "ServiceUnavailable")),
)

_logger = structlog.get_logger(__name__)


def _s3_error_of(error: TelecineError) -> tuple[int, str]:
    """The HTTP status and the code that S3 has for this error."""
    if error.code in _S3_ERRORS:
        return _S3_ERRORS[error.code]
    return next((found for kind, found in _BY_CLASS if isinstance(error, kind)), (400, "InvalidRequest"))


def _on_telecine_error(_request: Request[Any, Any, Any], error: TelecineError) -> Response[str]:
    status, code = _s3_error_of(error)
    structlog.contextvars.bind_contextvars(code=error.code)
    detail, reason = error.detail, error.code
    if isinstance(error, Unavailable):
        # As in the JSON API, the exact cause is for the operator only.
        structlog.contextvars.bind_contextvars(detail=error.detail)
        detail, reason = UNAVAILABLE_DETAIL, problem_of(error).code
    headers = {name: value for name, value in headers_of(error).items() if name != "WWW-Authenticate"}
    return error_document(status, code, detail, reason=reason, headers=headers)


def _on_unexpected_error(_request: Request[Any, Any, Any], error: Exception) -> Response[str]:
    _logger.error("request_failed", exc_info=error)
    detail = "An unexpected error occurred; the server's log has the details."
    return error_document(500, "InternalError", detail, reason="internal_error", headers={})


S3_EXCEPTION_HANDLERS: dict[int | type[Exception], Any] = {
    TelecineError: _on_telecine_error,
    Exception: _on_unexpected_error,
}
