"""The deprecated upload of a form through the API, kept for clients that still use it."""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from inspect import getdoc
from typing import Any

from litestar import Request, Response, post
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType

from domain.model.errors import Gone, Rejected, TelecineError, Unavailable
from domain.model.ids import UserId
from domain.model.uploads.original_policy import MAX_KEEP_DAYS, OriginalPolicy
from domain.model.uploads.policy import UploadDeclaration
from domain.use_cases.uploads.receive_upload import ReceivedUpload, ReceiveUpload
from entrypoints.application import Application
from entrypoints.http.body.multipart_form import MAX_OTHER_BYTES, FormFile, opened_form
from entrypoints.http.body.stream import body_chunks
from entrypoints.http.dependencies import Caller, UseCases
from entrypoints.http.idempotency import REPLAYED, IdempotencyKeyHeader
from entrypoints.http.middleware.deprecation import SUCCESSOR, DeprecationHeaders
from entrypoints.http.openapi.document import DECLARATION, ORIGINAL, json_response, problems
from entrypoints.http.operations.metrics import ProxiedUploadOutcome, ProxiedUploads, metrics_of
from entrypoints.http.scopes import UPLOADING, permitted_by
from entrypoints.http.uploads import examples
from entrypoints.http.uploads.schemas import ProxiedUploadResponse
from entrypoints.http.videos.labels import FORM_FIELDS, FORM_LIMITS, LABELS, metadata_of_form

IDLE_S = 60.0
INCOMPLETE = "incomplete_body"

_ORIGINAL, _KEEP_DAYS = "original", "keep_days"
_TEXT_FIELDS = {_ORIGINAL: 64, _KEEP_DAYS: 64, **FORM_LIMITS}
_DAYS = re.compile("[0-9]{1,6}")


_FORM = RequestBody(
    content={
        "multipart/form-data": OpenAPIMediaType(
            schema=Schema(
                type=OpenAPIType.OBJECT,
                properties={
                    "original": Schema(
                        type=OpenAPIType.STRING,
                        enum=list(OriginalPolicy),
                        description="What becomes of the original; send it before the file.",
                    ),
                    "keep_days": Schema(
                        type=OpenAPIType.INTEGER,
                        minimum=1,
                        maximum=MAX_KEEP_DAYS,
                        description="Days for which the original is kept; send it before the file.",
                    ),
                    **FORM_FIELDS,
                    "file": Schema(
                        type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY, description="The file, with its name."
                    ),
                },
                required=["file"],
            )
        )
    },
    required=True,
)


@dataclass
class FormOperation(Operation):
    """An operation whose body is a form; the route reads the stream itself, so Litestar cannot derive the body."""

    def __post_init__(self) -> None:
        self.request_body = _FORM


@post(
    "/upload",
    opt=permitted_by(*UPLOADING),
    summary="Upload through the API",
    description=getdoc(ReceiveUpload),
    deprecated=True,
    operation_class=FormOperation,
    responses={
        **json_response(201, accepted=examples.RECEIVED),
        **problems(
            *DECLARATION,
            *ORIGINAL,
            *LABELS,
            "proxied_upload_off",
            "length_required",
            "invalid_form",
            "missing_file",
            "several_files",
            "incomplete_body",
            "not_a_video",
            "storage_full",
        ),
    },
    middleware=[DeprecationHeaders()],
    request_max_body_size=None,
)
async def upload_video(
    request: Request[Any, Any, Any],
    application: UseCases,
    user: Caller,
    idempotency_key: IdempotencyKeyHeader = None,
) -> Response[ProxiedUploadResponse]:
    """Receive a file as a form."""
    if not application.options.proxied_upload:
        raise Gone(f"Uploads through the API are disabled; send POST {SUCCESSOR} instead.", code="proxied_upload_off")
    received = await _counted(request, application, user, idempotency_key)
    return Response(ProxiedUploadResponse.of(received.video), headers=REPLAYED if received.is_replay else None)


async def _counted(
    request: Request[Any, Any, Any], application: Application, user: UserId, key: str | None
) -> ReceivedUpload:
    counts = metrics_of(request).proxied_uploads
    outcome = ProxiedUploadOutcome.BROKEN
    try:
        received = await _received(request, application, user, key, counts)
        outcome = ProxiedUploadOutcome.ACCEPTED
    except TelecineError as error:
        if not isinstance(error, Unavailable) and error.code != INCOMPLETE:
            outcome = ProxiedUploadOutcome.REJECTED
        raise
    finally:
        counts.count_outcome(outcome)
    return received


async def _received(
    request: Request[Any, Any, Any], application: Application, user: UserId, key: str | None, counts: ProxiedUploads
) -> ReceivedUpload:
    size_bytes = _max_bytes(request, application.uploads.receive.policy.max_size_bytes)
    body = _body(request, counts)
    content_type = request.headers.get("content-type", "")
    async with aclosing(body), opened_form(content_type, body, text_fields=_TEXT_FIELDS) as form:
        declared = UploadDeclaration(
            form.filename,
            size_bytes,
            form.content_type,
            # A form sends the fields that were left empty, too.
            original=form.texts.get(_ORIGINAL) or None,
            keep_days=_keep_days(form.texts.get(_KEEP_DAYS) or None),
            title=form.texts.get("title"),
            external_id=form.texts.get("external_id"),
            metadata=metadata_of_form(form.texts),
        )
        return await application.uploads.receive(user, declared, _content(form), key=key)


def _keep_days(text: str | None) -> int | None:
    """The number in the field; no number fits if the text is none."""
    if text is None:
        return None
    return int(text) if _DAYS.fullmatch(text) else 0


def _max_bytes(request: Request[Any, Any, Any], limit: int) -> int:
    """The maximum size of the file; the form around it does not count against the limit."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        raise Rejected("Send the form with its `Content-Length`.", code="length_required")
    size_bytes = int(length)
    return limit if limit < size_bytes <= limit + MAX_OTHER_BYTES else size_bytes


async def _body(request: Request[Any, Any, Any], counts: ProxiedUploads) -> AsyncGenerator[bytes]:
    """The chunks of the body; raises `incomplete_body` if it is cut short, or no data arrives for `IDLE_S`."""
    remaining_bytes = int(request.headers["content-length"])
    async with aclosing(body_chunks(request.receive)) as chunks:
        while chunk := await _next(chunks):
            remaining_bytes -= len(chunk)
            counts.count_bytes(len(chunk))
            yield chunk
    if remaining_bytes > 0:
        raise Rejected("The body is shorter than its `Content-Length`.", code=INCOMPLETE)


async def _next(chunks: AsyncIterator[bytes]) -> bytes:
    """The next chunk that is not empty; an empty result is the end."""
    try:
        async with asyncio.timeout(IDLE_S):
            async for chunk in chunks:
                if chunk:
                    return chunk
    except TimeoutError:
        raise Rejected(f"No data arrived for {IDLE_S:.0f} s.", code=INCOMPLETE) from None
    return b""


async def _content(form: FormFile) -> AsyncIterator[bytes]:
    async for chunk in form.content:
        yield chunk
