"""Cleaning up: orphans, old idempotency keys, and the schedule."""

from datetime import timedelta

import pytest

from domain.model.errors import Conflict, Unavailable
from domain.model.ids import JobId, VideoId
from domain.model.jobs.payloads import ErasePayload
from domain.model.object_key import DerivedKeys, ObjectKey, source_key
from domain.model.uploads.multipart import MIN_PART_BYTES
from domain.model.videos.lifecycle import VideoStatus
from domain.use_cases.retention.clean_up import CleanUpReport
from domain.use_cases.retention.find_orphans import BATCH
from tests.support.builders import a_new_job, a_uuid
from tests.support.uploading import grant_of, sent_in_parts
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio

DAY_S = 24 * 3600
UNKNOWN = VideoId(a_uuid(999))
ORPHAN = source_key(ADA, UNKNOWN, ".mp4")
DERIVED_ORPHAN = DerivedKeys(ADA, UNKNOWN, fence=3).rendition


async def clean(world: World, *, is_confirmed: bool = False) -> CleanUpReport:
    """Run the whole clean-up now."""
    return await world.application.clean_up.now(is_confirmed=is_confirmed)


async def settled(world: World) -> set[ObjectKey]:
    """Process a video, and return the keys that it needs in the bucket."""
    await world.processed()
    return world.keys


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


async def test_objects_that_a_video_no_longer_needs_are_erased(world: World) -> None:
    """They are the original of a published video, and objects that a lost attempt stored."""
    video = await world.processed()
    stale = DerivedKeys(ADA, video.id, fence=9).rendition
    world.objects.objects[video.source.key] = world.objects.objects[stale] = b"left"
    world.clock.advance(2 * DAY_S)
    assert set((await clean(world)).orphans.keys) == {video.source.key, stale}


async def test_an_unneeded_multipart_upload_is_aborted(world: World) -> None:
    """Its video's upload is closed, or uses another multipart upload."""
    closed, awaited = await sent_in_parts(world), (await grant_of(world)).signed.video
    await world.application.uploads.cancel(ADA, closed.id)
    other = await world.multipart.create(awaited.source.key, content_type="video/mp4", part_bytes=MIN_PART_BYTES)
    world.clock.advance(2 * DAY_S)
    ended = {upload.upload_id for upload in (await world.application.clean_up.find_orphans()).uploads}
    assert closed.source.multipart is not None
    assert ended == {closed.source.multipart.upload_id, other}


def fill(world: World, count: int) -> None:
    """Store this many orphans."""
    for number in range(count):
        world.objects.objects[source_key(ADA, VideoId(a_uuid(10_000 + number)), ".mp4")] = b"orphan"


async def test_erasing_most_of_the_bucket_needs_a_confirmation(world: World) -> None:
    """The settings may name the wrong database; confirmed, the clean-up erases the orphans."""
    fill(world, 1)
    world.clock.advance(2 * DAY_S)
    with pytest.raises(Conflict) as refused:
        await clean(world)
    assert refused.value.code == "suspicious_orphans"
    assert len(world.keys) == 1
    await clean(world, is_confirmed=True)
    assert world.keys == set()


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


async def test_idempotency_keys_are_deleted_after_a_day(world: World) -> None:
    """After that, the same request creates a new video."""
    first = await grant_of(world, b"content", key="again")
    world.clock.advance(DAY_S)
    assert (await clean(world)).forgotten_keys == 0
    assert (await grant_of(world, b"content", key="again")).is_replay
    world.clock.advance(1)
    assert (await clean(world)).forgotten_keys == 1
    second = await grant_of(world, b"content", key="again")
    assert (second.is_replay, second.signed.video.id == first.signed.video.id) == (False, False)


async def test_a_preview_reports_without_changes(world: World) -> None:
    """It reports exactly what the clean-up does afterwards."""
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


async def test_an_expired_upload_is_no_orphan(world: World) -> None:
    """An erase job takes its object, so that many expired uploads do not look like a wrong database."""
    for _ in range(101):
        video = await world.grant(b"content")
        world.objects.objects[video.source.key] = b"content"
    world.clock.advance(2 * DAY_S)
    preview = await world.application.clean_up.preview()
    report = await clean(world)
    assert (len(preview.expired), preview.orphans.keys) == (len(report.expired), report.orphans.keys) == (101, ())


async def test_only_one_worker_runs_a_due_clean_up(world: World) -> None:
    """Expired uploads are due every ten minutes, orphans once a day."""
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
    """A scheduled clean-up has no operator who could confirm it."""
    fill(world, 101)
    world.clock.advance(2 * DAY_S)
    with pytest.raises(Conflict):
        await world.application.clean_up.when_due()
    assert len(world.keys) == 101


async def test_an_orphan_that_cannot_be_erased_does_not_stop_the_others(world: World) -> None:
    """The others are erased, and the error reports the failure."""
    kept = await settled(world)
    world.objects.objects[ORPHAN] = world.objects.objects[DERIVED_ORPHAN] = b"orphan"
    world.clock.advance(2 * DAY_S)
    world.objects.fail_next("delete")
    with pytest.raises(Unavailable) as failed:
        await clean(world)
    assert failed.value.code == "orphans_kept"
    assert len(world.keys - kept) == 1


async def test_an_old_erase_job_keeps_a_later_publication(world: World) -> None:
    """A release without fences may have created the job before a retry; it keeps what the video needs now."""
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
