"""The contract of every bucket gateway, the HTTP side of a bucket that the API serves."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from domain.model.errors import NotFound, ObjectNotFound, Rejected
from domain.model.ids import UserId, VideoId
from domain.model.object_key import ObjectKey, source_key
from domain.ports.bucket_gateway import SignedRequest
from tests.contract.bucket_gateway_fixtures import (
    BODY,
    KEY,
    GatewayOpening,
    GatewaySubject,
    chunks,
    fake_gateway,
    get_request,
    local_gateway,
    part_request,
    put_request,
    received,
    received_part,
    upload_begun,
    without_leaked_tasks,
)

pytestmark = pytest.mark.anyio

OPENINGS: dict[str, GatewayOpening] = {"fake": fake_gateway, "localfs": local_gateway}


@pytest.fixture(params=OPENINGS)
async def subject(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[GatewaySubject]:
    """Each gateway in turn."""
    async with without_leaked_tasks(), OPENINGS[str(request.param)](tmp_path) as opened:
        yield opened


async def served_bytes(subject: GatewaySubject, key: ObjectKey = KEY) -> bytes:
    """The bytes that a GET would read."""
    served = await subject.gateway.open(get_request(subject, key=key))
    return await asyncio.to_thread(served.path.read_bytes)


async def test_receive_stores_the_body_under_its_key(subject: GatewaySubject) -> None:
    """The body may arrive in chunks of any size, including empty ones."""
    info = await received(subject, put_request(subject), chunks(b"", BODY[:3], b"", BODY[3:], b""))
    assert info == await subject.store.head(KEY)
    assert (info.key, info.size_bytes) == (KEY, len(BODY))
    assert await served_bytes(subject) == BODY


async def test_receive_can_be_repeated(subject: GatewaySubject) -> None:
    """The last body is stored; a reader that has opened the old one reads it to its end."""
    first = await received(subject, put_request(subject), chunks(BODY))
    served = await subject.gateway.open(get_request(subject))
    with served.path.open("rb") as being_read:
        again = await received(subject, put_request(subject), chunks(BODY[::-1]))
        assert being_read.read() == BODY
    assert again.etag != first.etag
    assert await served_bytes(subject) == BODY[::-1]


@pytest.mark.parametrize("sent", [b"", BODY[:-1]])
async def test_receive_refuses_a_body_that_ends_early(subject: GatewaySubject, sent: bytes) -> None:
    """The client disconnected: nothing is stored, and the previous object stays."""
    with pytest.raises(Rejected) as refusal:
        await subject.gateway.receive(put_request(subject), chunks(sent))
    assert refusal.value.code == "incomplete_body"
    assert await subject.store.list_keys("") == []
    await subject.gateway.receive(put_request(subject), chunks(BODY))
    with pytest.raises(Rejected):
        await subject.gateway.receive(put_request(subject), chunks(sent))
    assert await served_bytes(subject) == BODY


async def test_receive_stops_at_the_first_byte_too_many(subject: GatewaySubject) -> None:
    """No more of the body is read."""
    taken: list[bytes] = []

    async def endless() -> AsyncIterator[bytes]:
        while True:
            taken.append(b"0123")
            yield b"0123"

    with pytest.raises(Rejected) as refusal:
        await subject.gateway.receive(put_request(subject), endless())
    assert refusal.value.code == "incomplete_body"
    assert len(b"".join(taken)) == 12
    assert await subject.store.list_keys("") == []


CHANGES: dict[str, Callable[[SignedRequest], SignedRequest]] = {
    "method": lambda request: replace(request, method="POST"),
    "key": lambda request: replace(request, key="videos/ann/2.mp4"),
    "climbing-key": lambda request: replace(request, key=f"../{request.key}"),
    "type": lambda request: replace(request, content_type="text/html"),
    "no-type": lambda request: replace(request, content_type=None),
    "length": lambda request: replace(request, content_length=11),
    "no-length": lambda request: replace(request, content_length=None),
    "no-query": lambda request: replace(request, query={}),
    "added-parameter": lambda request: replace(request, query={**request.query, "x": "1"}),
    "odd-signature": lambda request: replace(request, query={**request.query, "signature": "ü\ud800"}),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_receive_refuses_what_was_not_signed(subject: GatewaySubject, change: str) -> None:
    """No byte of the body is read."""
    body = chunks(BODY)
    with pytest.raises(Rejected) as refusal:
        await subject.gateway.receive(CHANGES[change](put_request(subject)), body)
    assert refusal.value.code == "invalid_signature"
    assert await anext(body) == BODY
    assert await subject.store.list_keys("") == []


@pytest.mark.parametrize("change", ["method", "key", "climbing-key", "no-query", "added-parameter", "odd-signature"])
async def test_open_refuses_what_was_not_signed(subject: GatewaySubject, change: str) -> None:
    """Whether the object exists or not."""
    for _ in range(2):
        with pytest.raises(Rejected) as refusal:
            await subject.gateway.open(CHANGES[change](get_request(subject)))
        assert refusal.value.code == "invalid_signature"
        await subject.gateway.receive(put_request(subject), chunks(BODY))


async def test_a_signature_serves_its_own_method(subject: GatewaySubject) -> None:
    """A signature for PUT opens nothing, one for GET stores nothing."""
    await subject.gateway.receive(put_request(subject), chunks(BODY))
    with pytest.raises(Rejected):
        await subject.gateway.open(replace(put_request(subject), method="GET"))
    for method in ("GET", "PUT"):
        with pytest.raises(Rejected):
            await subject.gateway.receive(replace(get_request(subject), method=method), chunks(b""))


async def test_an_expired_url_is_refused(subject: GatewaySubject) -> None:
    """The code is `url_expired`; an invalid signature is reported first, so that it reveals nothing about a URL."""
    await subject.gateway.receive(put_request(subject), chunks(BODY))
    put, get = put_request(subject), get_request(subject)
    subject.clock.advance(3600)
    for call in (subject.gateway.receive(put, chunks(BODY)), subject.gateway.open(get)):
        with pytest.raises(Rejected) as refusal:
            await call
        assert refusal.value.code == "url_expired"
    with pytest.raises(Rejected) as refusal:
        await subject.gateway.open(replace(get, key="videos/ann/2.mp4"))
    assert refusal.value.code == "invalid_signature"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_open_returns_what_to_serve(subject: GatewaySubject, method: str) -> None:
    """A HEAD is covered by the signature for GET."""
    info = await received(subject, put_request(subject), chunks(BODY))
    served = await subject.gateway.open(replace(get_request(subject), method=method))
    assert (served.info, served.content_type) == (info, "video/mp4")
    assert await asyncio.to_thread(served.path.read_bytes) == BODY


async def test_open_of_an_absent_object_is_not_found(subject: GatewaySubject) -> None:
    """Before the first upload, and after the object was deleted."""
    with pytest.raises(ObjectNotFound):
        await subject.gateway.open(get_request(subject))
    await subject.gateway.receive(put_request(subject), chunks(BODY))
    await subject.store.delete(KEY)
    with pytest.raises(ObjectNotFound):
        await subject.gateway.open(get_request(subject))


async def test_receive_cancelled_in_the_middle_stores_nothing(subject: GatewaySubject) -> None:
    """The previous object stays; the fixture checks that no temporary file is left."""
    size_bytes = 3 * 1024 * 1024
    before = await received(subject, put_request(subject), chunks(BODY))
    half_sent = asyncio.Event()

    async def stalling() -> AsyncIterator[bytes]:
        yield bytes(2 * 1024 * 1024)
        half_sent.set()
        await asyncio.Event().wait()

    receiving = asyncio.create_task(subject.gateway.receive(put_request(subject, size_bytes=size_bytes), stalling()))
    await half_sent.wait()
    receiving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await receiving
    assert await subject.store.head(KEY) == before


async def test_concurrent_uploads_to_one_key_leave_one_of_them_whole(subject: GatewaySubject) -> None:
    """The result is never a mixture."""
    size_bytes = 3 * 1024 * 1024
    bodies = [bytes([number]) * size_bytes for number in range(4)]
    request = put_request(subject, size_bytes=size_bytes)
    await asyncio.gather(*(subject.gateway.receive(request, chunks(body[:1000], body[1000:])) for body in bodies))
    assert await served_bytes(subject) in bodies


async def test_concurrent_deletes_never_break_an_upload(subject: GatewaySubject) -> None:
    """A delete may prune empty folders while another object is written next to them."""
    keys = [source_key(UserId("ann"), VideoId(str(number)), ".mp4") for number in range(5)]

    async def upload_and_delete(key: ObjectKey) -> None:
        for _ in range(20):
            await subject.gateway.receive(put_request(subject, key=key), chunks(BODY))
            assert (await subject.store.head(key)).size_bytes == len(BODY)
            await subject.store.delete(key)

    await asyncio.gather(*map(upload_and_delete, keys))
    assert await subject.store.list_keys("") == []


async def test_receive_stores_a_part(subject: GatewaySubject) -> None:
    """The result is the part that the store lists, and nothing is under the key before the upload is complete."""
    upload_id = await upload_begun(subject)
    part = await received_part(subject, part_request(subject, upload_id), BODY[:3], b"", BODY[3:])
    assert (part.number, part.size_bytes) == (1, len(BODY))
    assert await subject.multipart.list_parts(KEY, upload_id) == [part]
    assert await subject.store.list_keys("") == []
    await subject.multipart.complete(KEY, upload_id, [part])
    assert await served_bytes(subject) == BODY


@pytest.mark.parametrize("sent", [b"", BODY[:-1], BODY + b"!"])
async def test_receive_refuses_a_part_of_another_length(subject: GatewaySubject, sent: bytes) -> None:
    """The previous part stays."""
    upload_id = await upload_begun(subject)
    part = await received_part(subject, part_request(subject, upload_id), BODY)
    with pytest.raises(Rejected) as refusal:
        await subject.gateway.receive(part_request(subject, upload_id), chunks(sent))
    assert refusal.value.code == "incomplete_body"
    assert await subject.multipart.list_parts(KEY, upload_id) == [part]


@pytest.mark.parametrize(("number", "size_bytes"), [(0, 10), (10_001, 10), (1, 11)])
async def test_receive_refuses_impossible_parts(subject: GatewaySubject, number: int, size_bytes: int) -> None:
    """No byte of the body is read."""
    upload_id, body = await upload_begun(subject), chunks(BODY)
    with pytest.raises(Rejected) as refusal:
        await subject.gateway.receive(part_request(subject, upload_id, number, size_bytes=size_bytes), body)
    assert refusal.value.code == "invalid_parts"
    assert await anext(body) == BODY


@pytest.mark.parametrize("upload_id", ["0" * 32, "../x", "..", "a/b", "\0"])
async def test_receive_refuses_unknown_uploads(subject: GatewaySubject, upload_id: str) -> None:
    """Any other id is not found, and no byte of the body is read."""
    await upload_begun(subject)
    request, body = part_request(subject, upload_id), chunks(BODY)
    with pytest.raises(NotFound) as refusal:
        await subject.gateway.receive(request, body)
    assert refusal.value.code == "upload_not_found"
    assert await anext(body) == BODY


@pytest.mark.parametrize("ending", ["complete", "abort"])
async def test_a_part_that_arrives_when_its_upload_has_ended_changes_nothing(
    subject: GatewaySubject, ending: str
) -> None:
    """This includes a part that was in transit when the upload ended."""
    upload_id = await upload_begun(subject)
    part = await received_part(subject, part_request(subject, upload_id), BODY)
    half_sent, may_continue = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield BODY[:3]
        half_sent.set()
        await may_continue.wait()
        yield bytes(7)

    late = asyncio.create_task(received(subject, part_request(subject, upload_id), slow()))
    await half_sent.wait()
    if ending == "complete":
        await subject.multipart.complete(KEY, upload_id, [part])
    else:
        await subject.multipart.abort(KEY, upload_id)
    may_continue.set()
    for call in (late, subject.gateway.receive(part_request(subject, upload_id), chunks(bytes(10)))):
        with pytest.raises(NotFound) as refusal:
            await call
        assert refusal.value.code == "upload_not_found"
    assert await subject.store.list_keys("") == ([KEY] if ending == "complete" else [])
    if ending == "complete":
        assert await served_bytes(subject) == BODY


PART_CHANGES = ("method", "key", "climbing-key", "length", "no-length", "no-query", "added-parameter", "odd-signature")


@pytest.mark.parametrize("change", PART_CHANGES)
async def test_receive_refuses_a_part_that_was_not_signed(subject: GatewaySubject, change: str) -> None:
    """Only the media type is not signed."""
    upload_id, body = await upload_begun(subject), chunks(BODY)
    with pytest.raises(Rejected) as refusal:
        await subject.gateway.receive(CHANGES[change](part_request(subject, upload_id)), body)
    assert refusal.value.code == "invalid_signature"
    assert await anext(body) == BODY


async def test_a_signature_for_a_part_serves_no_other_and_no_object(subject: GatewaySubject) -> None:
    """A signature for an object covers no part either."""
    upload_id = await upload_begun(subject)
    other_id = await upload_begun(subject)
    part, whole = part_request(subject, upload_id), put_request(subject)
    names = {name: part.query[name] for name in ("partNumber", "uploadId")}
    others = [
        replace(part, query={**part.query, "partNumber": "2"}),
        replace(part, query={**part.query, "uploadId": other_id}),
        replace(part, query={name: value for name, value in part.query.items() if name not in names}),
        replace(
            part, query={name: value for name, value in part.query.items() if name not in names}, content_type=None
        ),
        replace(whole, query={**whole.query, **names}),
        replace(part, method="GET"),
    ]
    for request in others:
        with pytest.raises(Rejected) as refusal:
            await subject.gateway.receive(request, chunks(BODY))
        assert refusal.value.code == "invalid_signature"
    with pytest.raises(Rejected):
        await subject.gateway.open(replace(part, method="GET"))
    assert await subject.multipart.list_parts(KEY, upload_id) == []
    assert await subject.store.list_keys("") == []


async def test_an_expired_url_of_a_part_is_refused(subject: GatewaySubject) -> None:
    """The upload continues with a new URL."""
    upload_id = await upload_begun(subject)
    late = part_request(subject, upload_id)
    subject.clock.advance(3600)
    with pytest.raises(Rejected) as refusal:
        await subject.gateway.receive(late, chunks(BODY))
    assert refusal.value.code == "url_expired"
    await received_part(subject, part_request(subject, upload_id), BODY)


async def test_concurrent_sends_of_one_part_leave_one_of_them_whole(subject: GatewaySubject) -> None:
    """The result is never a mixture, and the listed ETag belongs to the stored bytes."""
    size_bytes = 3 * 1024 * 1024
    upload_id = await upload_begun(subject, part_bytes=size_bytes)
    bodies = [bytes([number]) * size_bytes for number in range(4)]
    request = part_request(subject, upload_id, size_bytes=size_bytes)
    parts = await asyncio.gather(*(received_part(subject, request, body) for body in bodies))
    listed = await subject.multipart.list_parts(KEY, upload_id)
    await subject.multipart.complete(KEY, upload_id, listed)
    assert await served_bytes(subject) == bodies[parts.index(listed[0])]
