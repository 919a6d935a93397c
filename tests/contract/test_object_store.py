"""The contract of every object store, for clients with presigned URLs and for the port."""

from collections.abc import AsyncGenerator, Awaitable
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from domain.model.errors import ObjectChanged, ObjectNotFound, Unavailable
from domain.model.ids import UserId, VideoId
from domain.model.object_key import ObjectKey, source_key
from domain.model.videos.content_disposition import attachment
from domain.ports.object_store import ObjectInfo, Peek, PresignedUpload, StoredObject
from tests.contract.bucket_gateway_fixtures import without_leaked_tasks
from tests.contract.object_store_fixtures import Opening, Subject, fake, local, local_across_file_systems
from tests.contract.s3_object_store_fixtures import (
    need,
    opening_params,
    s3_external,
    s3_moto,
    s3_r2,
    s3_rclone,
)

pytestmark = pytest.mark.anyio

OPENINGS: dict[str, Opening] = {
    "fake": fake,
    "localfs": local,
    "localfs-copying": local_across_file_systems,
    "s3_moto": s3_moto,
    "s3_rclone": s3_rclone,
    "s3_r2": s3_r2,
    "s3_external": s3_external,
}

KEY = ObjectKey("videos/ann/1.mp4")
OTHER_KEY = ObjectKey("videos/ann/2.mp4")
BODY = b"0123456789"
MP4 = {"Content-Type": "video/mp4"}
LONG_AGO = timedelta(hours=1)


@pytest.fixture(params=opening_params(OPENINGS))
async def subject(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Subject]:
    """Each bucket in turn."""
    async with without_leaked_tasks(), OPENINGS[str(request.param)](tmp_path) as opened:
        yield opened


def ignore(_percent: float) -> None:
    """Ignore progress."""


async def stored(subject: Subject, key: ObjectKey = KEY, body: bytes = BODY) -> ObjectInfo:
    """Store an object in the bucket."""
    source = subject.workspace / f"source-{key.replace('/', '-')[-20:]}"
    source.unlink(missing_ok=True)  # It may be a hard link to a stored object.
    source.write_bytes(body)
    return await subject.store.upload(source, key, content_type="video/mp4", on_progress=ignore)


async def content(subject: Subject, key: ObjectKey = KEY) -> bytes:
    """The content of the object under the key."""
    answer = await subject.wire.get(
        subject.store.presign_get(
            key, content_type="application/octet-stream", expires_in_s=60, signed_at=subject.now()
        )
    )
    assert answer.status_code == httpx.codes.OK
    return answer.content


def put(subject: Subject, *, key: ObjectKey = KEY, signed_at: datetime | None = None) -> PresignedUpload:
    """The PUT of the body as it was signed."""
    return subject.store.presign_put(
        key,
        content_type="video/mp4",
        size_bytes=len(BODY),
        expires_in_s=60,
        signed_at=signed_at or subject.now(),
    )


def put_url(subject: Subject, *, key: ObjectKey = KEY) -> str:
    """A URL for a PUT."""
    return put(subject, key=key).url


async def test_presigned_put_stores_the_declared_file(subject: Subject) -> None:
    """A client needs only the URL and the headers that come with it."""
    upload = put(subject)
    assert upload.headers == MP4
    assert await subject.wire.put(upload.url, upload.headers, BODY) == httpx.codes.OK
    assert (await subject.store.head(KEY)).size_bytes == len(BODY)
    assert await content(subject) == BODY


async def test_signing_again_for_the_same_moment_gives_the_same_url(subject: Subject) -> None:
    """A repeated request gets the same response without a stored signature; another time gives another URL."""
    moment = subject.now()
    first = put(subject, signed_at=moment)
    subject.shift_clock(30)
    assert put(subject, signed_at=moment) == first
    assert put(subject, signed_at=moment + timedelta(seconds=5)).url != first.url
    subject.shift_clock(-30)
    assert await subject.wire.put(first.url, first.headers, BODY) == httpx.codes.OK


async def test_presigned_put_can_be_repeated_until_it_expires(subject: Subject) -> None:
    """A client whose response was lost repeats the request; the last body is stored, with another ETag."""
    url = put_url(subject)
    assert await subject.wire.put(url, MP4, BODY) == httpx.codes.OK
    first = await subject.store.head(KEY)
    assert await subject.wire.put(url, MP4, BODY[::-1]) == httpx.codes.OK
    assert (await subject.store.head(KEY)).etag != first.etag
    assert await content(subject) == BODY[::-1]


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        pytest.param({"Content-Type": "video/webm"}, BODY, id="other-type"),
        pytest.param({}, BODY, id="no-type"),
        pytest.param(MP4, BODY[:-1], id="shorter"),
        pytest.param(MP4, BODY + b"!", id="longer"),
        pytest.param(MP4, b"", id="empty"),
    ],
)
async def test_presigned_put_refuses_what_was_not_declared(
    subject: Subject, headers: dict[str, str], body: bytes
) -> None:
    """Type and length are signed: another file is rejected, and nothing is stored."""
    need("signatures", subject.lacks)
    assert await subject.wire.put(put_url(subject), headers, body) == httpx.codes.FORBIDDEN
    assert await subject.store.list_keys("") == []


async def test_presigned_put_refuses_another_key(subject: Subject) -> None:
    """A URL for one key cannot write another."""
    need("signatures", subject.lacks)
    url = put_url(subject).replace(KEY, OTHER_KEY)
    assert await subject.wire.put(url, MP4, BODY) == httpx.codes.FORBIDDEN
    assert await subject.store.list_keys("") == []


async def test_presigned_put_refuses_a_tampered_signature(subject: Subject) -> None:
    """A change of one character is enough."""
    need("signatures", subject.lacks)
    url = put_url(subject)
    tampered = url[:-1] + ("0" if url[-1] != "0" else "1")
    assert await subject.wire.put(tampered, MP4, BODY) == httpx.codes.FORBIDDEN
    assert await subject.store.list_keys("") == []


async def test_presigned_put_refuses_after_its_expiry(subject: Subject) -> None:
    """A late request is rejected, and nothing is stored."""
    need("signatures", subject.lacks)
    url = put(subject, signed_at=subject.now() - LONG_AGO).url
    assert await subject.wire.put(url, MP4, BODY) == subject.status_when_expired
    assert await subject.store.list_keys("") == []


async def test_presigned_urls_serve_one_method_each(subject: Subject) -> None:
    """A URL for an upload cannot read, a URL for playback cannot write."""
    need("signatures", subject.lacks)
    await stored(subject)
    get_url = subject.store.presign_get(KEY, content_type="video/mp4", expires_in_s=60, signed_at=subject.now())
    assert (await subject.wire.get(put_url(subject))).status_code == httpx.codes.FORBIDDEN
    assert await subject.wire.put(get_url, MP4, BODY[::-1]) == httpx.codes.FORBIDDEN
    assert await content(subject) == BODY


async def test_presigned_get_serves_the_object_with_the_signed_type(subject: Subject) -> None:
    """The type comes from the URL; without a filename the object is shown inline."""
    info = await stored(subject)
    answer = await subject.wire.get(
        subject.store.presign_get(KEY, content_type="video/mp4", expires_in_s=60, signed_at=subject.now())
    )
    assert (answer.status_code, answer.content) == (httpx.codes.OK, BODY)
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["etag"] == info.etag
    assert "content-disposition" not in answer.headers


async def test_presigned_get_is_cached_by_its_client_only(subject: Subject) -> None:
    """For as long as the URL is valid; the same arguments give the same URL."""
    await stored(subject)
    now = subject.now()
    url, again = [
        subject.store.presign_get(KEY, content_type="video/mp4", expires_in_s=600, signed_at=now) for _ in range(2)
    ]
    assert url == again
    need("cache headers", subject.lacks)
    assert (await subject.wire.get(url)).headers["cache-control"] == "private, max-age=600"


async def test_presigned_get_can_name_a_download(subject: Subject) -> None:
    """The header comes from the URL as well, also for a range of the object."""
    need("dispositions", subject.lacks)
    await stored(subject)
    disposition = attachment('A "clip", été.mp4')
    url = subject.store.presign_get(
        KEY, content_type="video/mp4", expires_in_s=60, signed_at=subject.now(), disposition=disposition
    )
    for headers in ({}, {"Range": "bytes=2-4"}):
        answer = await subject.wire.get(url, headers)
        assert (answer.is_success, answer.headers["content-disposition"]) == (True, disposition)


@pytest.mark.parametrize(
    ("wanted", "served", "content_range"),
    [
        ("bytes=2-4", b"234", "bytes 2-4/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("bytes=8-99", b"89", "bytes 8-9/10"),
        ("bytes=-99", BODY, "bytes 0-9/10"),
    ],
)
async def test_presigned_get_serves_ranges(subject: Subject, wanted: str, served: bytes, content_range: str) -> None:
    """Players seek (RFC 9110, section 14)."""
    need("partial content", subject.lacks)
    await stored(subject)
    url = subject.store.presign_get(KEY, content_type="video/mp4", expires_in_s=60, signed_at=subject.now())
    answer = await subject.wire.get(url, {"Range": wanted})
    assert (answer.status_code, answer.content) == (httpx.codes.PARTIAL_CONTENT, served)
    assert answer.headers["content-range"] == content_range


async def test_presigned_get_refuses_a_range_behind_the_end(subject: Subject) -> None:
    """There is no byte to serve."""
    await stored(subject)
    url = subject.store.presign_get(KEY, content_type="video/mp4", expires_in_s=60, signed_at=subject.now())
    answer = await subject.wire.get(url, {"Range": "bytes=10-"})
    assert answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE


async def test_presigned_get_of_an_absent_object_is_not_found(subject: Subject) -> None:
    """Signing makes no request, so the bucket answers 404."""
    need("404 over URLs", subject.lacks)
    url = subject.store.presign_get(KEY, content_type="video/mp4", expires_in_s=60, signed_at=subject.now())
    assert (await subject.wire.get(url)).status_code == httpx.codes.NOT_FOUND


async def test_presigned_get_refuses_another_key(subject: Subject) -> None:
    """A URL for one object cannot read another."""
    need("signatures", subject.lacks)
    await stored(subject, OTHER_KEY)
    url = subject.store.presign_get(KEY, content_type="video/mp4", expires_in_s=60, signed_at=subject.now()).replace(
        KEY, OTHER_KEY
    )
    assert (await subject.wire.get(url)).status_code == httpx.codes.FORBIDDEN


async def test_presigned_get_refuses_a_changed_or_added_parameter(subject: Subject) -> None:
    """Nothing in the query may be changed."""
    need("signatures", subject.lacks)
    await stored(subject)
    url = subject.store.presign_get(KEY, content_type="video/mp4", expires_in_s=60, signed_at=subject.now())
    for changed in (f"{url}&response-content-type=text%2Fhtml", url.replace("?", "?x=1&")):
        assert (await subject.wire.get(changed)).status_code in {httpx.codes.BAD_REQUEST, httpx.codes.FORBIDDEN}


async def test_presigned_get_refuses_after_its_expiry(subject: Subject) -> None:
    """A leaked playback URL works for a limited time only."""
    need("signatures", subject.lacks)
    await stored(subject)
    url = subject.signed_earlier(
        LONG_AGO.total_seconds(),
        lambda: subject.store.presign_get(KEY, content_type="video/mp4", expires_in_s=60, signed_at=subject.now()),
    )
    assert (await subject.wire.get(url)).status_code == subject.status_when_expired


@pytest.mark.parametrize("owner", ["auth0|ann", "..", "a/b c%20d+e", "|" * 128])
async def test_the_keys_of_any_owner_work(subject: Subject, owner: str) -> None:
    """Keys with percent signs, dots and long segments can be signed, stored, listed and served."""
    key = source_key(UserId(owner), VideoId("1"), ".mp4")
    assert await subject.wire.put(put_url(subject, key=key), MP4, BODY) == httpx.codes.OK
    assert await subject.store.list_keys("videos/") == [key]
    assert await content(subject, key) == BODY
    await subject.store.delete(key)
    assert await subject.store.list_keys("videos/") == []


async def test_head_returns_what_upload_stored(subject: Subject) -> None:
    """A finished upload is visible at once."""
    info = await stored(subject)
    assert info == await subject.store.head(KEY)
    assert (info.key, info.size_bytes) == (KEY, len(BODY))


async def test_head_of_an_absent_object_is_not_found(subject: Subject) -> None:
    """Even if the key is a prefix of another one."""
    await stored(subject)
    for absent in (OTHER_KEY, ObjectKey("videos/ann"), ObjectKey(f"{KEY}/more")):
        with pytest.raises(ObjectNotFound):
            await subject.store.head(absent)


@pytest.mark.parametrize(("length", "first_bytes"), [(1, b"0"), (4, BODY[:4]), (10, BODY), (4096, BODY)])
async def test_peek_returns_the_info_and_the_first_bytes(subject: Subject, length: int, first_bytes: bytes) -> None:
    """Fewer bytes than `length` if the object has no more."""
    assert await subject.store.peek((await stored(subject)).key, length=length) == Peek(
        await subject.store.head(KEY), first_bytes
    )


async def test_peek_reads_no_more_than_it_needs(subject: Subject) -> None:
    """The object may have gigabytes."""
    info = await stored(subject, body=BODY * 400_000)
    assert await subject.store.peek(KEY, length=3) == Peek(info, BODY[:3])
    assert await subject.store.peek(KEY, length=64) == Peek(info, (BODY * 7)[:64])


async def test_peek_at_an_empty_object_sees_nothing(subject: Subject) -> None:
    """An empty object exists, too."""
    info = await stored(subject, body=b"")
    assert await subject.store.peek(KEY, length=64) == Peek(replace(info, size_bytes=0), b"")


async def test_peek_at_an_absent_object_is_not_found(subject: Subject) -> None:
    """Even if the key is a prefix of another one."""
    await stored(subject)
    for absent in (OTHER_KEY, ObjectKey("videos/ann"), ObjectKey(f"{KEY}/more")):
        with pytest.raises(ObjectNotFound):
            await subject.store.peek(absent, length=64)


async def test_upload_outlives_its_source(subject: Subject) -> None:
    """The workspace is removed after the job; the object stays."""
    await stored(subject)
    for path in subject.workspace.iterdir():
        path.unlink()
    assert await content(subject) == BODY


async def test_upload_of_the_same_file_can_be_repeated(subject: Subject) -> None:
    """A worker whose response was lost uploads again."""
    source = subject.workspace / "source"
    source.write_bytes(BODY)
    for _ in range(2):
        await subject.store.upload(source, KEY, content_type="video/mp4", on_progress=ignore)
    assert await content(subject) == BODY


async def test_upload_replaces_the_object(subject: Subject) -> None:
    """The ETag changes even if the size does not."""
    first = await stored(subject)
    again = await stored(subject, body=BODY[::-1])
    assert again.etag != first.etag
    assert await content(subject) == BODY[::-1]


async def test_upload_of_a_missing_file_fails(subject: Subject) -> None:
    """The error of the disk is translated, and nothing is stored."""
    with pytest.raises(Unavailable):
        await subject.store.upload(subject.workspace / "none", KEY, content_type="video/mp4", on_progress=ignore)
    assert await subject.store.list_keys("") == []


async def test_download_writes_the_recorded_object(subject: Subject) -> None:
    """The bytes are there when the call returns."""
    info = await stored(subject)
    target = subject.workspace / "target"
    await subject.store.download(KEY, target, etag=info.etag, on_progress=ignore)
    assert target.read_bytes() == BODY


async def test_download_refuses_a_replaced_object(subject: Subject) -> None:
    """A presigned URL still works after `complete`: its new object must not be read as the original."""
    first = await stored(subject)
    await stored(subject, body=BODY[::-1])
    target = subject.workspace / "target"
    with pytest.raises(ObjectChanged):
        await subject.store.download(KEY, target, etag=first.etag, on_progress=ignore)
    assert not target.exists()


async def test_download_of_an_absent_object_is_not_found(subject: Subject) -> None:
    """No target file appears either."""
    info = await stored(subject, OTHER_KEY)
    target = subject.workspace / "target"
    with pytest.raises(ObjectNotFound):
        await subject.store.download(KEY, target, etag=info.etag, on_progress=ignore)
    assert not target.exists()


async def test_download_into_a_missing_folder_fails(subject: Subject) -> None:
    """The error of the local disk is translated."""
    info = await stored(subject)
    with pytest.raises(Unavailable):
        await subject.store.download(KEY, subject.workspace / "none" / "target", etag=info.etag, on_progress=ignore)


async def test_transfers_report_their_progress(subject: Subject) -> None:
    """Progress rises and ends at 100."""
    body = bytes(5 * 1024 * 1024)
    (subject.workspace / "large").write_bytes(body)
    up: list[float] = []
    info = await subject.store.upload(subject.workspace / "large", KEY, content_type="video/mp4", on_progress=up.append)
    down: list[float] = []
    await subject.store.download(KEY, subject.workspace / "target", etag=info.etag, on_progress=down.append)
    for reported in (up, down):
        assert reported == sorted(reported)
        assert reported[0] >= 0
        assert reported[-1] == 100


async def test_delete_removes_one_object(subject: Subject) -> None:
    """Other objects stay."""
    await stored(subject)
    await stored(subject, OTHER_KEY)
    await subject.store.delete(KEY)
    assert await subject.store.list_keys("") == [OTHER_KEY]
    with pytest.raises(ObjectNotFound):
        await subject.store.head(KEY)


async def test_delete_can_be_repeated(subject: Subject) -> None:
    """An absent object is no error, even if the key is a prefix of another one."""
    await stored(subject)
    for absent in (OTHER_KEY, OTHER_KEY, ObjectKey("none/at/all")):
        await subject.store.delete(absent)
    if "flat keys" not in subject.lacks:
        await subject.store.delete(ObjectKey("videos/ann"))
    assert await subject.store.list_keys("") == [KEY]


async def test_list_keys_accepts_any_text_as_prefix(subject: Subject) -> None:
    """A prefix is text, not a folder; the result is sorted."""
    keys = [ObjectKey(key) for key in ("a/10-x", "a/1-x", "a/1-y", "ab/1", "b")]
    for key in keys:
        await stored(subject, key)
    expected = {
        "": sorted(keys),
        "a": ["a/1-x", "a/1-y", "a/10-x", "ab/1"],
        "a/": ["a/1-x", "a/1-y", "a/10-x"],
        "a/1-": ["a/1-x", "a/1-y"],
        "b": ["b"],
        "b/": [],
        "c/d": [],
        "../": [],
        "/": [],
    }
    assert {prefix: await subject.store.list_keys(prefix) for prefix in expected} == expected


async def test_scan_finds_every_object_under_a_prefix(subject: Subject) -> None:
    """With its size and its time of modification; the double of R2 has small pages."""
    keys = [ObjectKey(f"a/{number}/{name}") for number in (1, 10) for name in ("x", "y", "z")]
    for key in [*keys, ObjectKey("b/1/x")]:
        await stored(subject, key)
    found = [each async for each in subject.store.scan("a/")]
    assert sorted(each.key for each in found) == keys
    assert {each.size_bytes for each in found} == {len(BODY)}
    assert {each.modified_at.utcoffset() for each in found} == {timedelta()}
    assert sorted([each.key async for each in subject.store.scan("a/1")]) == keys
    assert [each async for each in subject.store.scan("c")] == []


async def test_scan_can_be_stopped_early(subject: Subject) -> None:
    """Nothing stays open; the fixture checks that no task is left."""
    for number in range(5):
        await stored(subject, ObjectKey(f"a/{number}"))
    async with aclosing(subject.store.scan("a/")) as objects:
        first = await anext(objects)
    assert isinstance(first, StoredObject)


async def test_scan_goes_on_while_what_it_finds_is_deleted(subject: Subject) -> None:
    """The clean-up deletes objects during a scan."""
    for number in range(7):
        await stored(subject, ObjectKey(f"a/{number}"))
    async for each in subject.store.scan("a/"):
        await subject.store.delete(each.key)
    assert await subject.store.list_keys("") == []


async def test_check_passes_while_the_bucket_can_be_used(subject: Subject) -> None:
    """Even before the first object, and repeatedly; it leaves nothing in the bucket."""
    await subject.store.check()
    await subject.store.check()
    assert await subject.store.list_keys("") == []


async def test_a_broken_bucket_is_unavailable(subject: Subject) -> None:
    """No vendor's error passes the port, and no failure is reported as an absent object."""
    info = await stored(subject)
    source, target = subject.workspace / "source", subject.workspace / "target"
    source.write_bytes(BODY)
    subject.break_bucket()
    calls: tuple[Awaitable[object], ...] = (
        subject.store.check(),
        subject.store.head(KEY),
        subject.store.peek(KEY, length=1),
        subject.store.delete(KEY),
        subject.store.list_keys(""),
        anext(subject.store.scan("")),
        subject.store.upload(source, KEY, content_type="video/mp4", on_progress=ignore),
        subject.store.download(KEY, target, etag=info.etag, on_progress=ignore),
    )
    for call in calls:
        with pytest.raises(Unavailable):
            await call
    assert not target.exists()
