"""Multipart stores under test, each with the object store of the same bucket."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from adapters.fakes.clock import FakeClock
from adapters.fakes.multipart_store import InMemoryMultipartStore
from adapters.fakes.object_store import InMemoryObjectStore
from adapters.s3.object_store import S3ObjectStore
from domain.model.errors import NotFound, Rejected
from domain.ports.multipart_store import MultipartStore
from domain.ports.object_store import ObjectStore, PresignedUpload
from tests.contract.object_store_fixtures import Subject, Wire
from tests.contract.s3_object_store_fixtures import s3_external, s3_moto, s3_r2, s3_rclone


class Sending:
    """Either way of sending a part, over a wire or into memory."""

    def __init__(self, receiver: "Wire | InMemoryMultipartStore") -> None:
        self._receiver = receiver

    async def put(self, upload: PresignedUpload, body: bytes) -> int:
        """The status of the PUT of a part."""
        if not isinstance(self._receiver, InMemoryMultipartStore):
            return await self._receiver.put(upload.url, upload.headers, body)
        try:
            self._receiver.receive_part(upload.url, body)
        except Rejected:
            return HTTPStatus.FORBIDDEN
        except NotFound:
            return HTTPStatus.NOT_FOUND
        return HTTPStatus.OK


@dataclass(frozen=True)
class MultipartSubject:
    """A multipart store, the objects it makes, and a client that sends parts."""

    store: MultipartStore
    objects: ObjectStore
    client: Sending
    lacks: frozenset[str] = frozenset()


MultipartOpening = Callable[[Path], AbstractAsyncContextManager[MultipartSubject]]


@asynccontextmanager
async def fake(_tmp_path: Path) -> AsyncGenerator[MultipartSubject]:
    """The fakes."""
    clock = FakeClock()
    objects = InMemoryObjectStore(clock)
    store = InMemoryMultipartStore(objects, clock)
    yield MultipartSubject(store, objects, Sending(store))


def over(opening: Callable[[Path], AbstractAsyncContextManager[Subject]]) -> MultipartOpening:
    """The multipart side of an S3 bucket."""

    @asynccontextmanager
    async def opened(tmp_path: Path) -> AsyncGenerator[MultipartSubject]:
        async with opening(tmp_path) as subject:
            assert isinstance(subject.store, S3ObjectStore)
            yield MultipartSubject(subject.store.multipart_store, subject.store, Sending(subject.wire), subject.lacks)

    return opened


OPENINGS: dict[str, MultipartOpening] = {
    "fake": fake,
    "s3_moto": over(s3_moto),
    "s3_rclone": over(s3_rclone),
    "s3_r2": over(s3_r2),
    "s3_external": over(s3_external),
}
