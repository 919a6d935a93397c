"""A bucket that clients reach under another name than the server does."""

from collections.abc import AsyncGenerator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from adapters.s3.object_store import S3ObjectStore
from domain.model.object_key import ObjectKey
from tests.contract.object_store_fixtures import Subject
from tests.contract.s3_object_store_fixtures import PUBLIC_NAME, s3_two_names

pytestmark = pytest.mark.anyio

KEY = ObjectKey("videos/auth0%7Cann/1.mp4")
MP4 = {"Content-Type": "video/mp4"}


@pytest.fixture
async def subject(tmp_path: Path) -> AsyncGenerator[Subject]:
    """The strict double of R2, whose public name only clients can resolve."""
    async with s3_two_names(tmp_path) as opened:
        yield opened


async def test_clients_use_the_public_name_and_the_server_its_own(subject: Subject) -> None:
    """The server could not resolve the public name; the double rejects a signature for another host."""
    store, now = subject.store, subject.now()
    put = store.presign_put(KEY, content_type="video/mp4", size_bytes=4, expires_in_s=60, signed_at=now)
    assert urlsplit(put.url).hostname == PUBLIC_NAME
    assert await subject.wire.put(put.url, MP4, b"data") == httpx.codes.OK
    assert (await store.peek(KEY, length=4)).first_bytes == b"data"
    info = await store.head(KEY)
    await store.download(KEY, subject.workspace / "copy", etag=info.etag, on_progress=lambda _percent: None)
    assert (subject.workspace / "copy").read_bytes() == b"data"
    get = store.presign_get(KEY, content_type="video/mp4", expires_in_s=60, signed_at=now)
    assert (await subject.wire.get(get)).content == b"data"
    assert (await subject.wire.get(get.replace(PUBLIC_NAME, "127.0.0.1"))).status_code == httpx.codes.FORBIDDEN


async def test_parts_go_to_the_public_name_as_well(subject: Subject) -> None:
    """A client sends one part, the server another one (the upload through the API)."""
    assert isinstance(subject.store, S3ObjectStore)
    multipart, now = subject.store.multipart_store, subject.now()
    upload_id = await multipart.create(KEY, content_type="video/mp4", part_bytes=5 * 1024**2)
    first = bytes(5 * 1024**2)
    part = multipart.presign_part(KEY, upload_id, 1, size_bytes=len(first), expires_in_s=60, signed_at=now)
    assert urlsplit(part.url).hostname == PUBLIC_NAME
    assert await subject.wire.put(part.url, part.headers, first) == httpx.codes.OK
    await multipart.upload_part(KEY, upload_id, 2, b"end")
    info = await multipart.complete(KEY, upload_id, await multipart.list_parts(KEY, upload_id))
    assert info.size_bytes == len(first) + 3
