"""Translates failed requests to the transcriber into domain errors."""

from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx
import msgspec

from domain.model.errors import Rejected, TelecineError, Unavailable

MAX_RETRY_AFTER_S = 86_400.0

_UNAUTHORIZED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_TRANSIENT = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS})
_QUOTA = "insufficient_quota"


class _Error(msgspec.Struct):
    code: str | None = None
    type: str | None = None


class _ErrorBody(msgspec.Struct):
    error: _Error


def failure_of(response: httpx.Response, body: bytes, now: datetime) -> TelecineError:
    """The error for a status other than 2xx.

    It quotes nothing from the body: OpenAI's message repeats a part of a wrong key.
    """
    status = response.status_code
    if status in _UNAUTHORIZED:
        return _final(f"The transcriber rejected the credentials ({status}).", "transcriber_unauthorized")
    if status == HTTPStatus.TOO_MANY_REQUESTS and _is_out_of_quota(body):
        return _final("The quota at the transcriber is used up.", _QUOTA)
    if status in _TRANSIENT or response.is_server_error:
        return Unavailable(
            f"The transcriber is unavailable ({status}).",
            code="transcriber_unavailable",
            retry_after_s=retry_after_s(response.headers.get("Retry-After", ""), now),
        )
    if response.is_client_error:
        return Rejected(f"The transcriber rejected this chunk ({status}).", code="transcription_rejected")
    return Unavailable(
        f"The transcriber's response has an unexpected status ({status}).", code="transcriber_invalid_answer"
    )


def misconfigured() -> Unavailable:
    """The error for a request that cannot be sent, such as one to a URL without a host."""
    return _final("The transcriber's URL or API key cannot be used in a request.", "transcriber_misconfigured")


def retry_after_s(header: str, now: datetime) -> float | None:
    """Seconds to wait by `Retry-After` (RFC 9110, 10.2.3), a number or a date; None if it is neither."""
    if header.isascii() and header.isdigit():
        return min(float(header), MAX_RETRY_AFTER_S)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return min(max((moment - now).total_seconds(), 0.0), MAX_RETRY_AFTER_S)


def _final(detail: str, code: str) -> Unavailable:
    return Unavailable(detail, code=code, retryable=False)


def _is_out_of_quota(body: bytes) -> bool:
    try:
        problem = msgspec.json.decode(body, type=_ErrorBody).error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return _QUOTA in {problem.code, problem.type}
