"""The contract of the event log, over every database."""

import asyncio
from datetime import timedelta

import pytest

from domain.model.errors import StaleVideo
from domain.model.failure import FailureCode
from domain.model.ids import UserId, VideoId
from domain.model.stage import StageName
from domain.model.videos.events import Event, EventType, LoggedEvent
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video
from domain.ports.database import Database
from tests.support.builders import NOW, OWNER, VIDEO_ID, a_failure, a_transcript, a_uuid, a_video

pytestmark = pytest.mark.anyio

GRACE = UserId("grace")
DISABLED = Event(EventType.WEBHOOK_DISABLED, OWNER, NOW, details={"endpoint_id": "e1 \ud800"})


class SomethingBroke(Exception):
    """Raised inside a unit of work."""


async def _save(database: Database, *videos: Video) -> None:
    async with database.write() as work:
        for video in videos:
            await work.videos.save(video)


async def _add(database: Database, *videos: Video) -> None:
    async with database.write() as work:
        await work.videos.add(*videos)


async def _settle(database: Database, *, limit: int = 1000) -> int:
    async with database.write() as work:
        return await work.events.settle(limit=limit)


async def _log(database: Database, position: int = 0, *, owner: UserId | None = None) -> list[LoggedEvent]:
    async with database.read() as work:
        return await work.events.after(position, limit=1000, owner=owner)


async def _types(database: Database) -> list[EventType]:
    await _settle(database)
    return [each.event.type for each in await _log(database)]


async def test_a_video_is_saved_with_its_events(database: Database) -> None:
    """An event is read as it was made, and the video remembers only its number."""
    await _add(database, a_video())
    failed = a_video().upload_closed(a_failure(stage=StageName.UPLOAD, code=FailureCode.UPLOAD_EXPIRED), now=NOW)
    await _save(database, failed)
    assert await _settle(database) == 1
    assert await _log(database) == [LoggedEvent(1, failed.pending_events[0])]
    async with database.read() as work:
        stored = await work.videos.get(VIDEO_ID)
    assert (stored.event_seq, stored.pending_events) == (1, ())


async def test_a_new_video_has_no_events(database: Database) -> None:
    """Presigning writes nothing to the log."""
    await _add(database, a_video())
    assert await _types(database) == []


async def test_an_added_video_writes_the_events_it_has(database: Database) -> None:
    """A video may be added in a later status."""
    await _add(database, a_video(status=VideoStatus.PROCESSING))
    assert await _types(database) == [EventType.UPLOAD_COMPLETED, EventType.VIDEO_PROCESSING]


async def test_an_event_is_written_once(database: Database) -> None:
    """Also if a value is saved again, in the same transaction or in a later one, and if a later value has it too."""
    await _add(database, a_video())
    uploaded = a_video(status=VideoStatus.UPLOADED)
    await _save(database, uploaded, uploaded, uploaded.processing_started(now=NOW))
    await _save(database, uploaded)
    async with database.read() as work:
        assert (await work.videos.get(VIDEO_ID)).event_seq == 2
    assert await _types(database) == [EventType.UPLOAD_COMPLETED, EventType.VIDEO_PROCESSING]


async def test_a_stale_video_is_not_saved_over_another_event(database: Database) -> None:
    """Its event would have the number of one that is in the log already, so it would be lost without a word."""
    await _add(database, a_video())
    async with database.read() as work:
        stale = await work.videos.get(VIDEO_ID)
    await _save(database, stale.captions_removed(now=NOW))
    for lost in (stale.uploaded(etag="e", now=NOW), stale.captions_removed(now=NOW + timedelta(seconds=1))):
        for late in (lost, lost.processing_started(now=NOW) if lost.is_uploaded else lost):
            with pytest.raises(StaleVideo):
                await _save(database, late)
    assert await _types(database) == [EventType.CAPTIONS_REMOVED]
    async with database.read() as work:
        assert (await work.videos.get(VIDEO_ID)).status is VideoStatus.UPLOADING


async def test_the_deletion_of_a_video_is_its_last_event(database: Database) -> None:
    """The event has the state in which the video was, and stays in the log; deleting nothing is no event."""
    await _add(database, a_video(status=VideoStatus.COMPLETED))
    async with database.write() as work:
        await work.transcripts.save(a_transcript())
        await work.videos.delete(VIDEO_ID, now=NOW)
        await work.videos.delete(VIDEO_ID, now=NOW)
    await _settle(database)
    last = (await _log(database))[-1].event
    assert (last.type, last.seq) == (EventType.VIDEO_DELETED, a_video(status=VideoStatus.COMPLETED).event_seq + 1)
    assert (last.video_id, last.owner, last.status, last.playable) == (VIDEO_ID, OWNER, VideoStatus.COMPLETED, True)


async def test_a_rollback_drops_the_events(database: Database) -> None:
    """An event is written by the transaction of the change itself."""
    await _add(database, a_video())

    async def break_half_way() -> None:
        async with database.write() as work:
            await work.videos.save(a_video(status=VideoStatus.UPLOADED))
            await work.events.append(DISABLED)
            raise SomethingBroke

    with pytest.raises(SomethingBroke):
        await break_half_way()
    assert await _types(database) == []


async def test_an_event_without_a_video_is_logged(database: Database) -> None:
    """What cannot be stored in text is replaced, as everywhere."""
    async with database.write() as work:
        await work.events.append()
        await work.events.append(DISABLED)
    await _settle(database)
    (logged,) = await _log(database, owner=OWNER)
    assert (logged.event.type, logged.event.video_id, logged.event.seq) == (EventType.WEBHOOK_DISABLED, None, 0)
    assert (logged.event.status, logged.event.occurred_at) == (None, NOW)
    assert logged.event.details["endpoint_id"].startswith("e1 ")


async def test_events_are_read_once_they_have_positions(database: Database) -> None:
    """Positions are given in the order of insertion, up to a limit, and never again."""
    await _add(database, a_video(status=VideoStatus.COMPLETED))
    async with database.read() as work:
        assert await work.events.has_unsettled()
        assert await work.events.has_unsettled(video_id=VIDEO_ID)
        assert not await work.events.has_unsettled(video_id=VideoId(a_uuid(7)))
        assert await work.events.of_video(VIDEO_ID, after_seq=0, limit=10) == []
    assert await _log(database) == []
    assert [await _settle(database, limit=3) for _ in range(3)] == [3, 1, 0]
    async with database.read() as work:
        assert not await work.events.has_unsettled()
        assert await work.events.last_position() == 4
    assert [(each.position, each.event.seq) for each in await _log(database)] == [(n, n) for n in range(1, 5)]


async def test_a_cursor_reads_page_by_page(database: Database) -> None:
    """After a position, up to a limit, of all owners or of one; or of one video, after a number."""
    other = VideoId(a_uuid(7))
    await _add(
        database, a_video(status=VideoStatus.UPLOADED), a_video(id=other, owner=GRACE, status=VideoStatus.FAILED)
    )
    await _save(database, a_video(status=VideoStatus.PROCESSING))
    await _settle(database)
    async with database.read() as work:
        log = work.events
        assert [each.position for each in await log.after(1, limit=2)] == [2, 3]
        assert [each.position for each in await log.after(0, limit=9, owner=OWNER)] == [1, 5]
        assert [each.position for each in await log.after(2, limit=1, owner=GRACE)] == [3]
        assert await log.after(5, limit=9) == await log.after(2**62, limit=9) == []
        assert [each.event.seq for each in await log.of_video(other, after_seq=1, limit=9)] == [2, 3]
        assert [each.event.seq for each in await log.of_video(other, after_seq=0, limit=1)] == [1]
        assert await log.of_video(VideoId("no such\0 video"), after_seq=0, limit=9) == []


async def test_old_events_are_deleted_lowest_positions_first(database: Database) -> None:
    """The log then knows up to where it is incomplete, and goes on counting where it was."""
    old = a_video(status=VideoStatus.COMPLETED)
    await _add(database, old)
    await _settle(database)
    later = NOW + timedelta(seconds=1)
    async with database.write() as work:
        assert await work.events.delete_older(NOW, limit=9) == 0
        assert await work.events.deleted_through() == 0
        assert await work.events.delete_older(later, limit=2) == 2
        assert await work.events.deleted_through() == 2
    assert [each.position for each in await _log(database)] == [3, 4]
    async with database.write() as work:
        assert [await work.events.delete_older(later, limit=9) for _ in range(2)] == [2, 0]
    async with database.read() as work:
        assert (await work.events.deleted_through(), await work.events.last_position()) == (4, 4)
    await _save(database, old.captions_removed(now=later))
    await _settle(database)
    assert [(each.position, each.event.seq) for each in await _log(database)] == [(5, 5)]


async def test_old_events_after_a_position_stay(database: Database) -> None:
    """Neither deleted nor counted: somebody has not read them yet."""
    await _add(database, a_video(status=VideoStatus.COMPLETED))
    await _settle(database)
    later = NOW + timedelta(seconds=1)
    async with database.write() as work:
        assert [await work.events.count_older(later, through=through) for through in (None, 3, 0)] == [4, 3, 0]
        assert await work.events.delete_older(later, limit=9, through=0) == 0
        assert await work.events.delete_older(later, limit=9, through=3) == 3
    assert [each.position for each in await _log(database)] == [4]


async def test_events_without_a_position_are_never_deleted(database: Database) -> None:
    """Nobody can have read them."""
    await _add(database, a_video(status=VideoStatus.UPLOADED))
    async with database.write() as work:
        assert await work.events.delete_older(NOW + timedelta(days=99), limit=9) == 0
    assert await _types(database) == [EventType.UPLOAD_COMPLETED]


async def test_concurrent_settles_give_each_position_once(database: Database) -> None:
    """Without doubles, without gaps and without deadlocks, while events are written."""
    videos = [a_video(id=VideoId(a_uuid(number))) for number in range(12)]
    await _add(database, *videos)

    async def write(video: Video) -> None:
        await _save(database, video.uploaded(etag="e", now=NOW))
        await _save(database, video.uploaded(etag="e", now=NOW).processing_started(now=NOW))

    async def settle() -> int:
        return sum([await _settle(database, limit=2) for _ in range(4)])

    await asyncio.gather(*map(write, videos), *(settle() for _ in range(4)))
    while await _settle(database):
        pass
    log = await _log(database)
    assert [each.position for each in log] == list(range(1, 25))
    for video in videos:
        assert [each.event.seq for each in log if each.event.video_id == video.id] == [1, 2]
