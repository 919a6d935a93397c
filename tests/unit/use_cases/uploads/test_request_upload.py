"""Requesting uploads: declarations, strategies and idempotency keys."""

import asyncio
from dataclasses import replace

import pytest

from adapters.fakes.id_generator import SequentialIdGenerator
from domain.model.errors import AlreadyExists, Conflict, Rejected, Unavailable
from domain.model.ids import UserId
from domain.model.uploads.multipart import MIB
from domain.model.uploads.policy import UploadDeclaration, UploadStrategy
from domain.model.videos.lifecycle import VideoStatus
from entrypoints.bootstrap.adapters import Adapters
from entrypoints.bootstrap.use_cases.wire import wire
from entrypoints.config.settings import Settings
from tests.support.uploading import declared, request_upload
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio

EVE = UserId("eve")
CLIP = UploadDeclaration("clip.mp4", 4096, "")


@pytest.mark.parametrize(("size_bytes", "is_in_parts"), [(100 * MIB - 1, False), (100 * MIB, True)])
async def test_auto_chooses_parts_from_100_mib(world: World, size_bytes: int, *, is_in_parts: bool) -> None:
    """Smaller files use a single PUT, which is simpler."""
    grant = await world.application.uploads.request(ADA, declared(size_bytes, UploadStrategy.AUTO))
    assert (grant.signed.video.source.multipart is not None) is is_in_parts


async def test_without_a_multipart_upload_no_video_is_created(world: World) -> None:
    """The bucket failed to create the upload, so that no part could be stored."""
    world.multipart.fail_next("create")
    with pytest.raises(Unavailable):
        await request_upload(world)
    assert (await world.application.list_videos(ADA, limit=10)).videos == ()


@pytest.mark.parametrize("strategy", UploadStrategy)
async def test_a_repeated_request_gets_the_same_answer(world: World, strategy: UploadStrategy) -> None:
    """The response has the same URLs, also later; no second video is created."""
    first = await request_upload(world, strategy=strategy, key="again")
    world.clock.advance(600)
    second = await request_upload(world, strategy=strategy, key="again")
    assert second.signed == first.signed
    assert (first.is_replay, second.is_replay) == (False, True)
    assert len((await world.application.list_videos(ADA, limit=10)).videos) == 1


@pytest.mark.parametrize("strategy", [UploadStrategy.SINGLE, UploadStrategy.MULTIPART])
async def test_fifty_concurrent_requests_with_one_key_create_one_video(world: World, strategy: UploadStrategy) -> None:
    """All get the same response, and no multipart upload is left behind."""
    grants = await asyncio.gather(*(request_upload(world, strategy=strategy, key="again") for _ in range(50)))
    assert len({grant.signed.video.id for grant in grants}) == 1
    assert [grant.is_replay for grant in grants].count(False) == 1
    assert len((await world.application.list_videos(ADA, limit=100)).videos) == 1
    assert len(world.multipart.uploads) == (1 if strategy is UploadStrategy.MULTIPART else 0)


async def test_a_key_stands_for_one_declaration(world: World) -> None:
    """Another body under the same key is refused, even in a concurrent request."""
    first = await request_upload(world, b"content", key="again")
    with pytest.raises(Rejected) as refused:
        await request_upload(world, b"contents", key="again")
    assert refused.value.code == "idempotency_key_reused"
    results = await asyncio.gather(
        request_upload(world, b"content", key="other"),
        request_upload(world, b"contents", key="other"),
        return_exceptions=True,
    )
    assert [isinstance(result, Rejected) for result in results] == [False, True]
    assert (await world.video(first.signed.video.id)).status is VideoStatus.UPLOADING


async def test_keys_are_separate_for_each_user(world: World) -> None:
    """Another user can use the same key, and learns nothing about the first user's request."""
    ours = await request_upload(world, b"content", key="again")
    other = await request_upload(world, b"contents", owner=EVE, key="again")
    assert not other.is_replay
    assert ours.signed.video.id != other.signed.video.id


@pytest.mark.parametrize("key", ["", " ", "a\n", "\u00e4", "x" * 256])
async def test_a_malformed_key_is_refused(world: World, key: str) -> None:
    """No video is created."""
    with pytest.raises(Rejected) as refused:
        await world.application.uploads.request(ADA, CLIP, key=key)
    assert refused.value.code == "invalid_idempotency_key"
    assert (await world.application.list_videos(ADA, limit=10)).videos == ()


async def test_the_key_of_a_deleted_video_cannot_be_used_again(world: World) -> None:
    """There is no response to repeat, and a new video would be a second one."""
    grant = await world.application.uploads.request(ADA, CLIP, key="again")
    await world.application.delete_video(ADA, grant.signed.video.id)
    with pytest.raises(Conflict) as refused:
        await world.application.uploads.request(ADA, CLIP, key="again")
    assert refused.value.code == "idempotency_key_spent"


async def test_a_taken_id_creates_nothing(world: World) -> None:
    """The multipart upload is aborted; if the bucket does not answer then, the clean-up aborts it later."""
    await request_upload(world)
    world.multipart.fail_next("abort")
    application = wire(_with_ids_from_the_beginning(world), Settings())
    for left in (2, 2):
        with pytest.raises(AlreadyExists):
            await application.uploads.request(ADA, declared(10, UploadStrategy.MULTIPART))
        application = wire(_with_ids_from_the_beginning(world), Settings())
        assert len(world.multipart.uploads) == left


def _with_ids_from_the_beginning(world: World) -> Adapters:
    return replace(world.adapters, ids=SequentialIdGenerator())


async def test_without_a_database_no_upload_is_created(world: World) -> None:
    """The error says that the client should retry."""
    world.database.is_down = True
    with pytest.raises(Unavailable):
        await world.application.uploads.request(ADA, CLIP, key="again")


async def test_a_requested_upload_is_stored_and_signed(world: World) -> None:
    """The server chooses key and content type; the row is committed before the client gets its URL."""
    grant = await world.application.uploads.request(ADA, UploadDeclaration("Holiday.MOV", 10, ""))
    video = grant.signed.video
    assert video == await world.video(video.id)
    assert video.status is VideoStatus.UPLOADING
    assert video.source.key == f"videos/ada/{video.id}.mov"
    assert grant.signed.presigned is not None
    assert grant.signed.presigned.headers == {"Content-Type": "video/quicktime"}
    assert grant.signed.parts == ()
    assert grant.signed.expires_in_s == 3600
    assert not grant.is_replay


async def test_a_refused_upload_leaves_nothing(world: World) -> None:
    """A declaration that the policy refuses is neither signed nor written."""
    with pytest.raises(Rejected, match="must end in"):
        await world.application.uploads.request(ADA, UploadDeclaration("notes.txt", 10, ""))
    page = await world.application.list_videos(ADA, limit=10)
    assert page.videos == ()
