"""What the multipart side of every bucket must do."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from domain.model.errors import NotFound, ObjectNotFound, Rejected
from domain.model.multipart import MIN_PART_BYTES
from domain.model.object_key import ObjectKey
from domain.ports.multipart_store import UploadedPart
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
    return await subject.store.create(key, content_type="video/mp4")


async def send(subject: MultipartSubject, upload_id: str, number: int, body: bytes) -> int:
    """The status of sending a part as it was declared."""
    upload = subject.store.presign_part(KEY, upload_id, number, size_bytes=len(body), expires_in_s=60)
    return await subject.client.put(upload, body)


async def sent(subject: MultipartSubject) -> tuple[str, list[UploadedPart]]:
    """An upload with both its parts, the last one sent first."""
    upload_id = await begun(subject)
    assert await send(subject, upload_id, 2, LAST) == 200
    assert await send(subject, upload_id, 1, FIRST) == 200
    return upload_id, await subject.store.list_parts(KEY, upload_id)


async def test_parts_are_listed_by_number(subject: MultipartSubject) -> None:
    """Whoever resumes learns from the bucket what it has."""
    _, parts = await sent(subject)
    assert [(part.number, part.size_bytes) for part in parts] == [(1, len(FIRST)), (2, len(LAST))]


async def test_list_parts_knows_more_than_one_page(subject: MultipartSubject) -> None:
    """The double of R2 has small pages."""
    upload_id = await begun(subject)
    for number in (1, 2, 3, 5, 8, 13, 21):
        assert await send(subject, upload_id, number, b"x") == 200
    assert [part.number for part in await subject.store.list_parts(KEY, upload_id)] == [1, 2, 3, 5, 8, 13, 21]


async def test_a_new_upload_has_no_parts_and_no_object(subject: MultipartSubject) -> None:
    """Nothing appears under the key before it is completed."""
    upload_id = await begun(subject)
    assert await subject.store.list_parts(KEY, upload_id) == []
    with pytest.raises(ObjectNotFound):
        await subject.objects.head(KEY)
    await subject.store.abort(KEY, upload_id)


async def test_presigned_part_refuses_another_length(subject: MultipartSubject) -> None:
    """The length is signed."""
    need("signatures", subject.lacks)
    upload_id = await begun(subject)
    upload = subject.store.presign_part(KEY, upload_id, 1, size_bytes=len(LAST), expires_in_s=60)
    assert await subject.client.put(upload, LAST + b"!") == 403
    assert await subject.store.list_parts(KEY, upload_id) == []


async def test_a_part_sent_again_replaces_itself(subject: MultipartSubject) -> None:
    """A client whose answer was lost repeats."""
    need("replaced parts", subject.lacks)
    upload_id = await begun(subject)
    assert await send(subject, upload_id, 1, LAST) == 200
    assert await send(subject, upload_id, 1, LAST + b"!") == 200
    parts = await subject.store.list_parts(KEY, upload_id)
    assert [(part.number, part.size_bytes) for part in parts] == [(1, len(LAST) + 1)]


async def test_complete_joins_the_parts(subject: MultipartSubject) -> None:
    """In the order of their numbers, and the upload is gone."""
    upload_id, parts = await sent(subject)
    info = await subject.store.complete(KEY, upload_id, parts)
    assert info == await subject.objects.head(KEY)
    assert info.size_bytes == len(FIRST) + len(LAST)
    assert await subject.objects.read_range(KEY, start=len(FIRST) - 1, length=99) == b"1" + LAST
    assert await subject.store.list_uploads("") == []


async def test_complete_can_be_repeated(subject: MultipartSubject) -> None:
    """An answer that was lost is given again."""
    upload_id, parts = await sent(subject)
    first = await subject.store.complete(KEY, upload_id, parts)
    assert await subject.store.complete(KEY, upload_id, parts) == first


async def test_complete_of_an_unknown_upload_is_not_found(subject: MultipartSubject) -> None:
    """Nothing under the key could be its result."""
    need("unknown uploads", subject.lacks)
    upload_id, parts = await sent(subject)
    await subject.store.abort(KEY, upload_id)
    with pytest.raises(NotFound) as caught:
        await subject.store.complete(KEY, upload_id, parts)
    assert caught.value.code == "upload_not_found"


async def test_complete_does_not_take_another_object_for_its_own(subject: MultipartSubject) -> None:
    """The size is another."""
    need("unknown uploads", subject.lacks)
    upload_id, parts = await sent(subject)
    await subject.store.complete(KEY, upload_id, parts)
    with pytest.raises(NotFound):
        await subject.store.complete(KEY, "an-unknown-upload", parts[:1])


async def test_complete_refuses_parts_that_the_bucket_does_not_have(subject: MultipartSubject) -> None:
    """A part that was replaced meanwhile has another ETag."""
    upload_id, parts = await sent(subject)
    replaced = [parts[0], replace(parts[1], etag='"00000000000000000000000000000000"')]
    for listed in (replaced, []):
        with pytest.raises(Rejected) as caught:
            await subject.store.complete(KEY, upload_id, listed)
        assert caught.value.code == "invalid_parts"
    with pytest.raises(ObjectNotFound):
        await subject.objects.head(KEY)


async def test_abort_drops_the_parts_and_can_be_repeated(subject: MultipartSubject) -> None:
    """An unknown upload is fine too."""
    upload_id, _ = await sent(subject)
    for _ in range(2):
        await subject.store.abort(KEY, upload_id)
    await subject.store.abort(KEY, "an-unknown-upload")
    assert await subject.store.list_uploads("") == []
    with pytest.raises(NotFound) as caught:
        await subject.store.list_parts(KEY, upload_id)
    assert caught.value.code == "upload_not_found"


async def test_unfinished_uploads_are_listed_by_prefix(subject: MultipartSubject) -> None:
    """Clean-up finds what was given up, and when it was begun; the double of R2 has small pages."""
    ids = {await begun(subject) for _ in range(4)}
    other = await begun(subject, OTHER_KEY)
    uploads = await subject.store.list_uploads("videos/auth0")
    assert ({upload.upload_id for upload in uploads}, {upload.key for upload in uploads}) == (ids, {KEY})
    assert all(upload.initiated_at.tzinfo is not None for upload in uploads)
    assert [upload.upload_id for upload in await subject.store.list_uploads("videos/bob/")] == [other]
    assert await subject.store.list_uploads("videos/c") == []
    for upload in await subject.store.list_uploads(""):
        await subject.store.abort(upload.key, upload.upload_id)
