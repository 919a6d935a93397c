"""Interprets the responses of the API and of the bucket."""

import re
import time
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from telecine_client.errors import ErrorResponse, UnexpectedResponse

_S3_CODE = re.compile(r"<Code>([^<]+)</Code>")
_S3_MESSAGE = re.compile(r"<Message>([^<]+)</Message>")


def require_success(response: httpx.Response) -> httpx.Response:
    """The response, if it is successful.

    Raises:
        ErrorResponse: the error of the response, in the format of our API or of S3.
    """
    if response.is_success:
        return response
    code, detail = _problem_of(response)
    raise ErrorResponse(detail, status=response.status_code, code=code, retry_after_s=retry_after_s(response))


def parse_json(response: httpx.Response) -> dict[str, Any]:
    """The JSON body of the response.

    Raises:
        UnexpectedResponse: the body is not JSON.
    """
    try:
        body: dict[str, Any] = response.json()
    except ValueError as error:
        raise UnexpectedResponse("The response is not JSON; is the server Telecine?") from error
    return body


def _problem_of(response: httpx.Response) -> tuple[str | None, str]:
    """The code and the detail of an error response."""
    if response.headers.get("content-type", "").startswith("application/problem+json"):
        problem = parse_json(response)
        return problem["code"], problem["detail"]
    if code := _S3_CODE.search(response.text):
        message = _S3_MESSAGE.search(response.text)
        return code[1], message[1] if message else f"The bucket answered {response.status_code}."
    return None, f"The server answered {response.status_code}."


def retry_after_s(response: httpx.Response) -> float | None:
    """`Retry-After` in seconds from now; the header has seconds or a date (RFC 9110, 10.2.3)."""
    text = response.headers.get("retry-after", "")
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except ValueError:
        return None
