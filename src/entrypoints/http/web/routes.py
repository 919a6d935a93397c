"""Routes of the web page, its files, and the upload module. They are no part of the API's contract."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

from litestar import Request, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Response

from domain.model.errors import NotFound
from entrypoints.http.dependencies import UseCases
from entrypoints.http.local_bucket.byte_ranges import is_cached
from entrypoints.http.web.headers import file_headers, module_headers, page_headers
from entrypoints.http.web.static_files import INDEX, StaticFile, StaticFiles, static_files

SCREENS = {
    "/": "library",
    "/v/{video_id:str}": "video",
    "/search": "search",
    "/operator": "operator",
    "/sign-in": "sign-in",
}
"""The screens by their paths. The document of each has the same script, which shows the screen of the path."""

_SCREENS_BY_FOLDER = {path.split("/")[1]: screen for path, screen in SCREENS.items()}
_REVALIDATED = "no-cache"
_FOR_A_YEAR = f"public, max-age={365 * 86_400}, immutable"
_REFUSED_QUALITY = re.compile(r"\s*q\s*=\s*0(?:\.0*)?\s*")


@get(list(SCREENS), include_in_schema=False)
async def page(request: Request[Any, Any, Any], application: UseCases) -> Response[bytes]:
    """Serve the page.

    Raises:
        NotFound: the operator has disabled the page.
    """
    if not application.page.is_served:
        raise NotFound("The web page is disabled on this server.", code="route_not_found")
    screen = _SCREENS_BY_FOLDER[request.url.path.split("/")[1]]
    files = await _files()
    document = files.ready_document(screen)
    if document is None:
        document = await asyncio.to_thread(files.prepare_document, screen)
    return _response(request, document, page_headers(application.page.origins))


@get("/static/{path:path}", include_in_schema=False)
async def static_file(request: Request[Any, Any, Any], path: FromPath[str]) -> Response[bytes]:
    """Serve a file of the page; below the version of the files it never changes.

    Raises:
        NotFoundException: there is no such file, or it is the page's document, which only `page` serves.
    """
    plain, is_versioned = (await _files()).resolve(path.removeprefix("/"))
    file = None if plain == INDEX else await _file(plain)
    if file is None:
        raise NotFoundException
    return _response(request, file, file_headers(), _FOR_A_YEAR if is_versioned else _REVALIDATED)


@get(["/telecine-upload.js", "/telecine-upload.d.ts", "/telecine-uppy.js"], include_in_schema=False)
async def upload_module(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Serve the upload module, its types, or the adapter for Uppy, for front ends of any origin.

    Raises:
        NotFoundException: there is no such file.
    """
    file = await _file(request.url.path.removeprefix("/"))
    if file is None:
        raise NotFoundException
    return _response(request, file, module_headers())


async def _files() -> StaticFiles:
    # In a thread, because reading, stripping and compressing take milliseconds; only first requests wait for it.
    return static_files() if static_files.cache_info().currsize else await asyncio.to_thread(static_files)


async def _file(path: str) -> StaticFile | None:
    files = await _files()
    return files.ready(path) or await asyncio.to_thread(files.prepare, path)


def _response(
    request: Request[Any, Any, Any], file: StaticFile, headers: Mapping[str, str], caching: str = _REVALIDATED
) -> Response[bytes]:
    variant, is_compressed = file.variant(accepts_gzip=accepts_gzip(request.headers.get("accept-encoding", "")))
    described = {**headers, "Cache-Control": caching, "ETag": variant.etag, "Vary": "Accept-Encoding"}
    if is_cached(request.headers.get("if-none-match"), variant.etag):
        return Response(b"", status_code=304, headers=described, media_type=file.media_type)
    if is_compressed:
        described["Content-Encoding"] = "gzip"
    return Response(variant.content, headers=described, media_type=file.media_type)


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether the client accepts a gzip response (RFC 9110, 12.5.3)."""
    for part in accept_encoding.lower().split(","):
        coding, _, quality = part.partition(";")
        if coding.strip() == "gzip":
            return _REFUSED_QUALITY.fullmatch(quality) is None
    return False


ROUTES = [page, static_file, upload_module]
