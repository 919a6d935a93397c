"""Cleaning up: orphans, old idempotency keys, and whose turn it is."""

from datetime import timedelta

import pytest

from domain.model.errors import Conflict, Unavailable
from domain.model.identity import JobId, VideoId
from domain.model.job import ErasePayload
from domain.model.lifecycle import VideoStatus
from domain.model.multipart import MIN_PART_BYTES
from domain.model.object_key import DerivedKeys, ObjectKey, source_key
from domain.use_cases.clean_up import CleanUpReport
from domain.use_cases.find_orphans import BATCH
from tests.builders import a_new_job, a_uuid
from tests.unit.use_cases.uploading import grant_of, sent_in_parts
from tests.world import ADA, World

pytestmark = pytest.mark.anyio

DAY_S = 24 * 3600
UNKNOWN = VideoId(a_uuid(999))
ORPHAN = source_key(ADA, UNKNOWN, ".mp4")
DERIVED_ORPHAN = DerivedKeys(ADA, UNKNOWN, fence=3).rendition


async def clean(world: World, *, is_confirmed: bool = False) -> CleanUpReport:
    """Do all of it now."""
    return await world.application.clean_up.now(is_confirmed=is_confirmed)


async def settled(world: World) -> set[ObjectKey]:
    """What the bucket holds of a video that the database knows."""
    await world.processed()
    return world.keys


async def test_what_belongs_to_no_video_is_erased(world: World) -> None:
    """Originals, renditions and unfinished uploads of videos that nobody knows."""
    kept = await settled(world)
    world.objects.objects[ORPHAN] = world.objects.objects[DERIVED_ORPHAN] = b"orphan"
    upload_id = await world.multipart.create(ORPHAN, content_type="video/mp4", part_bytes=MIN_PART_BYTES)
    world.clock.advance(DAY_S + 1)
    report = await clean(world)
    assert (report.orphans.scanned, set(report.orphans.keys)) == (len(kept) + 2, {ORPHAN, DERIVED_ORPHAN})
    assert [upload.upload_id for upload in report.orphans.uploads] == [upload_id]
    assert (world.keys, world.multipart.uploads) == (kept, {})


async def test_what_is_young_stays(world: World) -> None:
    """Its video may be about to be remembered."""
    world.objects.objects[ORPHAN] = b"orphan"
    await world.multipart.create(ORPHAN, content_type="video/mp4", part_bytes=MIN_PART_BYTES)
    world.clock.advance(DAY_S)
    report = await clean(world)
    assert (report.orphans.keys, report.orphans.uploads) == ((), ())
    assert (len(world.keys), len(world.multipart.uploads)) == (1, 1)


@pytest.mark.parametrize(
    "key",
    [
        "notes.txt",
        "videos/ada/notes.txt",
        f"videos/ada/{UNKNOWN}",
        f"videos/{UNKNOWN}.mp4",
        f"videos/ada/deeper/{UNKNOWN}.mp4",
        f"derived/ada/{UNKNOWN}/rendition.mp4",
        f"derived/ada/{UNKNOWN}/1-deeper/x.mp4",
        f"backup/videos/ada/{UNKNOWN}.mp4",
    ],
)
async def test_what_others_keep_in_the_bucket_stays(world: World, key: str) -> None:
    """Only keys of our own shape are looked at."""
    world.objects.objects[ObjectKey(key)] = b"not ours"
    await world.multipart.create(ObjectKey(key), content_type="video/mp4", part_bytes=MIN_PART_BYTES)
    world.clock.advance(2 * DAY_S)
    await clean(world, is_confirmed=True)
    assert (world.keys, len(world.multipart.uploads)) == ({key}, 1)


async def test_what_videos_need_stays(world: World) -> None:
    """A live upload, an original that waits, one that failed, and all that plays."""
    await sent_in_parts(world)
    completed = await world.processed()
    world.transcriber.fail(Conflict("No."), times=1)
    await world.processed()
    failed = await world.processed(b"RIFF\x00\x10\x00\x00AVI and nothing more.")
    waiting = await world.upload()
    assert (completed.status, failed.status) == (VideoStatus.COMPLETED, VideoStatus.FAILED)
    before = world.keys
    assert {failed.source.key, waiting.source.key} < before
    world.clock.advance(2 * DAY_S)
    orphans = await world.application.clean_up.find_orphans()
    assert (orphans.keys, orphans.uploads) == ((), ())
    assert orphans.scanned == len(before) == len(world.keys)


async def test_what_a_video_no_longer_needs_is_erased(world: World) -> None:
    """An original behind a publication, and what a lost attempt has stored."""
    video = await world.processed()
    stale = DerivedKeys(ADA, video.id, fence=9).rendition
    world.objects.objects[video.source.key] = world.objects.objects[stale] = b"left"
    world.clock.advance(2 * DAY_S)
    assert set((await clean(world)).orphans.keys) == {video.source.key, stale}


async def test_an_upload_that_is_no_longer_awaited_is_ended(world: World) -> None:
    """Of a video whose upload is closed, or that has another one."""
    closed, awaited = await sent_in_parts(world), (await grant_of(world)).signed.video
    await world.application.uploads.cancel(ADA, closed.id)
    other = await world.multipart.create(awaited.source.key, content_type="video/mp4", part_bytes=MIN_PART_BYTES)
    world.clock.advance(2 * DAY_S)
    ended = {upload.upload_id for upload in (await world.application.clean_up.find_orphans()).uploads}
    assert closed.source.multipart is not None
    assert ended == {closed.source.multipart.upload_id, other}


def fill(world: World, count: int) -> None:
    """So many objects that belong to no video."""
    for number in range(count):
        world.objects.objects[source_key(ADA, VideoId(a_uuid(10_000 + number)), ".mp4")] = b"orphan"


async def test_most_of_the_bucket_is_not_erased_without_a_word(world: World) -> None:
    """It may be the wrong database; told so, the clean-up does it."""
    fill(world, 1)
    world.clock.advance(2 * DAY_S)
    with pytest.raises(Conflict) as refused:
        await clean(world)
    assert refused.value.code == "suspicious_orphans"
    assert len(world.keys) == 1
    await clean(world, is_confirmed=True)
    assert world.keys == set()


async def test_orphans_are_found_however_many_there_are(world: World) -> None:
    """They are looked at in batches, uploads too."""
    fill(world, BATCH + 1)
    for key in list(world.keys):
        await world.multipart.create(key, content_type="video/mp4", part_bytes=MIN_PART_BYTES)
    world.clock.advance(2 * DAY_S)
    orphans = await world.application.clean_up.find_orphans()
    assert (len(orphans.keys), len(orphans.uploads)) == (BATCH + 1, BATCH + 1)


async def test_one_run_finds_so_many_at_most(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded; the next run goes on."""
    monkeypatch.setattr("domain.use_cases.find_orphans.MAX_ORPHANS", 3)
    monkeypatch.setattr("domain.use_cases.find_orphans.BATCH", 2)
    await settled(world)
    fill(world, 10)
    world.clock.advance(2 * DAY_S)
    assert [len((await clean(world)).orphans.keys) for _ in range(5)] == [3, 3, 3, 1, 0]


async def test_keys_are_forgotten_after_a_day(world: World) -> None:
    """Then the same request makes a new video."""
    first = await grant_of(world, b"content", key="again")
    world.clock.advance(DAY_S)
    assert (await clean(world)).forgotten_keys == 0
    assert (await grant_of(world, b"content", key="again")).is_replay
    world.clock.advance(1)
    assert (await clean(world)).forgotten_keys == 1
    second = await grant_of(world, b"content", key="again")
    assert (second.is_replay, second.signed.video.id == first.signed.video.id) == (False, False)


async def test_a_preview_says_what_would_be_done_and_does_nothing(world: World) -> None:
    """The same as the clean-up then does."""
    await settled(world)
    video = (await grant_of(world, b"content", key="again")).signed.video
    world.objects.objects[ORPHAN] = b"orphan"
    world.clock.advance(2 * DAY_S)
    preview = await world.application.clean_up.preview()
    assert preview == await world.application.clean_up.preview()
    assert ([each.id for each in preview.expired], preview.orphans.keys, preview.forgotten_keys) == (
        [video.id],
        (ORPHAN,),
        1,
    )
    report = await clean(world)
    assert (report.orphans.keys, report.forgotten_keys) == (preview.orphans.keys, 1)
    assert [each.id for each in report.expired] == [video.id]


async def test_what_expires_is_no_orphan(world: World) -> None:
    """Its own job erases it: however much there is, nobody takes the bucket for another database's."""
    for _ in range(101):
        video = await world.grant(b"content")
        world.objects.objects[video.source.key] = b"content"
    world.clock.advance(2 * DAY_S)
    preview = await world.application.clean_up.preview()
    report = await clean(world)
    assert (len(preview.expired), preview.orphans.keys) == (len(report.expired), report.orphans.keys) == (101, ())


async def test_of_all_workers_one_does_what_is_due(world: World) -> None:
    """Uploads are looked at every ten minutes, orphans once a day."""
    await settled(world)
    world.objects.objects[ORPHAN] = b"orphan"
    world.objects.objects.modified_at[ORPHAN] -= timedelta(days=2)
    video = await world.grant(b"content")
    assert (await world.application.clean_up.when_due()).orphans.keys == (ORPHAN,)
    world.objects.objects[ORPHAN] = b"orphan"
    world.objects.objects.modified_at[ORPHAN] -= timedelta(days=2)
    assert await world.application.clean_up.when_due() == CleanUpReport()
    world.clock.advance(DAY_S - 1)
    assert (await world.application.clean_up.when_due()).orphans.keys == ()
    world.clock.advance(600)
    report = await world.application.clean_up.when_due()
    assert ([each.id for each in report.expired], report.orphans.keys) == ([video.id], (ORPHAN,))


async def test_a_suspicious_bucket_is_left_alone_when_due(world: World) -> None:
    """Nobody is there to give their word."""
    fill(world, 101)
    world.clock.advance(2 * DAY_S)
    with pytest.raises(Conflict):
        await world.application.clean_up.when_due()
    assert len(world.keys) == 101


async def test_one_orphan_that_can_not_be_erased_keeps_no_other(world: World) -> None:
    """The others go, and the operator hears of it."""
    kept = await settled(world)
    world.objects.objects[ORPHAN] = world.objects.objects[DERIVED_ORPHAN] = b"orphan"
    world.clock.advance(2 * DAY_S)
    world.objects.fail_next("delete")
    with pytest.raises(Unavailable) as told:
        await clean(world)
    assert told.value.code == "orphans_kept"
    assert len(world.keys - kept) == 1


async def test_an_old_erase_job_spares_what_has_been_published_since(world: World) -> None:
    """A version that knew no fences may have owed it before a retry; what its video needs by now stays."""
    video = await world.processed()
    assert video.publication is not None
    stale = DerivedKeys(ADA, video.id, fence=9).poster
    world.objects.objects[stale] = b"left"
    async with world.database.write() as work:
        old = await work.jobs.add(
            a_new_job(
                id=JobId(a_uuid(5000)), video_id=video.id, payload=ErasePayload(prefixes=(f"derived/ada/{video.id}/",))
            )
        )
    await world.application.run_job(old.id)
    assert stale not in world.keys
    assert video.publication.main.key in world.keys
