"""What an HTTP status of the transcriber, or the lack of any, means to us."""

from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx
import msgspec

from domain.model.errors import Rejected, TelecineError, Unavailable

MAX_RETRY_AFTER_S = 86_400.0

_UNAUTHORIZED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_PASSING = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS})
_QUOTA = "insufficient_quota"


class _Problem(msgspec.Struct):
    code: str | None = None
    type: str | None = None


class _Refusal(msgspec.Struct):
    error: _Problem


def failure_of(response: httpx.Response, body: bytes, now: datetime) -> TelecineError:
    """The error that a status other than 2xx stands for.

    Nothing from the body gets into the text: OpenAI repeats a part of a wrong key in its message.
    """
    status = response.status_code
    if status in _UNAUTHORIZED:
        return _final(f"The transcriber refuses our credentials ({status}).", "transcriber_unauthorized")
    if status == HTTPStatus.TOO_MANY_REQUESTS and _is_out_of_quota(body):
        return _final("The quota at the transcriber is used up.", _QUOTA)
    if status in _PASSING or response.is_server_error:
        return Unavailable(
            f"The transcriber can't answer now ({status}).",
            code="transcriber_unavailable",
            retry_after_s=retry_after_s(response.headers.get("Retry-After", ""), now),
        )
    if response.is_client_error:
        return Rejected(f"The transcriber refuses this chunk ({status}).", code="transcription_rejected")
    return Unavailable(
        f"The transcriber's answer has a status we don't follow ({status}).", code="transcriber_invalid_answer"
    )


def misconfigured() -> Unavailable:
    """The error for a request that can't even be sent, such as one to a URL without a host."""
    return _final("The transcriber's URL or key is one that can't be sent to.", "transcriber_misconfigured")


def retry_after_s(header: str, now: datetime) -> float | None:
    """Seconds to wait by `Retry-After` (RFC 9110, 10.2.3): a number or a date; None when it is neither."""
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
        problem = msgspec.json.decode(body, type=_Refusal).error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return _QUOTA in {problem.code, problem.type}
