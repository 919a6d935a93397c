"""The contract of every video repository."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.model.errors import AlreadyExists, TranscriptNotFound, VideoNotFound
from domain.model.ids import UserId, VideoId
from domain.model.object_key import import_key
from domain.model.uploads.multipart import MultipartUpload
from domain.model.uploads.original_policy import OriginalChoice, OriginalPolicy
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.listing import NEWEST_FIRST, ListPosition, VideoListing
from domain.model.videos.video import Video
from domain.ports.database import Database
from tests.support.builders import (
    NOW,
    OWNER,
    VIDEO_ID,
    a_failure,
    a_media_info,
    a_publication,
    a_source,
    a_transcript,
    a_uuid,
    a_video,
    a_warning,
    with_kept_original,
)

pytestmark = pytest.mark.anyio

UPDATED, EXPIRED = NOW + timedelta(hours=1), NOW + timedelta(hours=2)


async def _add(database: Database, *videos: Video) -> None:
    async with database.write() as work:
        for video in videos:
            await work.videos.add(video)


async def _ids(
    database: Database, listing: VideoListing = NEWEST_FIRST, *, after: ListPosition | None = None
) -> list[VideoId]:
    async with database.read() as work:
        return [each.video.id for each in await work.videos.page(OWNER, limit=100, listing=listing, after=after)]


async def test_a_video_is_stored_unchanged(database: Database) -> None:
    """No field is lost or changed in the database."""
    video = a_video(
        status=VideoStatus.FAILED,
        media=a_media_info(frame_rate=29.97),
        publication=with_kept_original(a_publication(), keep_until=NOW),
        failure=a_failure(message="Not a video: “täst” 🎬"),
        warnings=(a_warning(),),
        original_choice=OriginalChoice(OriginalPolicy.KEEP, 30),
        created_at=NOW.replace(microsecond=123_456),
    )
    await _add(database, video)
    async with database.read() as work:
        assert await work.videos.get(video.id) == video


async def test_a_growing_source_is_stored_unchanged(database: Database) -> None:
    """And so is its size when it is known."""
    growing = a_video(source=a_source(size_bytes=0, multipart=MultipartUpload("2~", 5 * 1024**2), is_growing=True))
    await _add(database, growing)
    async with database.write() as work:
        read = await work.videos.get(growing.id)
        await work.videos.save(read.grown(5 * 1024**2))
    async with database.write() as work:
        grown = await work.videos.get(growing.id)
        assert (await work.usage.lock(OWNER))[OWNER].stored_bytes == 5 * 1024**2
        await work.videos.save(grown.with_size(1000))
    async with database.write() as work:
        settled = await work.videos.get(growing.id)
        assert (await work.usage.lock(OWNER))[OWNER].stored_bytes == 1000
    assert [(each.source.size_bytes, each.source.is_growing) for each in (read, grown, settled)] == [
        (0, True),
        (5 * 1024**2, True),
        (1000, False),
    ]


async def test_a_multipart_upload_is_stored_unchanged(database: Database) -> None:
    """With an id of any length and parts of any size."""
    multipart = MultipartUpload("2~" + "x" * 4000, part_bytes=5 * 1024**3)
    video = a_video(source=a_source(size_bytes=5 * 1024**4, multipart=multipart))
    await _add(database, video)
    async with database.read() as work:
        assert (await work.videos.get(video.id)).source == video.source


async def test_an_import_gets_its_source_later(database: Database) -> None:
    """Key, name and size change when it is fetched; the id at the site stays."""
    begun = a_video(source=replace(a_source(size_bytes=0), youtube_id="dQw4w9WgXcQ"))
    key = import_key(begun.owner, begun.id, 2)
    fetched = replace(begun, source=replace(begun.source, key=key, filename="A day out.mp4", size_bytes=5, etag="e"))
    await _add(database, begun)
    async with database.write() as work:
        assert (await work.videos.get(begun.id)).source == begun.source
        await work.videos.save(fetched)
    async with database.read() as work:
        assert (await work.videos.get(begun.id)).source == fetched.source


async def test_an_unknown_id_is_not_found(database: Database) -> None:
    """Any text is allowed as an id."""
    await _add(database, a_video())
    async with database.read() as work:
        for text in ("", "nonsense", "x" * 4096, "\u202e", "\0", f"{VIDEO_ID}\0", "\ud800", a_uuid(404)):
            with pytest.raises(VideoNotFound):
                await work.videos.get(VideoId(text))


async def test_an_id_is_taken_once(database: Database) -> None:
    """A second video cannot replace the first one."""
    await _add(database, a_video())
    with pytest.raises(AlreadyExists):
        await _add(database, a_video())


async def test_several_videos_are_added_at_once(database: Database) -> None:
    """All of them, unchanged."""
    new = [a_video(id=VideoId(a_uuid(number))) for number in range(3)]
    async with database.write() as work:
        await work.videos.add(*new)
    async with database.read() as work:
        assert [await work.videos.get(video.id) for video in new] == new


async def test_several_videos_are_added_all_or_none(database: Database) -> None:
    """One id that is in use rejects the others."""
    await _add(database, a_video())
    other = a_video(id=VideoId(a_uuid(7)))
    with pytest.raises(AlreadyExists):
        async with database.write() as work:
            await work.videos.add(other, a_video())
    async with database.read() as work:
        with pytest.raises(VideoNotFound):
            await work.videos.get(other.id)


async def test_existing_videos_are_found(database: Database) -> None:
    """Unknown ids are left out; writers and readers get the same."""
    here = [a_video(id=VideoId(a_uuid(number))) for number in range(3)]
    await _add(database, *here)
    wanted = [here[2].id, VideoId(a_uuid(404)), here[0].id, here[0].id, VideoId("\ud800"), VideoId("\0")]
    for unit in (database.read, database.write):
        async with unit() as work:
            found = await work.videos.get_many(*wanted)
            assert sorted(found, key=lambda video: video.id) == [here[0], here[2]]
            assert await work.videos.get_many() == []


def _silent(number: int, *, updated_at: datetime = NOW, expired_at: datetime = NOW) -> Video:
    return a_video(id=VideoId(a_uuid(number)), updated_at=updated_at, upload_expires_at=expired_at)


async def _silent_ids(database: Database, *, limit: int = 10, after: VideoId | None = None) -> list[VideoId]:
    async with database.read() as work:
        silent = await work.videos.stale_uploads(
            updated_before=UPDATED, expired_before=EXPIRED, limit=limit, after=after
        )
    return [video.id for video in silent]


async def test_silent_uploads_are_old_and_expired(database: Database) -> None:
    """Both times must be before the given ones, not equal; finished uploads are not included."""
    just_before = timedelta(microseconds=1)
    silent = _silent(1, updated_at=UPDATED - just_before, expired_at=EXPIRED - just_before)
    recently_updated = _silent(2, updated_at=UPDATED, expired_at=EXPIRED - just_before)
    still_valid = _silent(3, updated_at=UPDATED - just_before, expired_at=EXPIRED)
    others = [
        a_video(id=VideoId(a_uuid(number)), status=status, upload_expires_at=NOW)
        for number, status in enumerate(VideoStatus, start=10)
        if status is not VideoStatus.UPLOADING
    ]
    await _add(database, silent, recently_updated, still_valid, *others)
    assert await _silent_ids(database) == [silent.id]


async def test_silent_uploads_come_by_id(database: Database) -> None:
    """The next call continues after the last id; an upload that became active since is not included."""
    await _add(database, *(_silent(number) for number in (4, 2, 5, 1, 3)))
    first = await _silent_ids(database, limit=2)
    assert first == [a_uuid(1), a_uuid(2)]
    async with database.write() as work:
        await work.videos.save(_silent(3, updated_at=UPDATED))
    assert await _silent_ids(database, limit=2, after=first[-1]) == [a_uuid(4), a_uuid(5)]
    assert await _silent_ids(database, after=VideoId(a_uuid(5))) == []


def _keeping(number: int, keep_until: datetime | None) -> Video:
    publication = with_kept_original(a_publication(), keep_until=keep_until)
    return a_video(id=VideoId(a_uuid(number)), status=VideoStatus.COMPLETED, publication=publication)


async def test_originals_expire_on_the_clock_of_the_database(database: Database) -> None:
    """Those that are kept for ever, or played themselves, never do; the next call continues after the last id."""
    past, future = datetime(2001, 1, 1, tzinfo=UTC), datetime(2125, 1, 1, tzinfo=UTC)
    played = a_video(id=VideoId(a_uuid(9)), status=VideoStatus.COMPLETED, publication=a_publication())
    expired = [_keeping(number, past) for number in (3, 1, 2)]
    await _add(database, *expired, _keeping(4, future), _keeping(5, None), played)
    async with database.read() as work:
        first = await work.videos.expired_originals(limit=2)
        rest = await work.videos.expired_originals(limit=2, after=first[-1].id)
    assert [[video.id for video in page] for page in (first, rest)] == [[a_uuid(1), a_uuid(2)], [a_uuid(3)]]
    assert first[0] == expired[1]
    async with database.write() as work:
        await work.videos.save(first[0].without_original(now=NOW))
    async with database.read() as work:
        assert (await work.videos.get(first[0].id)).publication == a_publication()
        assert [video.id for video in await work.videos.expired_originals(limit=9)] == [a_uuid(2), a_uuid(3)]


async def test_saving_replaces_the_stored_video(database: Database) -> None:
    """Saving twice changes nothing more."""
    await _add(database, a_video())
    completed = a_video(status=VideoStatus.COMPLETED)
    for _ in range(2):
        async with database.write() as work:
            await work.videos.save(completed)
    async with database.read() as work:
        assert await work.videos.get(VIDEO_ID) == completed


async def test_a_deleted_video_cannot_be_saved(database: Database) -> None:
    """A late writer cannot restore a video."""
    async with database.write() as work:
        with pytest.raises(VideoNotFound):
            await work.videos.save(a_video())


async def test_a_video_deleted_in_the_same_unit_of_work_cannot_be_saved(database: Database) -> None:
    """Even in the same unit of work, which has read the video before."""
    await _add(database, a_video())
    async with database.write() as work:
        video = await work.videos.get(VIDEO_ID)
        await work.videos.delete(VIDEO_ID, now=NOW)
        with pytest.raises(VideoNotFound):
            await work.videos.save(video)


async def test_deleting_removes_the_transcript(database: Database) -> None:
    """A video is deleted with its transcript; deleting again is no error."""
    await _add(database, a_video())
    async with database.write() as work:
        await work.transcripts.save(a_transcript())
    for _ in range(2):
        async with database.write() as work:
            await work.videos.delete(VIDEO_ID, now=NOW)
    async with database.read() as work:
        with pytest.raises(VideoNotFound):
            await work.videos.get(VIDEO_ID)
        with pytest.raises(TranscriptNotFound):
            await work.transcripts.get(VIDEO_ID)


async def test_a_page_has_the_owners_videos_newest_first(database: Database) -> None:
    """Videos of other users are not included; equal times are ordered by id, descending."""
    old = a_video(id=VideoId(a_uuid(1)), created_at=NOW)
    same_time = a_video(id=VideoId(a_uuid(2)), created_at=NOW + timedelta(seconds=1))
    new = a_video(id=VideoId(a_uuid(3)), created_at=NOW + timedelta(seconds=1))
    foreign = a_video(id=VideoId(a_uuid(4)), owner=UserId("mallory"))
    await _add(database, same_time, foreign, new, old)
    assert await _ids(database) == [new.id, same_time.id, old.id]


async def test_pages_join_without_gap_or_repeat(database: Database) -> None:
    """A cursor continues right after the last video, even among equal times."""
    videos = [a_video(id=VideoId(a_uuid(n)), created_at=NOW + timedelta(microseconds=n // 3)) for n in range(1, 11)]
    await _add(database, *videos)
    seen: list[Video] = []
    after: ListPosition | None = None
    while True:
        async with database.read() as work:
            page = await work.videos.page(OWNER, limit=3, after=after)
        if not page:
            break
        seen += [each.video for each in page]
        assert page[-1].position == NEWEST_FIRST.position_after(seen[-1])
        after = page[-1].position
    assert [video.id for video in seen] == [video.id for video in reversed(videos)]
