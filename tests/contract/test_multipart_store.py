"""The contract of every multipart store."""

from collections.abc import AsyncGenerator, Awaitable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from domain.model.errors import NotFound, ObjectNotFound, Rejected, Unavailable
from domain.model.object_key import ObjectKey
from domain.model.uploads.multipart import MIN_PART_BYTES
from domain.ports.multipart_store import UploadedPart
from domain.ports.object_store import PresignedUpload
from tests.contract.bucket_gateway_fixtures import without_leaked_tasks
from tests.contract.multipart_store_fixtures import OPENINGS, MultipartSubject
from tests.contract.s3_object_store_fixtures import need, opening_params

pytestmark = pytest.mark.anyio

KEY = ObjectKey("videos/auth0%7Cann/1.mp4")
OTHER_KEY = ObjectKey("videos/bob/2.mp4")
FIRST = b"1" * MIN_PART_BYTES
LAST = b"the end"


@pytest.fixture(params=opening_params(OPENINGS))
async def subject(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[MultipartSubject]:
    """Each bucket in turn."""
    async with without_leaked_tasks(), OPENINGS[str(request.param)](tmp_path) as opened:
        yield opened


async def begun(subject: MultipartSubject, key: ObjectKey = KEY) -> str:
    """An upload without parts."""
    return await subject.store.create(key, content_type="video/mp4", part_bytes=MIN_PART_BYTES)


def signed(subject: MultipartSubject, upload_id: str, number: int, size_bytes: int) -> PresignedUpload:
    """A URL for a part of this size."""
    return subject.store.presign_part(
        KEY, upload_id, number, size_bytes=size_bytes, expires_in_s=60, signed_at=subject.now()
    )


async def send(subject: MultipartSubject, upload_id: str, number: int, body: bytes) -> int:
    """The status of the PUT of a part as it was signed."""
    upload = signed(subject, upload_id, number, len(body))
    return await subject.wire.put(upload.url, upload.headers, body)


async def sent(subject: MultipartSubject) -> tuple[str, list[UploadedPart]]:
    """An upload with both its parts, the last one sent first."""
    upload_id = await begun(subject)
    assert await send(subject, upload_id, 2, LAST) == 200
    assert await send(subject, upload_id, 1, FIRST) == 200
    return upload_id, await subject.store.list_parts(KEY, upload_id)


async def stored(subject: MultipartSubject) -> bytes:
    """The whole object under the key."""
    return (await subject.objects.peek(KEY, length=2 * MIN_PART_BYTES)).first_bytes


async def test_parts_are_listed_by_number(subject: MultipartSubject) -> None:
    """A client that resumes learns from the bucket which parts it has."""
    _, parts = await sent(subject)
    assert [(part.number, part.size_bytes) for part in parts] == [(1, len(FIRST)), (2, len(LAST))]


async def test_list_parts_reads_every_page(subject: MultipartSubject) -> None:
    """The double of R2 has small pages."""
    upload_id = await begun(subject)
    for number in (1, 2, 3, 5, 8, 13, 21):
        assert await send(subject, upload_id, number, b"x") == 200
    assert [part.number for part in await subject.store.list_parts(KEY, upload_id)] == [1, 2, 3, 5, 8, 13, 21]


async def test_a_new_upload_has_no_parts_and_no_object(subject: MultipartSubject) -> None:
    """Nothing is under the key before the upload is completed."""
    upload_id = await begun(subject)
    assert await subject.store.list_parts(KEY, upload_id) == []
    with pytest.raises(ObjectNotFound):
        await subject.objects.head(KEY)
    await subject.store.abort(KEY, upload_id)


async def test_presigned_part_refuses_another_length(subject: MultipartSubject) -> None:
    """The length is signed."""
    need("signatures", subject.lacks)
    upload_id = await begun(subject)
    upload = signed(subject, upload_id, 1, len(LAST))
    assert await subject.wire.put(upload.url, upload.headers, LAST + b"!") == 403
    assert await subject.store.list_parts(KEY, upload_id) == []


async def test_a_part_sent_again_replaces_itself(subject: MultipartSubject) -> None:
    """A client whose response was lost repeats the request."""
    need("replaced parts", subject.lacks)
    upload_id = await begun(subject)
    assert await send(subject, upload_id, 1, LAST) == 200
    assert await send(subject, upload_id, 1, LAST + b"!") == 200
    parts = await subject.store.list_parts(KEY, upload_id)
    assert [(part.number, part.size_bytes) for part in parts] == [(1, len(LAST) + 1)]


async def test_complete_joins_the_parts(subject: MultipartSubject) -> None:
    """In the order of their numbers; the upload is gone afterwards."""
    upload_id, parts = await sent(subject)
    info = await subject.store.complete(KEY, upload_id, parts)
    assert info == await subject.objects.head(KEY)
    assert info.size_bytes == len(FIRST) + len(LAST)
    assert await stored(subject) == FIRST + LAST
    assert await subject.store.list_uploads("") == []


async def test_complete_can_be_repeated(subject: MultipartSubject) -> None:
    """A response that was lost is given again."""
    upload_id, parts = await sent(subject)
    first = await subject.store.complete(KEY, upload_id, parts)
    assert await subject.store.complete(KEY, upload_id, parts) == first


async def test_complete_of_an_unknown_upload_is_not_found(subject: MultipartSubject) -> None:
    """There is no object under the key that could be its result."""
    need("unknown uploads", subject.lacks)
    upload_id, parts = await sent(subject)
    await subject.store.abort(KEY, upload_id)
    with pytest.raises(NotFound) as caught:
        await subject.store.complete(KEY, upload_id, parts)
    assert caught.value.code == "upload_not_found"


async def test_complete_does_not_accept_another_object(subject: MultipartSubject) -> None:
    """The size differs."""
    need("unknown uploads", subject.lacks)
    upload_id, parts = await sent(subject)
    await subject.store.complete(KEY, upload_id, parts)
    with pytest.raises(NotFound):
        await subject.store.complete(KEY, "an-unknown-upload", parts[:1])


async def test_complete_refuses_parts_that_the_bucket_does_not_have(subject: MultipartSubject) -> None:
    """A part that was replaced since has another ETag."""
    upload_id, parts = await sent(subject)
    replaced = [parts[0], replace(parts[1], etag='"00000000000000000000000000000000"')]
    for listed in (replaced, []):
        with pytest.raises(Rejected) as caught:
            await subject.store.complete(KEY, upload_id, listed)
        assert caught.value.code == "invalid_parts"
    with pytest.raises(ObjectNotFound):
        await subject.objects.head(KEY)


async def test_abort_drops_the_parts_and_can_be_repeated(subject: MultipartSubject) -> None:
    """An unknown upload is no error either."""
    upload_id, _ = await sent(subject)
    for _ in range(2):
        await subject.store.abort(KEY, upload_id)
    await subject.store.abort(KEY, "an-unknown-upload")
    assert await subject.store.list_uploads("") == []
    with pytest.raises(NotFound) as caught:
        await subject.store.list_parts(KEY, upload_id)
    assert caught.value.code == "upload_not_found"


async def test_unfinished_uploads_are_listed_by_prefix(subject: MultipartSubject) -> None:
    """The clean-up finds abandoned uploads and when they were created; the double of R2 has small pages."""
    ids = {await begun(subject) for _ in range(4)}
    other = await begun(subject, OTHER_KEY)
    uploads = await subject.store.list_uploads("videos/auth0")
    assert ({upload.upload_id for upload in uploads}, {upload.key for upload in uploads}) == (ids, {KEY})
    assert all(upload.initiated_at.tzinfo is not None for upload in uploads)
    assert [upload.upload_id for upload in await subject.store.list_uploads("videos/bob/")] == [other]
    assert await subject.store.list_uploads("videos/c") == []
    for upload in await subject.store.list_uploads(""):
        await subject.store.abort(upload.key, upload.upload_id)


async def test_a_fresh_bucket_has_no_unfinished_uploads(subject: MultipartSubject) -> None:
    """Even if a server answers 404 for that."""
    assert await subject.store.list_uploads("videos/") == []


async def test_signing_again_for_the_same_moment_gives_the_same_url(subject: MultipartSubject) -> None:
    """A repeated request gets the same response without a stored signature; each part has another URL."""
    moment = subject.now()

    def at(number: int, signed_at: datetime, upload_id: str = "u1") -> str:
        return subject.store.presign_part(
            KEY, upload_id, number, size_bytes=9, expires_in_s=60, signed_at=signed_at
        ).url

    assert at(1, moment) == at(1, moment)
    others = {at(1, moment), at(2, moment), at(1, moment + timedelta(seconds=5)), at(1, moment, "u2")}
    assert len(others) == 4


async def test_the_server_may_send_a_part_itself(subject: MultipartSubject) -> None:
    """It is a part like any other and replaces an earlier one."""
    upload_id = await begun(subject)
    parts = [await subject.store.upload_part(KEY, upload_id, *each) for each in ((2, LAST), (1, FIRST))][::-1]
    assert [(part.number, part.size_bytes) for part in parts] == [(1, len(FIRST)), (2, len(LAST))]
    assert await subject.store.list_parts(KEY, upload_id) == parts
    await subject.store.complete(KEY, upload_id, parts)
    assert await stored(subject) == FIRST + LAST


async def test_a_part_that_the_server_sends_again_replaces_itself(subject: MultipartSubject) -> None:
    """The last bytes are stored."""
    need("replaced parts", subject.lacks)
    upload_id = await begun(subject)
    first = await subject.store.upload_part(KEY, upload_id, 1, LAST)
    assert await subject.store.upload_part(KEY, upload_id, 1, LAST) == first
    again = await subject.store.upload_part(KEY, upload_id, 1, LAST[::-1])
    assert again.etag != first.etag
    await subject.store.complete(KEY, upload_id, await subject.store.list_parts(KEY, upload_id))
    assert await stored(subject) == LAST[::-1]


@pytest.mark.parametrize("number", [0, -1, 10_001])
async def test_no_part_has_another_number(subject: MultipartSubject, number: int) -> None:
    """The rule of S3 and R2: 1 to 10,000."""
    upload_id = await begun(subject)
    with pytest.raises(Rejected) as caught:
        await subject.store.upload_part(KEY, upload_id, number, LAST)
    assert caught.value.code == "invalid_parts"
    await subject.store.abort(KEY, upload_id)


@pytest.mark.parametrize("ending", ["complete", "abort"])
async def test_a_part_that_comes_when_its_upload_has_ended_is_not_found(subject: MultipartSubject, ending: str) -> None:
    """A presigned URL outlives the upload, but cannot change the object."""
    need("unknown uploads", subject.lacks)
    upload_id, parts = await sent(subject)
    late = signed(subject, upload_id, 2, len(LAST))
    if ending == "complete":
        await subject.store.complete(KEY, upload_id, parts)
    else:
        await subject.store.abort(KEY, upload_id)
    assert await subject.wire.put(late.url, late.headers, LAST[::-1]) == 404
    with pytest.raises(NotFound) as caught:
        await subject.store.upload_part(KEY, upload_id, 2, LAST[::-1])
    assert caught.value.code == "upload_not_found"
    if ending == "complete":
        assert await stored(subject) == FIRST + LAST


async def test_complete_drops_the_parts_that_it_does_not_name(subject: MultipartSubject) -> None:
    """Additional parts that a client has sent do not become part of the object."""
    need("dropped parts", subject.lacks)
    upload_id, parts = await sent(subject)
    assert await send(subject, upload_id, 3, LAST) == 200
    assert (await subject.store.complete(KEY, upload_id, parts[:1])).size_bytes == len(FIRST)
    assert await stored(subject) == FIRST
    assert await subject.store.list_uploads("") == []


async def test_complete_refuses_parts_of_unequal_sizes(subject: MultipartSubject) -> None:
    """R2's rule: equal sizes, except the last part, which may be smaller."""
    need("equal parts", subject.lacks)
    upload_id = await begun(subject)
    for number, body in ((1, FIRST), (2, LAST), (3, FIRST)):
        assert await send(subject, upload_id, number, body) == 200
    with pytest.raises(Rejected) as caught:
        await subject.store.complete(KEY, upload_id, await subject.store.list_parts(KEY, upload_id))
    assert caught.value.code == "invalid_parts"
    with pytest.raises(ObjectNotFound):
        await subject.objects.head(KEY)
    assert await send(subject, upload_id, 2, FIRST) == 200
    info = await subject.store.complete(KEY, upload_id, await subject.store.list_parts(KEY, upload_id))
    assert info.size_bytes == 3 * len(FIRST)


async def test_parts_of_an_upload_are_no_objects(subject: MultipartSubject) -> None:
    """Neither before it is completed nor after it was aborted."""
    upload_id, _ = await sent(subject)
    assert await subject.objects.list_keys("") == []
    assert [each async for each in subject.objects.scan("")] == []
    await subject.store.abort(KEY, upload_id)
    assert await subject.objects.list_keys("") == []


async def test_an_upload_belongs_to_its_key(subject: MultipartSubject) -> None:
    """With another key its id is not found."""
    need("keys of uploads", subject.lacks)
    upload_id, parts = await sent(subject)
    await subject.store.abort(OTHER_KEY, upload_id)
    calls: tuple[Awaitable[object], ...] = (
        subject.store.list_parts(OTHER_KEY, upload_id),
        subject.store.complete(OTHER_KEY, upload_id, parts),
        subject.store.upload_part(OTHER_KEY, upload_id, 1, FIRST),
    )
    for call in calls:
        with pytest.raises(NotFound):
            await call
    assert await subject.store.list_parts(KEY, upload_id) == parts


async def test_a_broken_bucket_is_unavailable(subject: MultipartSubject) -> None:
    """No vendor's error passes the port, and no failure is reported as an absent upload."""
    need("missing buckets", subject.lacks)
    upload_id, parts = await sent(subject)
    subject.break_bucket()
    calls: tuple[Awaitable[object], ...] = (
        begun(subject),
        subject.store.upload_part(KEY, upload_id, 1, FIRST),
        subject.store.list_parts(KEY, upload_id),
        subject.store.complete(KEY, upload_id, parts),
        subject.store.abort(KEY, upload_id),
        subject.store.list_uploads(""),
    )
    for call in calls:
        with pytest.raises(Unavailable):
            await call
