"""The XML documents of the S3 dialect of uploads.

The elements are those of Amazon's API reference. Only what clients read is sent. No element is self-closing, because
the parser of `@uppy/aws-s3` does not know that form.
"""

from collections.abc import Iterable
from html import escape
from typing import TypeAlias

from litestar import Response

from domain.model.videos.video import Video

MEDIA_TYPE = "application/xml"  # Without a charset: `@uppy/aws-s3` compares the header as a whole.
BUCKET = "telecine"

Content: TypeAlias = "str | int | Iterable[Element]"
Element: TypeAlias = tuple[str, Content]


def created(video: Video, upload_id: str) -> Response[str]:
    """The answer to CreateMultipartUpload; the key is the id of the video."""
    return _answer("InitiateMultipartUploadResult", [("Bucket", BUCKET), ("Key", video.id), ("UploadId", upload_id)])


def listed(video: Video, upload_id: str, parts: Iterable[tuple[int, int, str]]) -> Response[str]:
    """The answer to ListParts: number, size in bytes and ETag of each part; all parts are in one answer."""
    head: list[Element] = [
        ("Bucket", BUCKET),
        ("Key", video.id),
        ("UploadId", upload_id),
        ("IsTruncated", "false"),
    ]
    return _answer("ListPartsResult", head + [_part(*part) for part in parts])


def completed(video: Video, location: str) -> Response[str]:
    """The answer to CompleteMultipartUpload; the location is the video's status."""
    etag = video.source.etag or ""
    return _answer(
        "CompleteMultipartUploadResult",
        [("Location", location), ("Bucket", BUCKET), ("Key", video.id), ("ETag", etag)],
    )


def error(status: int, code: str, message: str, *, reason: str, headers: dict[str, str]) -> Response[str]:
    """An error of S3; `Reason` is the code that the JSON API has for it."""
    elements: list[Element] = [("Code", code), ("Message", message), ("Reason", reason)]
    return Response(_document("Error", elements), status_code=status, media_type=MEDIA_TYPE, headers=headers)


def _part(number: int, size_bytes: int, etag: str) -> Element:
    return "Part", [("PartNumber", number), ("ETag", etag), ("Size", size_bytes)]


def _answer(root: str, elements: Iterable[Element]) -> Response[str]:
    headers = {"Cache-Control": "no-store"}
    return Response(_document(root, elements), status_code=200, media_type=MEDIA_TYPE, headers=headers)


def _document(root: str, elements: Iterable[Element]) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_element(root, elements)}'


def _element(name: str, content: Content) -> str:
    if isinstance(content, str | int):
        return f"<{name}>{escape(str(content))}</{name}>"
    return f"<{name}>{''.join(_element(*child) for child in content)}</{name}>"
