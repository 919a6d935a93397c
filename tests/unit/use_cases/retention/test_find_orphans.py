"""Finding orphans: objects and multipart uploads that no video needs."""

import pytest

from domain.model.errors import Conflict
from domain.model.ids import VideoId
from domain.model.object_key import DerivedKeys, ObjectKey, source_key
from domain.model.uploads.multipart import MIN_PART_BYTES
from domain.model.videos.lifecycle import VideoStatus
from domain.use_cases.retention.find_orphans import BATCH
from tests.support.builders import a_uuid
from tests.support.cleaning import clean, fill, settled
from tests.support.uploading import request_upload, upload_in_parts
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio

DAY_S = 24 * 3600
UNKNOWN = VideoId(a_uuid(999))
ORPHAN = source_key(ADA, UNKNOWN, ".mp4")
DERIVED_ORPHAN = DerivedKeys(ADA, UNKNOWN, fence=3).rendition


async def test_orphans_are_erased(world: World) -> None:
    """Originals, renditions and unfinished uploads whose video is not in the database are orphans."""
    kept = await settled(world)
    world.objects.objects[ORPHAN] = world.objects.objects[DERIVED_ORPHAN] = b"orphan"
    upload_id = await world.multipart.create(ORPHAN, content_type="video/mp4", part_bytes=MIN_PART_BYTES)
    world.clock.advance(DAY_S + 1)
    report = await clean(world)
    assert (report.orphans.scanned, set(report.orphans.keys)) == (len(kept) + 2, {ORPHAN, DERIVED_ORPHAN})
    assert [upload.upload_id for upload in report.orphans.uploads] == [upload_id]
    assert (world.keys, world.multipart.uploads) == (kept, {})


async def test_young_orphans_stay(world: World) -> None:
    """Their video may not be committed yet."""
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
async def test_foreign_objects_stay(world: World, key: str) -> None:
    """The clean-up considers only keys that Telecine could have made."""
    world.objects.objects[ObjectKey(key)] = b"not ours"
    await world.multipart.create(ObjectKey(key), content_type="video/mp4", part_bytes=MIN_PART_BYTES)
    world.clock.advance(2 * DAY_S)
    await clean(world, is_confirmed=True)
    assert (world.keys, len(world.multipart.uploads)) == ({key}, 1)


async def test_objects_that_videos_need_stay(world: World) -> None:
    """They are live uploads, waiting originals, originals of failed videos, and published objects."""
    await upload_in_parts(world)
    completed = await world.upload_and_process()
    world.transcriber.fail(Conflict("No."), times=1)
    await world.upload_and_process()
    failed = await world.upload_and_process(b"RIFF\x00\x10\x00\x00AVI and nothing more.")
    waiting = await world.upload()
    assert (completed.status, failed.status) == (VideoStatus.COMPLETED, VideoStatus.FAILED)
    before = world.keys
    assert {failed.source.key, waiting.source.key} < before
    world.clock.advance(2 * DAY_S)
    orphans = await world.application.clean_up.find_orphans()
    assert (orphans.keys, orphans.uploads) == ((), ())
    assert orphans.scanned == len(before) == len(world.keys)


async def test_objects_that_a_video_no_longer_needs_are_erased(world: World) -> None:
    """They are the original of a published video, and objects that a lost attempt stored."""
    video = await world.upload_and_process()
    stale = DerivedKeys(ADA, video.id, fence=9).rendition
    world.objects.objects[video.source.key] = world.objects.objects[stale] = b"left"
    world.clock.advance(2 * DAY_S)
    assert set((await clean(world)).orphans.keys) == {video.source.key, stale}


async def test_an_unneeded_multipart_upload_is_aborted(world: World) -> None:
    """Its video's upload is closed, or uses another multipart upload."""
    closed, awaited = await upload_in_parts(world), (await request_upload(world)).signed.video
    await world.application.uploads.cancel(ADA, closed.id)
    other = await world.multipart.create(awaited.source.key, content_type="video/mp4", part_bytes=MIN_PART_BYTES)
    world.clock.advance(2 * DAY_S)
    ended = {upload.upload_id for upload in (await world.application.clean_up.find_orphans()).uploads}
    assert closed.source.multipart is not None
    assert ended == {closed.source.multipart.upload_id, other}


async def test_orphans_are_found_beyond_one_batch(world: World) -> None:
    """Objects and uploads are read in batches."""
    fill(world, BATCH + 1)
    for key in list(world.keys):
        await world.multipart.create(key, content_type="video/mp4", part_bytes=MIN_PART_BYTES)
    world.clock.advance(2 * DAY_S)
    orphans = await world.application.clean_up.find_orphans()
    assert (len(orphans.keys), len(orphans.uploads)) == (BATCH + 1, BATCH + 1)


async def test_one_run_finds_a_limited_number_of_orphans(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit bounds memory; the next run finds more."""
    monkeypatch.setattr("domain.use_cases.retention.find_orphans.MAX_ORPHANS", 3)
    monkeypatch.setattr("domain.use_cases.retention.find_orphans.BATCH", 2)
    await settled(world)
    fill(world, 10)
    world.clock.advance(2 * DAY_S)
    assert [len((await clean(world)).orphans.keys) for _ in range(5)] == [3, 3, 3, 1, 0]
