"""Translates errors of the bucket, the network and the local disk into domain errors."""

import asyncio
import errno
import re
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from http import HTTPStatus

import aiohttp
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 - botocore's own
    HTTPClientError,
    IncompleteReadError,
    ParamValidationError,
    ResponseStreamingError,
)
from botocore.parsers import ResponseParserError

from domain.model.errors import NotFound, ObjectChanged, ObjectNotFound, Rejected, TelecineError, Unavailable
from domain.model.object_key import ObjectKey

_UNREACHABLE = (ConnectionError, HTTPClientError, ResponseParserError, aiohttp.ClientError, TimeoutError)
_BROKEN = (IncompleteReadError, ResponseStreamingError, aiohttp.ClientPayloadError)
_NO_CODE = "404"  # botocore's code for a response without a body.
_SAFE_CODE = re.compile(r"[A-Za-z0-9]{1,64}")

_THROTTLED = frozenset({"SlowDown", "Throttling", "TooManyRequests"})
_CONFLICTING = frozenset({"ConditionalRequestConflict", "OperationAborted"})
_BUSY = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.LOCKED, HTTPStatus.TOO_EARLY})
_DAMAGED_IN_TRANSIT = frozenset({"BadDigest", "IncompleteBody", "RequestTimeout", "XAmzContentSHA256Mismatch"})
_INVALID_PARTS = frozenset({"InvalidPart", "InvalidPartOrder", "EntityTooSmall"})
_REDIRECTED = frozenset({"AuthorizationHeaderMalformed", "PermanentRedirect", "TemporaryRedirect"})
_UNKNOWN_KEYS = frozenset({"InvalidAccessKeyId", "SignatureDoesNotMatch", "Unauthorized"})
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})

ErrorTypes = tuple[type[BaseException], ...]
FOREIGN: ErrorTypes = (BotoCoreError, ClientError, *_UNREACHABLE)


class Interrupted(Unavailable):
    """A brief failure that the client library does not retry; the same call may try again."""


class OutOfRange(Unavailable):
    """The object ends before the range begins."""


@contextmanager
def translate_errors(key: ObjectKey | None = None) -> Generator[None]:
    """Translate the errors of the libraries in the block."""
    try:
        yield
    except FOREIGN as error:
        raise domain_error(error, key) from error


@contextmanager
def translate_client_errors() -> Generator[None]:
    """Translate the errors of creating a client, including those of an invalid region or endpoint."""
    try:
        with translate_errors():
            yield
    except ValueError as error:
        raise _misconfigured("The S3 client cannot be created; check endpoint and region.") from error


@asynccontextmanager
async def time_limit(limit_s: float) -> AsyncGenerator[None]:
    """Limit the time of the block with all its retries, because a caller waits for it."""
    with translate_errors():
        async with asyncio.timeout(limit_s):
            yield


@contextmanager
def translate_disk_errors() -> Generator[None]:
    """Translate `OSError` of the local disk; the message names no local path."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise Unavailable("This machine's disk is full.", code="storage_full") from error
        raise Unavailable(f"The local disk failed: {error.strerror or type(error).__name__}.") from error


def domain_error(error: BaseException, key: ObjectKey | None) -> TelecineError:
    """The domain error. It does not quote the bucket's message, which may repeat what was signed."""
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return response_error(status, error.response.get("Error", {}).get("Code", ""), key)
    if isinstance(error, _BROKEN):
        return Interrupted("The bucket's response is incomplete.", code="storage_unavailable")
    if isinstance(error, ParamValidationError) or not isinstance(error, _UNREACHABLE):
        return _misconfigured("The S3 client cannot send this request; check bucket, endpoint and region.")
    return Unavailable("The bucket could not be reached, or did not respond in time.", code="storage_unavailable")


def response_error(status: int, code: str, key: ObjectKey | None) -> TelecineError:
    """The error for a response other than 2xx; the response to a HEAD has a status but no code."""
    if absent := _absence(status, code, key):
        return absent
    if key is not None and status == HTTPStatus.PRECONDITION_FAILED:
        return ObjectChanged(key)
    if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        return OutOfRange("The object ends before this range.", code="storage_refused", retryable=False)
    if code in _INVALID_PARTS:
        return Rejected("The bucket does not have these parts, or can't join them.", code="invalid_parts")
    reason = f"{status} {code}" if _SAFE_CODE.fullmatch(code) and code != str(status) else str(status)
    return _transient(status, code, reason) or _persistent(status, code, reason)


def _absence(status: int, code: str, key: ObjectKey | None) -> TelecineError | None:
    if code == "NoSuchBucket":
        return bucket_missing()
    if code == "NoSuchUpload":
        return NotFound("The bucket has no such upload.", code="upload_not_found")
    if code == "NoSuchKey" or (status == HTTPStatus.NOT_FOUND and code == _NO_CODE):
        return bucket_missing() if key is None else ObjectNotFound(key)
    return None


def bucket_missing() -> Unavailable:
    """Retryable, because the operator may correct it while jobs wait."""
    return Unavailable(
        "The bucket does not exist at this endpoint; create it, or correct its name.", code="bucket_missing"
    )


def _transient(status: int, code: str, reason: str) -> Unavailable | None:
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in _THROTTLED:
        return Interrupted(f"The bucket is limiting requests ({reason}).", code="storage_throttled")
    if code in _DAMAGED_IN_TRANSIT:
        return Interrupted(f"The request did not arrive intact ({reason}).", code="storage_unavailable")
    if status in _BUSY or code in _CONFLICTING or reason == str(HTTPStatus.CONFLICT.value):
        return Interrupted(f"The bucket cannot process the request now ({reason}).", code="storage_unavailable")
    # An error in a response with status 200 shows only in its code.
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or code in {"InternalError", "ServiceUnavailable"}:
        return Unavailable(f"The bucket is unavailable ({reason}).", code="storage_unavailable")
    return None


def _persistent(status: int, code: str, reason: str) -> Unavailable:
    """Retryable, although a repeated request alone does not help: the operator may fix the cause while jobs wait."""
    if code == "RequestTimeTooSkewed":
        return Unavailable("The clock of this machine differs from the bucket's; correct it.", code="storage_denied")
    if code in _UNKNOWN_KEYS:
        return Unavailable(f"The bucket rejected the access key or its secret ({reason}).", code="storage_denied")
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return Unavailable(
            f"The bucket denied access ({reason}); check the access key, its secret and its permissions.",
            code="storage_denied",
        )
    if code in _REDIRECTED or HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return _misconfigured(f"The bucket has another endpoint or region ({reason}); check both.")
    return Unavailable(f"The bucket rejected the request ({reason}).", code="storage_refused")


def _misconfigured(detail: str) -> Unavailable:
    return Unavailable(detail, code="storage_misconfigured")
