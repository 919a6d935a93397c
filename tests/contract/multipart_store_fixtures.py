"""Multipart stores under test, each with the object store of the same bucket."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from adapters.fakes.multipart_store import InMemoryMultipartStore
from adapters.s3.object_store import S3ObjectStore
from domain.ports.multipart_store import MultipartStore
from domain.ports.object_store import ObjectStore
from tests.contract.bucket_gateway_fixtures import GatewayOpening, fake_gateway, local_gateway
from tests.contract.object_store_fixtures import Subject, Wire, break_folder, wire_to
from tests.contract.s3_object_store_fixtures import s3_external, s3_moto, s3_r2, s3_rclone


@dataclass(frozen=True)
class MultipartSubject:
    """A multipart store, the object store of its bucket, and a client that sends parts."""

    store: MultipartStore
    objects: ObjectStore
    wire: Wire
    now: Callable[[], datetime]
    break_bucket: Callable[[], None]
    lacks: frozenset[str] = frozenset()


MultipartOpening = Callable[[Path], AbstractAsyncContextManager[MultipartSubject]]


def served(opening: GatewayOpening, break_bucket: Callable[[Path, MultipartStore], None]) -> MultipartOpening:
    """The multipart store of a bucket that the API serves."""

    @asynccontextmanager
    async def opened(tmp_path: Path) -> AsyncGenerator[MultipartSubject]:
        async with opening(tmp_path) as inner, wire_to(inner.gateway) as wire:
            yield MultipartSubject(
                inner.multipart,
                inner.store,
                wire,
                inner.clock.now,
                lambda: break_bucket(tmp_path, inner.multipart),
            )

    return opened


def _break_fake(_tmp_path: Path, store: MultipartStore) -> None:
    assert isinstance(store, InMemoryMultipartStore)
    for method in ("create", "upload_part", "list_parts", "complete", "abort", "list_uploads"):
        store.fail_next(method)


def _break_folder(tmp_path: Path, _store: MultipartStore) -> None:
    break_folder(tmp_path)


def over(opening: Callable[[Path], AbstractAsyncContextManager[Subject]]) -> MultipartOpening:
    """The multipart store of an S3 bucket."""

    @asynccontextmanager
    async def opened(tmp_path: Path) -> AsyncGenerator[MultipartSubject]:
        async with opening(tmp_path) as subject:
            assert isinstance(subject.store, S3ObjectStore)
            multipart = subject.store.multipart_store

            def break_bucket() -> None:
                multipart._bucket = replace(multipart._bucket, name="no-such-bucket")

            yield MultipartSubject(multipart, subject.store, subject.wire, subject.now, break_bucket, subject.lacks)

    return opened


OPENINGS: dict[str, MultipartOpening] = {
    "fake": served(fake_gateway, _break_fake),
    "localfs": served(local_gateway, _break_folder),
    "s3_moto": over(s3_moto),
    "s3_rclone": over(s3_rclone),
    "s3_r2": over(s3_r2),
    "s3_external": over(s3_external),
}
