"""Interprets the responses of the API and of the bucket."""

import re
import time
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from domain.model.errors import TelecineError

_S3_CODE = re.compile(r"<Code>([^<]+)</Code>")
_S3_MESSAGE = re.compile(r"<Message>([^<]+)</Message>")


class ErrorResponse(TelecineError):
    """A response with an error status; `retry_after_s` is set if the response has `Retry-After`."""

    code = "unexpected_answer"

    def __init__(
        self, detail: str, *, status: int, code: str | None = None, retry_after_s: float | None = None
    ) -> None:
        super().__init__(detail, code=code)
        self.status = status
        self.retry_after_s = retry_after_s


def checked(answer: httpx.Response) -> httpx.Response:
    """The response, if it is successful.

    Raises:
        Refused: the error of the response, in the format of our API or of S3.
    """
    if answer.is_success:
        return answer
    code, detail = _problem_of(answer)
    raise ErrorResponse(detail, status=answer.status_code, code=code, retry_after_s=_retry_after_s(answer))


def parsed(answer: httpx.Response) -> dict[str, Any]:
    """The JSON body of the response."""
    try:
        body: dict[str, Any] = answer.json()
    except ValueError as error:
        raise TelecineError("The response is not JSON; is the server Telecine?", code="unexpected_answer") from error
    return body


def _problem_of(answer: httpx.Response) -> tuple[str | None, str]:
    """The code and the detail of an error response."""
    if answer.headers.get("content-type", "").startswith("application/problem+json"):
        problem = parsed(answer)
        return problem["code"], problem["detail"]
    if code := _S3_CODE.search(answer.text):
        message = _S3_MESSAGE.search(answer.text)
        return code[1], message[1] if message else f"The bucket answered {answer.status_code}."
    return None, f"The server answered {answer.status_code}."


def _retry_after_s(answer: httpx.Response) -> float | None:
    """`Retry-After` in seconds from now; the header has seconds or a date (RFC 9110, 10.2.3)."""
    text = answer.headers.get("retry-after", "")
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except ValueError:
        return None
