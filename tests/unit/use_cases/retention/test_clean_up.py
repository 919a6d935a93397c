"""Cleaning up: the preview, old idempotency keys, and the schedule."""

from datetime import timedelta

import pytest

from domain.model.errors import Conflict, Unavailable
from domain.model.ids import VideoId
from domain.model.object_key import DerivedKeys, source_key
from domain.use_cases.retention.clean_up import CleanUpReport
from tests.support.builders import a_uuid
from tests.support.cleaning import clean, fill, settled
from tests.support.uploading import request_upload
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio

DAY_S = 24 * 3600
UNKNOWN = VideoId(a_uuid(999))
ORPHAN = source_key(ADA, UNKNOWN, ".mp4")
DERIVED_ORPHAN = DerivedKeys(ADA, UNKNOWN, fence=3).rendition


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


async def test_idempotency_keys_are_deleted_after_a_day(world: World) -> None:
    """After that, the same request creates a new video."""
    first = await request_upload(world, b"content", key="again")
    world.clock.advance(DAY_S)
    assert (await clean(world)).deleted_keys == 0
    assert (await request_upload(world, b"content", key="again")).is_replay
    world.clock.advance(1)
    assert (await clean(world)).deleted_keys == 1
    second = await request_upload(world, b"content", key="again")
    assert (second.is_replay, second.signed.video.id == first.signed.video.id) == (False, False)


async def test_a_preview_reports_without_changes(world: World) -> None:
    """It reports exactly what the clean-up does afterwards."""
    await settled(world)
    video = (await request_upload(world, b"content", key="again")).signed.video
    world.objects.objects[ORPHAN] = b"orphan"
    world.clock.advance(2 * DAY_S)
    preview = await world.application.clean_up.preview()
    assert preview == await world.application.clean_up.preview()
    assert ([each.id for each in preview.expired], preview.orphans.keys, preview.deleted_keys) == (
        [video.id],
        (ORPHAN,),
        1,
    )
    report = await clean(world)
    assert (report.orphans.keys, report.deleted_keys) == (preview.orphans.keys, 1)
    assert [each.id for each in report.expired] == [video.id]


async def test_an_expired_upload_is_no_orphan(world: World) -> None:
    """An erase job takes its object, so that many expired uploads do not look like a wrong database."""
    for _ in range(101):
        video = await world.request_upload(b"content")
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
    video = await world.request_upload(b"content")
    assert (await world.application.clean_up.run_due()).orphans.keys == (ORPHAN,)
    world.objects.objects[ORPHAN] = b"orphan"
    world.objects.objects.modified_at[ORPHAN] -= timedelta(days=2)
    assert await world.application.clean_up.run_due() == CleanUpReport()
    world.clock.advance(DAY_S - 1)
    assert (await world.application.clean_up.run_due()).orphans.keys == ()
    world.clock.advance(600)
    report = await world.application.clean_up.run_due()
    assert ([each.id for each in report.expired], report.orphans.keys) == ([video.id], (ORPHAN,))


async def test_a_suspicious_bucket_is_left_alone_when_due(world: World) -> None:
    """A scheduled clean-up has no operator who could confirm it."""
    fill(world, 101)
    world.clock.advance(2 * DAY_S)
    with pytest.raises(Conflict):
        await world.application.clean_up.run_due()
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
