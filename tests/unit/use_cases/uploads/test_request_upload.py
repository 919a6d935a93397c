"""Requesting uploads: strategies and idempotency keys."""

import asyncio
from dataclasses import replace

import pytest

from adapters.fakes.id_generator import SequentialIdGenerator
from adapters.fakes.transcoder import fake_video_bytes
from domain.model.errors import AlreadyExists, Conflict, Rejected, Unavailable
from domain.model.ids import UserId
from domain.model.uploads.multipart import MIB
from domain.model.uploads.policy import UploadDeclaration, UploadStrategy
from domain.model.videos.lifecycle import VideoStatus
from domain.use_cases.uploads.sign_upload import FIRST_PART_COUNT
from entrypoints.bootstrap.adapters import Adapters
from entrypoints.bootstrap.use_cases.wire import wire
from entrypoints.config.settings import Settings
from tests.support.uploading import grant_of
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio

EVE = UserId("eve")
CLIP = UploadDeclaration("clip.mp4", 4096, "")


def declared(size_bytes: int, strategy: UploadStrategy) -> UploadDeclaration:
    """A declaration of a clip of this size."""
    return UploadDeclaration("clip.mp4", size_bytes, "", strategy)


async def test_an_upload_in_parts_gets_the_urls_of_its_first_parts(world: World) -> None:
    """Each URL accepts exactly the size of its part; the multipart upload exists before the response is sent."""
    grant = await world.application.uploads.request(ADA, declared(200 * MIB, UploadStrategy.MULTIPART))
    video = grant.signed.video
    assert video.source.multipart is not None
    assert (grant.signed.presigned, video.source.multipart.part_bytes) == (None, 16 * MIB)
    assert [part.number for part in grant.signed.parts] == list(range(1, FIRST_PART_COUNT + 1))
    assert {part.size_bytes for part in grant.signed.parts} == {16 * MIB}
    assert world.multipart.uploads[video.source.multipart.upload_id].key == video.source.key


async def test_few_parts_are_all_signed_at_once(world: World) -> None:
    """The last part has the remaining bytes."""
    grant = await world.application.uploads.request(ADA, declared(16 * MIB + 5, UploadStrategy.MULTIPART))
    assert [(part.number, part.size_bytes) for part in grant.signed.parts] == [(1, 16 * MIB), (2, 5)]


async def test_only_an_upload_in_parts_has_parts(world: World) -> None:
    """Signing parts of a single PUT returns none."""
    grant = await grant_of(world, b"content", strategy=UploadStrategy.SINGLE)
    assert world.application.uploads.sign_parts.sign.parts(grant.signed.video, [1], signed_at=world.clock.now()) == ()


@pytest.mark.parametrize(("size_bytes", "is_in_parts"), [(100 * MIB - 1, False), (100 * MIB, True)])
async def test_auto_chooses_parts_from_100_mib(world: World, size_bytes: int, *, is_in_parts: bool) -> None:
    """Smaller files use a single PUT, which is simpler."""
    grant = await world.application.uploads.request(ADA, declared(size_bytes, UploadStrategy.AUTO))
    assert (grant.signed.video.source.multipart is not None) is is_in_parts


async def test_without_a_multipart_upload_no_video_is_created(world: World) -> None:
    """The bucket failed to create the upload, so that no part could be stored."""
    world.multipart.fail_next("create")
    with pytest.raises(Unavailable):
        await grant_of(world)
    assert (await world.application.list_videos(ADA, limit=10)).videos == ()


@pytest.mark.parametrize("strategy", UploadStrategy)
async def test_a_repeated_request_gets_the_same_answer(world: World, strategy: UploadStrategy) -> None:
    """The response has the same URLs, also later; no second video is created."""
    first = await grant_of(world, strategy=strategy, key="again")
    world.clock.advance(600)
    second = await grant_of(world, strategy=strategy, key="again")
    assert second.signed == first.signed
    assert (first.is_replay, second.is_replay) == (False, True)
    assert len((await world.application.list_videos(ADA, limit=10)).videos) == 1


@pytest.mark.parametrize("strategy", [UploadStrategy.SINGLE, UploadStrategy.MULTIPART])
async def test_fifty_concurrent_requests_with_one_key_create_one_video(world: World, strategy: UploadStrategy) -> None:
    """All get the same response, and no multipart upload is left behind."""
    grants = await asyncio.gather(*(grant_of(world, strategy=strategy, key="again") for _ in range(50)))
    assert len({grant.signed.video.id for grant in grants}) == 1
    assert [grant.is_replay for grant in grants].count(False) == 1
    assert len((await world.application.list_videos(ADA, limit=100)).videos) == 1
    assert len(world.multipart.uploads) == (1 if strategy is UploadStrategy.MULTIPART else 0)


async def test_a_key_stands_for_one_declaration(world: World) -> None:
    """Another body under the same key is refused, even in a concurrent request."""
    first = await grant_of(world, b"content", key="again")
    with pytest.raises(Rejected) as refused:
        await grant_of(world, b"contents", key="again")
    assert refused.value.code == "idempotency_key_reused"
    results = await asyncio.gather(
        grant_of(world, b"content", key="other"), grant_of(world, b"contents", key="other"), return_exceptions=True
    )
    assert [isinstance(result, Rejected) for result in results] == [False, True]
    assert (await world.video(first.signed.video.id)).status is VideoStatus.UPLOADING


async def test_keys_are_separate_for_each_user(world: World) -> None:
    """Another user can use the same key, and learns nothing about the first user's request."""
    ours = await grant_of(world, b"content", key="again")
    theirs = await grant_of(world, b"contents", owner=EVE, key="again")
    assert not theirs.is_replay
    assert ours.signed.video.id != theirs.signed.video.id


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
    await grant_of(world)
    world.multipart.fail_next("abort")
    confused = wire(_with_ids_from_the_beginning(world), Settings())
    for left in (2, 2):
        with pytest.raises(AlreadyExists):
            await confused.uploads.request(ADA, declared(10, UploadStrategy.MULTIPART))
        confused = wire(_with_ids_from_the_beginning(world), Settings())
        assert len(world.multipart.uploads) == left


def _with_ids_from_the_beginning(world: World) -> Adapters:
    return replace(world.adapters, ids=SequentialIdGenerator())


async def test_without_a_database_no_upload_is_created(world: World) -> None:
    """The error says that the client should retry."""
    world.database.is_down = True
    with pytest.raises(Unavailable):
        await world.application.uploads.request(ADA, CLIP, key="again")


async def test_a_replay_after_the_upload_has_no_usable_urls(world: World) -> None:
    """For a completed or closed upload it returns the same video with URLs that were never valid."""
    content = fake_video_bytes()
    first = await grant_of(world, content, strategy=UploadStrategy.SINGLE, key="again")
    video = first.signed.video
    world.objects.objects[video.source.key] = content
    await world.application.uploads.complete(ADA, video.id)
    replay = await grant_of(world, content, strategy=UploadStrategy.SINGLE, key="again")
    assert (replay.is_replay, replay.signed.video.id, replay.signed.expires_in_s) == (True, video.id, 0)
    assert first.signed.presigned is not None
    assert replay.signed.presigned is not None
    assert replay.signed.presigned.url != first.signed.presigned.url
