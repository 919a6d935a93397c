"""Data of the previous version, and what that version still writes while it is being replaced."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.sql.columns import as_json
from adapters.sql.database import SqlDatabase
from adapters.sql.tables import jobs, transcripts, usage, videos
from adapters.sql.video_rows import row_of
from domain.model.access.quota import Usage, footprint_of
from domain.model.failure import Failure, FailureCode
from domain.model.ids import UserId, VideoId
from domain.model.jobs.job import JobState
from domain.model.jobs.payloads import ErasePayload, JobKind
from domain.model.object_key import ObjectKey
from domain.model.stage import StageName
from domain.model.uploads.labels import Labels
from domain.model.uploads.original_policy import OriginalChoice, OriginalPolicy
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.listing import VideoFilter, VideoListing, VideoSort
from domain.model.videos.video import CaptionState, Video
from domain.use_cases.videos.list_videos import ListVideos
from tests.integration.sql.climbing import climb, old_row, transcript_row
from tests.support.builders import (
    JOB_ID,
    NOW,
    OWNER,
    VIDEO_ID,
    a_failure,
    a_publication,
    a_source,
    a_uuid,
    a_video,
    with_kept_original,
    with_second_rendition,
)

pytestmark = pytest.mark.anyio

BEFORE = "0002"
MIDNIGHT = datetime.fromisoformat("2026-01-02T00:00:00+00:00")


def _shapes() -> list[Video]:
    """Every status, a closed upload, failures of every kind, and sizes that need 64 bits."""
    closed = a_failure(stage=StageName.UPLOAD, code=FailureCode.UPLOAD_FAILED, message='It "ended" \0 early.')
    misleading = a_failure(message='{"stage":"upload","code":"upload_failed"} \0 \\u0000')
    return [
        *(a_video(status=status) for status in VideoStatus),
        a_video(source=a_source(size_bytes=5 * 1024**4)),
        a_video().upload_closed(closed, now=NOW),
        a_video(status=VideoStatus.FAILED, failure=misleading),
        a_video(status=VideoStatus.FAILED, publication=a_publication(size_bytes=3 * 1024**3)),
        a_video(status=VideoStatus.PROCESSING, publication=a_publication(size_bytes=0)),
        a_video(publication=with_second_rendition(a_publication(size_bytes=70), size_bytes=30)),
        a_video(publication=with_kept_original(a_publication(size_bytes=70), size_bytes=500)),
    ]


def _videos_of(owner: UserId, first_id: int, days: Iterable[timedelta]) -> list[Video]:
    made = product(_shapes(), (MIDNIGHT - timedelta(microseconds=1) + day for day in days))
    return [
        replace(video, id=VideoId(a_uuid(first_id + number)), owner=owner, created_at=created_at)
        for number, (video, created_at) in enumerate(made)
    ]


def _usage_of(owned: list[Video]) -> Usage:
    found = Usage()
    for footprint in sorted(map(footprint_of, owned), key=lambda footprint: footprint.day):
        found = found if footprint.is_zero else found.plus(footprint)
    return found


async def _live_far_from_utc(connection: AsyncConnection) -> None:
    """Days are in UTC, whatever the server's time zone; connections that are opened later have this one."""
    if connection.dialect.name == "postgresql":
        name = await connection.scalar(text("SELECT current_database()"))
        await connection.execute(text(f"ALTER DATABASE {name} SET timezone = 'Pacific/Auckland'"))


async def test_usage_is_counted_from_the_videos_that_are_there(engine: AsyncEngine) -> None:
    """As the domain counts it, for every user; a user with only closed uploads takes up nothing."""
    two_days = (timedelta(), timedelta(microseconds=1))
    ada, grace, mallory = UserId("ada"), UserId("Grace"), UserId("mallory")
    owned = {
        ada: _videos_of(ada, 100, two_days),
        grace: _videos_of(grace, 200, two_days[:1]),
        mallory: [replace(video, id=VideoId(a_uuid(300))) for video in _videos_of(mallory, 300, two_days)[12:13]],
    }
    assert [video.is_upload_closed for video in owned[mallory]] == [True]
    await climb(engine, BEFORE)
    async with engine.begin() as connection:
        await connection.execute(insert(videos), [old_row(video) for shown in owned.values() for video in shown])
        await _live_far_from_utc(connection)
    await engine.dispose()
    await climb(engine)
    async with engine.begin() as connection:
        rows = (await connection.execute(select(usage))).all()
    found = {owner: Usage(*numbers) for owner, *numbers in rows}
    assert found == {ada: _usage_of(owned[ada]), grace: _usage_of(owned[grace])}
    assert found[ada].day > found[grace].day


async def test_the_previous_version_can_still_write(engine: AsyncEngine) -> None:
    """It does not know the new columns; its videos are single PUTs."""
    await climb(engine)
    async with engine.begin() as connection:
        await connection.execute(insert(videos), [old_row(a_video())])
    async with SqlDatabase(engine, {}).read() as work:
        assert await work.videos.get(VIDEO_ID) == a_video()


async def test_the_previous_version_keeps_what_it_does_not_know_of_a_kept_original(engine: AsyncEngine) -> None:
    """It reads the original as one more rendition, so it counts and retains it, and writes it back."""
    video = a_video(
        status=VideoStatus.COMPLETED,
        publication=with_kept_original(a_publication(), size_bytes=900, keep_until=NOW),
        original_choice=OriginalChoice(OriginalPolicy.KEEP, 30),
    )
    await climb(engine)
    async with engine.begin() as connection:
        await connection.execute(insert(videos), [row_of(video)])
        known = (await connection.execute(select(videos.c.publication))).scalar_one()
        assert video.publication is not None
        assert [each.key for each in known.renditions] == [video.publication.main.key, video.publication.keys[-1]]
        assert (known.main, known.size_bytes) == (video.publication.main, video.publication.size_bytes)
        await connection.execute(update(videos).values(publication=known, status=VideoStatus.FAILED.value))
    async with SqlDatabase(engine, {}).read() as work:
        assert await work.videos.get(VIDEO_ID) == replace(video, status=VideoStatus.FAILED)


async def test_a_recount_corrects_what_the_previous_version_left_out(engine: AsyncEngine) -> None:
    """It writes videos without usage; after a recount, the sums equal the domain's, for every state of a video."""
    ada, grace = UserId("ada"), UserId("grace")
    owned = {ada: _videos_of(ada, 100, [timedelta()]), grace: _videos_of(grace, 200, [timedelta()])}
    await climb(engine)
    async with engine.begin() as connection:
        await connection.execute(insert(videos), [old_row(video) for shown in owned.values() for video in shown])
        wrong = {"owner": grace, "videos_in_flight": -3, "stored_bytes": -7, "uploads": 2, "day": MIDNIGHT.date()}
        await connection.execute(insert(usage).values(wrong))
    database, last = SqlDatabase(engine, {}), None
    for expected in (ada, grace, None):
        async with database.write() as work:
            last = await work.usage.recount(after=last)
        assert last == expected
    async with database.write() as work:
        found = await work.usage.lock(ada, grace)
    for owner, shown in owned.items():
        sums = _usage_of(shown)
        assert (found[owner].videos_in_flight, found[owner].stored_bytes) == (sums.videos_in_flight, sums.stored_bytes)
    assert (found[grace].uploads, found[grace].day) == (2, MIDNIGHT.date())


async def test_the_previous_version_does_not_break_the_numbers_of_events(engine: AsyncEngine) -> None:
    """It adds and saves videos without numbers and without events; the events of new processes are still gapless."""
    database, old = SqlDatabase(engine, {}), VideoId(a_uuid(2))
    await climb(engine)
    async with engine.begin() as connection:
        await connection.execute(insert(videos), [old_row(a_video(id=old, status=VideoStatus.UPLOADED))])
    async with database.write() as work:
        await work.videos.add(a_video(status=VideoStatus.UPLOADED))
    processing = old_row(a_video(status=VideoStatus.PROCESSING))
    async with engine.begin() as connection:
        await connection.execute(update(videos).where(videos.c.id == VIDEO_ID).values(processing))
    async with database.write() as work:
        for video_id in (VIDEO_ID, old):
            video = (await work.videos.get(video_id)).processing_started(now=NOW)
            await work.videos.save(video.published(a_publication(), now=NOW))
            await work.videos.delete(video_id, now=NOW)
    async with database.write() as work:
        assert await work.events.settle() == 1 + 2 + 3
        read = [each.event for each in await work.events.after(0, limit=9)]
    assert [(event.video_id, event.seq) for event in read] == [
        *((VIDEO_ID, seq) for seq in (1, 2, 3)),
        *((old, seq) for seq in (1, 2, 3)),
    ]


async def test_an_old_job_to_erase_is_understood(engine: AsyncEngine) -> None:
    """It names no uploads; everything under its prefixes must be deleted."""
    row = {
        "id": JOB_ID,
        "video_id": VIDEO_ID,
        "kind": JobKind.ERASE,
        "payload": '{"keys":["videos/u/v.mp4"],"prefixes":["derived/u/v/"],"keep":[]}',
        "state": JobState.QUEUED,
        "attempt": 0,
        "max_attempts": 3,
        "run_after": NOW,
        "fence": 0,
    }
    await climb(engine, BEFORE)
    async with engine.begin() as connection:
        await connection.execute(insert(jobs), [row])
    await climb(engine)
    async with SqlDatabase(engine, {}).read() as work:
        job = await work.jobs.get(JOB_ID)
    assert job.payload == ErasePayload((ObjectKey("videos/u/v.mp4"),), ("derived/u/v/",))


async def test_a_failure_under_its_old_name_is_understood(engine: AsyncEngine) -> None:
    """The code was renamed; the message stays."""
    message = 'It said "code":"unsupported_format!" itself.'
    failed = a_video(status=VideoStatus.FAILED, failure=a_failure(code=FailureCode.UNSUPPORTED_CODEC, message=message))
    old = old_row(failed)
    await climb(engine, BEFORE)
    async with engine.begin() as connection:
        await connection.execute(insert(videos), [old])
        await connection.execute(
            text("UPDATE videos SET failure = :failure"), {"failure": _before_the_code_was_renamed(failed.failure)}
        )
    await climb(engine)
    async with SqlDatabase(engine, {}).read() as work:
        assert (await work.videos.get(VIDEO_ID)).failure == failed.failure


def _before_the_code_was_renamed(failure: Failure | None) -> str:
    """The failure as JSON, with the previous code."""
    return as_json(failure).replace('"code":"unsupported_codec"', '"code":"unsupported_format"')


async def _by_title(database: SqlDatabase, word: str) -> list[tuple[VideoId, CaptionState]]:
    listing = VideoListing(VideoSort.TITLE, VideoFilter(words=(word,)))
    async with database.read() as work:
        return [
            (each.video.id, each.video.captions) for each in await work.videos.page(OWNER, limit=99, listing=listing)
        ]


async def test_existing_videos_are_found_by_title_and_captions(engine: AsyncEngine) -> None:
    """More of them than are read at once; a transcript of a version before track versions counts by its text."""
    old = [
        a_video(id=VideoId(a_uuid(number)), source=a_source(filename=f"\u00c9t\u00e9 {number:04}.mp4"))
        for number in range(1, 1_103)
    ]
    own, unversioned, silent = (video.id for video in old[:3])
    await climb(engine, "0010")
    async with engine.begin() as connection:
        await connection.execute(insert(videos), [old_row(video) for video in old])
        await connection.execute(insert(transcripts), transcript_row(own, origin="uploaded"))
        await connection.execute(insert(transcripts), transcript_row(unversioned, version=None))
        await connection.execute(insert(transcripts), transcript_row(silent, version=""))
    await climb(engine)
    found = await _by_title(SqlDatabase(engine, {}), "ete")
    assert [video_id for video_id, _ in found] == [video.id for video in old[:99]]
    states = [CaptionState.OWN, CaptionState.GENERATED, CaptionState.NONE]
    assert [captions for _, captions in found] == [*states, *[CaptionState.NONE] * 96]


async def test_what_the_previous_version_adds_is_found_later(engine: AsyncEngine) -> None:
    """By its title after the next clean-up; its transcripts count at once."""
    database = SqlDatabase(engine, {})
    await climb(engine)
    async with engine.begin() as connection:
        await connection.execute(insert(videos), [old_row(a_video())])
        await connection.execute(insert(transcripts), transcript_row(VIDEO_ID))
    assert await _by_title(database, "holiday") == []
    async with database.write() as work:
        assert await work.videos.fill_title_keys(limit=10) == 1
        assert await work.videos.fill_title_keys(limit=10) == 0
    assert await _by_title(database, "holiday") == [(VIDEO_ID, CaptionState.GENERATED)]
    async with engine.begin() as connection:
        await connection.execute(update(transcripts).values(origin="uploaded"))
    assert await _by_title(database, "holiday") == [(VIDEO_ID, CaptionState.OWN)]
    async with engine.begin() as connection:
        await connection.execute(delete(transcripts))
    assert await _by_title(database, "holiday") == [(VIDEO_ID, CaptionState.NONE)]


@pytest.mark.parametrize("sort", [VideoSort.TITLE, VideoSort.TITLE_DESCENDING])
async def test_what_the_previous_version_adds_is_in_lists_by_title_at_once(
    engine: AsyncEngine, sort: VideoSort
) -> None:
    """Before its title is folded it has an empty key; no page loses or repeats a video because of it."""
    await climb(engine)
    new = [a_video(id=VideoId(a_uuid(number)), labels=Labels(f"Title {number}")) for number in range(1, 5)]
    old = [a_video(id=VideoId(a_uuid(number))) for number in range(5, 10)]
    async with engine.begin() as connection:
        await connection.execute(insert(videos), [row_of(video) for video in new])
        await connection.execute(insert(videos), [old_row(video) for video in old])
    listed = ListVideos(SqlDatabase(engine, {}))
    seen, cursor = list[VideoId](), None
    while cursor is not None or not seen:
        page = await listed(OWNER, limit=2, cursor=cursor, listing=VideoListing(sort))
        seen, cursor = seen + [video.id for video in page.videos], page.next_cursor
    expected = [video.id for video in [*old, *new]]
    assert seen == (expected[::-1] if sort.is_descending else expected)


async def test_the_previous_version_keeps_labels(engine: AsyncEngine) -> None:
    """It saves a video without the columns that it does not know."""
    labelled = a_video(labels=Labels("A day", "x1", {"a": 1}))
    await climb(engine)
    async with engine.begin() as connection:
        await connection.execute(insert(videos), [row_of(labelled)])
        await connection.execute(update(videos).values(old_row(labelled)))
    async with SqlDatabase(engine, {}).read() as work:
        assert await work.videos.get(VIDEO_ID) == labelled
