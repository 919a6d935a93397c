"""What an error of the bucket, of the way to it, or of the local disk means to us."""

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

_UNREACHED = (ConnectionError, HTTPClientError, ResponseParserError, aiohttp.ClientError, TimeoutError)
_BROKEN = (IncompleteReadError, ResponseStreamingError, aiohttp.ClientPayloadError)
_NO_CODE = "404"  # botocore's stand-in where the answer has no body.
_SOUND_CODE = re.compile(r"[A-Za-z0-9]{1,64}")

_THROTTLED = frozenset({"SlowDown", "Throttling", "TooManyRequests"})
_IN_EACH_OTHERS_WAY = frozenset({"ConditionalRequestConflict", "OperationAborted"})
_NOT_NOW = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.LOCKED, HTTPStatus.TOO_EARLY})
_DAMAGED_ON_THE_WAY = frozenset({"BadDigest", "IncompleteBody", "RequestTimeout", "XAmzContentSHA256Mismatch"})
_INVALID_PARTS = frozenset({"InvalidPart", "InvalidPartOrder", "EntityTooSmall"})
_ELSEWHERE = frozenset({"AuthorizationHeaderMalformed", "PermanentRedirect", "TemporaryRedirect"})
_UNKNOWN_KEYS = frozenset({"InvalidAccessKeyId", "SignatureDoesNotMatch", "Unauthorized"})
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})

Asked = tuple[type[BaseException], ...]
FOREIGN: Asked = (BotoCoreError, ClientError, *_UNREACHED)


class Interrupted(Unavailable):
    """Passing at once, and nothing the client library repeats by itself: worth another try in the same call."""


class OutOfRange(Unavailable):
    """The object ends before the range begins."""


@contextmanager
def translated_faults(key: ObjectKey | None = None) -> Generator[None]:
    """Let no error of the libraries out of the block."""
    try:
        yield
    except FOREIGN as error:
        raise fault_of(error, key) from error


@contextmanager
def translated_opening_faults() -> Generator[None]:
    """Let no error out of the block that makes a client: also none of a region or endpoint that can't be one."""
    try:
        with translated_faults():
            yield
    except ValueError as error:
        raise _misconfigured("The bucket's client can't be made; check endpoint and region.") from error


@asynccontextmanager
async def answered_within(limit_s: float) -> AsyncGenerator[None]:
    """End the block after so long, whatever it would still try: somebody waits for it."""
    with translated_faults():
        async with asyncio.timeout(limit_s):
            yield


@contextmanager
def translated_disk_faults() -> Generator[None]:
    """Let no `OSError` of the local disk out of the block; the text names no local path."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise Unavailable("This machine's disk is full.", code="storage_full") from error
        raise Unavailable(f"The local disk failed: {error.strerror or type(error).__name__}.") from error


def fault_of(error: BaseException, key: ObjectKey | None) -> TelecineError:
    """The error in the core's words. The bucket's own words stay out: they may repeat what was signed."""
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return refusal(status, error.response.get("Error", {}).get("Code", ""), key)
    if isinstance(error, _BROKEN):
        return Interrupted("The bucket's answer broke off.", code="storage_unavailable")
    if isinstance(error, ParamValidationError) or not isinstance(error, _UNREACHED):
        return _misconfigured("The bucket's client can't make this request; check bucket, endpoint and region.")
    return Unavailable("The bucket could not be reached, or did not answer in time.", code="storage_unavailable")


def refusal(status: int, code: str, key: ObjectKey | None) -> TelecineError:
    """The error that an answer other than 2xx stands for; the answer to a HEAD has a status and no code."""
    if absent := _absence(status, code, key):
        return absent
    if key is not None and status == HTTPStatus.PRECONDITION_FAILED:
        return ObjectChanged(key)
    if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        return OutOfRange("The object ends before this range.", code="storage_refused", retryable=False)
    if code in _INVALID_PARTS:
        return Rejected("The bucket does not have these parts, or can't join them.", code="invalid_parts")
    said = f"{status} {code}" if _SOUND_CODE.fullmatch(code) and code != str(status) else str(status)
    return _passing(status, code, said) or _lasting(status, code, said)


def _absence(status: int, code: str, key: ObjectKey | None) -> TelecineError | None:
    if code == "NoSuchBucket":
        return bucket_missing()
    if code == "NoSuchUpload":
        return NotFound("The bucket knows no such upload.", code="upload_not_found")
    if code == "NoSuchKey" or (status == HTTPStatus.NOT_FOUND and code == _NO_CODE):
        return bucket_missing() if key is None else ObjectNotFound(key)
    return None


def bucket_missing() -> Unavailable:
    """Retryable: the operator may put it right while jobs wait for it."""
    return Unavailable(
        "The bucket does not exist at this endpoint; create it, or correct its name.", code="bucket_missing"
    )


def _passing(status: int, code: str, said: str) -> Unavailable | None:
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in _THROTTLED:
        return Interrupted(f"The bucket takes no more requests now ({said}).", code="storage_throttled")
    if code in _DAMAGED_ON_THE_WAY:
        return Interrupted(f"What was sent did not arrive as it was sent ({said}).", code="storage_unavailable")
    if status in _NOT_NOW or code in _IN_EACH_OTHERS_WAY or said == str(HTTPStatus.CONFLICT.value):
        return Interrupted(f"The bucket wants to be asked again ({said}).", code="storage_unavailable")
    # An error inside a 200 has the code, and no status that would tell.
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or code in {"InternalError", "ServiceUnavailable"}:
        return Unavailable(f"The bucket can't answer now ({said}).", code="storage_unavailable")
    return None


def _lasting(status: int, code: str, said: str) -> Unavailable:
    """Another request at once would not help; an operator may, while jobs wait, so all of these are retryable."""
    if code == "RequestTimeTooSkewed":
        return Unavailable("The bucket's clock and ours differ; set this machine's.", code="storage_denied")
    if code in _UNKNOWN_KEYS:
        return Unavailable(f"The bucket refuses the access key or its secret ({said}).", code="storage_denied")
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return Unavailable(
            f"The bucket refuses us ({said}); check the access key, its secret, and what it may do.",
            code="storage_denied",
        )
    if code in _ELSEWHERE or HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return _misconfigured(f"The bucket is elsewhere ({said}); check its endpoint and region.")
    return Unavailable(f"The bucket refuses the request ({said}).", code="storage_refused")


def _misconfigured(detail: str) -> Unavailable:
    return Unavailable(detail, code="storage_misconfigured")
