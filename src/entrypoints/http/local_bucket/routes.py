"""The local bucket over HTTP: clients use its presigned URLs as they would use those of an S3 bucket."""

from contextlib import aclosing
from http import HTTPStatus
from urllib.parse import parse_qsl

from litestar import Litestar, asgi
from litestar.datastructures import Headers
from litestar.enums import ScopeType
from litestar.exceptions import NotFoundException
from litestar.types import HTTPScope, Receive, Scope, Send

from domain.model.errors import NotFound, Rejected, TelecineError
from domain.ports.bucket_gateway import BucketGateway, ServedObject, SignedRequest
from entrypoints.http.body.stream import body_chunks
from entrypoints.http.local_bucket.byte_ranges import ByteRange, is_cached, may_continue, parse_range
from entrypoints.http.local_bucket.responses import open_served, send_bytes, send_empty, send_problem

_METHODS = "PUT, GET, HEAD, OPTIONS"
_MAX_LENGTH_DIGITS = 18


@asgi(path="/bucket", is_mount=True, copy_scope=True)
async def bucket(scope: Scope, receive: Receive, send: Send) -> None:
    """Store or serve one object; the signature in the URL is the only authorization."""
    if scope["type"] != ScopeType.HTTP:
        raise NotFoundException
    try:
        await _serve(scope, receive, send)
    except TelecineError as error:
        # The body of a rejected request may be gigabytes long. It is not read, so the connection cannot be reused.
        headers = {} if scope["method"] in {"GET", "HEAD"} else {"Connection": "close"}
        await send_problem(send, error, headers)


def gateway_of(scope: Scope) -> BucketGateway:
    """The application's local bucket.

    Raises:
        NotFound: objects are in an external bucket.
    """
    gateway: BucketGateway | None = Litestar.from_scope(scope).state["application"].bucket_gateway
    if gateway is None:
        raise NotFound("This server has no local bucket.")
    return gateway


async def _serve(scope: HTTPScope, receive: Receive, send: Send) -> None:
    match scope["method"]:
        case "PUT":
            await _put(scope, receive, send)
        case "GET" | "HEAD":
            await _get(scope, receive, send)
        case "OPTIONS":
            await _preflight(send)
        case _:
            error = Rejected(f"The bucket accepts {_METHODS}.", code="method_not_allowed")
            await send_problem(send, error, {"Allow": _METHODS, "Connection": "close"})


async def _put(scope: HTTPScope, receive: Receive, send: Send) -> None:
    async with aclosing(body_chunks(receive)) as body:
        received = await gateway_of(scope).receive(_signed_request(scope), body)
    await send_empty(send, HTTPStatus.OK, {"ETag": received.etag, "Content-Length": "0"})


async def _get(scope: HTTPScope, receive: Receive, send: Send) -> None:
    served = await gateway_of(scope).open(_signed_request(scope))
    headers = Headers.from_scope(scope)
    if is_cached(headers.get("if-none-match"), served.info.etag):
        unchanged = {"ETag": served.info.etag, "Cache-Control": served.cache_control}
        await send_empty(send, HTTPStatus.NOT_MODIFIED, unchanged)
    elif scope["method"] == "HEAD" or not served.info.size_bytes:
        length = {"Content-Length": str(served.info.size_bytes)}
        await send_empty(send, HTTPStatus.OK, _described(served) | length)
    else:
        await _send_object(headers, served, receive, send)


async def _send_object(headers: Headers, served: ServedObject, receive: Receive, send: Send) -> None:
    size_bytes = served.info.size_bytes
    requested = headers.get("range") if may_continue(headers.get("if-range"), served.info.etag) else None
    try:
        part = parse_range(requested, size_bytes)
    except Rejected as error:
        await send_problem(send, error, {"Content-Range": f"bytes */{size_bytes}"})
        return
    async with open_served(served) as file:
        if part is None:
            full_range = ByteRange(0, size_bytes - 1)
            await send_bytes(send, receive, file, full_range, HTTPStatus.OK, _described(served))
        else:
            content_range = {"Content-Range": f"bytes {part.first}-{part.last}/{size_bytes}"}
            await send_bytes(send, receive, file, part, HTTPStatus.PARTIAL_CONTENT, _described(served) | content_range)


async def _preflight(send: Send) -> None:
    """Answer the CORS preflight that a browser sends before a PUT from another origin."""
    await send_empty(
        send,
        HTTPStatus.NO_CONTENT,
        {
            "Access-Control-Allow-Methods": _METHODS,
            "Access-Control-Allow-Headers": "content-type, range, if-none-match, if-range",
            "Access-Control-Max-Age": "3600",
        },
    )


def _described(served: ServedObject) -> dict[str, str]:
    disposition = {} if served.disposition is None else {"Content-Disposition": served.disposition}
    return {
        "Accept-Ranges": "bytes",
        "Cache-Control": served.cache_control,
        "Content-Type": served.content_type,
        "ETag": served.info.etag,
        **disposition,
    }


def _signed_request(scope: HTTPScope) -> SignedRequest:
    """The request with the parameters that its signature covers.

    Raises:
        Rejected: `repeated_parameter`: of several values only one would be covered.
    """
    parameters = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    query = dict(parameters)
    if len(query) < len(parameters):
        raise Rejected("A query parameter of the signed URL is repeated.", code="repeated_parameter")
    headers = Headers.from_scope(scope)
    length = headers.get("content-length", "")
    return SignedRequest(
        method=scope["method"],
        # Litestar passes a mounted route the rest of the path, decoded, with a slash before and after it.
        key=scope["path"].strip("/"),
        query=query,
        content_type=headers.get("content-type"),
        content_length=int(length) if length.isdecimal() and len(length) <= _MAX_LENGTH_DIGITS else None,
    )
