"""What every video repository must do."""

from datetime import timedelta

import pytest

from domain.model.errors import AlreadyExists, TranscriptNotFound, VideoNotFound
from domain.model.identity import UserId, VideoId
from domain.model.lifecycle import VideoStatus
from domain.model.pagination import Cursor
from domain.model.video import Video
from domain.ports.database import Database
from tests.builders import (
    NOW,
    OWNER,
    VIDEO_ID,
    a_failure,
    a_media_info,
    a_publication,
    a_transcript,
    a_uuid,
    a_video,
    a_warning,
)

pytestmark = pytest.mark.anyio


async def _add(database: Database, *videos: Video) -> None:
    async with database.write() as work:
        for video in videos:
            await work.videos.add(video)


async def _ids(database: Database, *, after: Cursor | None = None, status: VideoStatus | None = None) -> list[VideoId]:
    async with database.read() as work:
        return [video.id for video in await work.videos.page(OWNER, limit=100, after=after, status=status)]


async def test_everything_of_a_video_survives(database: Database) -> None:
    """No field is lost or changed on the way to the database and back."""
    video = a_video(
        status=VideoStatus.FAILED,
        media=a_media_info(frame_rate=29.97),
        publication=a_publication(),
        failure=a_failure(message="Not a video: “täst” 🎬"),
        warnings=(a_warning(),),
        created_at=NOW.replace(microsecond=123_456),
    )
    await _add(database, video)
    async with database.read() as work:
        assert await work.videos.get(video.id) == video


async def test_an_unknown_id_is_not_found(database: Database) -> None:
    """Any text may be asked for, and none comes near to another."""
    await _add(database, a_video())
    async with database.read() as work:
        for text in ("", "nonsense", "x" * 4096, "\u202e", "\0", f"{VIDEO_ID}\0", "\ud800", a_uuid(404)):
            with pytest.raises(VideoNotFound):
                await work.videos.get(VideoId(text))


async def test_an_id_is_taken_once(database: Database) -> None:
    """A second video can't take the first one's place."""
    await _add(database, a_video())
    with pytest.raises(AlreadyExists):
        await _add(database, a_video())


async def test_several_are_remembered_at_once(database: Database) -> None:
    """All of them, each as it is."""
    new = [a_video(id=VideoId(a_uuid(number))) for number in range(3)]
    async with database.write() as work:
        await work.videos.add(*new)
    async with database.read() as work:
        assert [await work.videos.get(video.id) for video in new] == new


async def test_of_several_all_or_none_are_remembered(database: Database) -> None:
    """One id that is taken keeps the others out."""
    await _add(database, a_video())
    other = a_video(id=VideoId(a_uuid(7)))
    with pytest.raises(AlreadyExists):
        async with database.write() as work:
            await work.videos.add(other, a_video())
    async with database.read() as work:
        with pytest.raises(VideoNotFound):
            await work.videos.get(other.id)


async def test_saving_replaces_what_was_remembered(database: Database) -> None:
    """Saving twice is as good as once."""
    await _add(database, a_video())
    completed = a_video(status=VideoStatus.COMPLETED)
    for _ in range(2):
        async with database.write() as work:
            await work.videos.save(completed)
    async with database.read() as work:
        assert await work.videos.get(VIDEO_ID) == completed


async def test_a_deleted_video_cannot_be_saved(database: Database) -> None:
    """A late writer can't bring a video back."""
    async with database.write() as work:
        with pytest.raises(VideoNotFound):
            await work.videos.save(a_video())


async def test_deleting_takes_the_transcript_along(database: Database) -> None:
    """A video and its transcript go together; deleting again is fine."""
    await _add(database, a_video())
    async with database.write() as work:
        await work.transcripts.save(a_transcript())
    for _ in range(2):
        async with database.write() as work:
            await work.videos.delete(VIDEO_ID)
    async with database.read() as work:
        with pytest.raises(VideoNotFound):
            await work.videos.get(VIDEO_ID)
        with pytest.raises(TranscriptNotFound):
            await work.transcripts.get(VIDEO_ID)


async def test_a_page_shows_ones_own_newest_first(database: Database) -> None:
    """Other people's videos are not in it; ties go by id, downwards."""
    old = a_video(id=VideoId(a_uuid(1)), created_at=NOW)
    tied = a_video(id=VideoId(a_uuid(2)), created_at=NOW + timedelta(seconds=1))
    new = a_video(id=VideoId(a_uuid(3)), created_at=NOW + timedelta(seconds=1))
    foreign = a_video(id=VideoId(a_uuid(4)), owner=UserId("mallory"))
    await _add(database, tied, foreign, new, old)
    assert await _ids(database) == [new.id, tied.id, old.id]


async def test_pages_join_without_gap_or_repeat(database: Database) -> None:
    """A cursor goes on right after the last video shown, even among ties."""
    videos = [a_video(id=VideoId(a_uuid(n)), created_at=NOW + timedelta(microseconds=n // 3)) for n in range(1, 11)]
    await _add(database, *videos)
    seen: list[Video] = []
    after: Cursor | None = None
    while True:
        async with database.read() as work:
            page = await work.videos.page(OWNER, limit=3, after=after)
        if not page:
            break
        seen += page
        after = Cursor.after(page[-1])
    assert [video.id for video in seen] == [video.id for video in reversed(videos)]


async def test_a_page_can_show_one_status(database: Database) -> None:
    """The filter works with a cursor, too."""
    videos = [
        a_video(id=VideoId(a_uuid(n)), status=status, created_at=NOW + timedelta(seconds=n))
        for n, status in enumerate((VideoStatus.FAILED, VideoStatus.UPLOADED, VideoStatus.FAILED), start=1)
    ]
    await _add(database, *videos)
    assert await _ids(database, status=VideoStatus.FAILED) == [videos[2].id, videos[0].id]
    assert await _ids(database, status=VideoStatus.FAILED, after=Cursor.after(videos[2])) == [videos[0].id]
    assert await _ids(database, status=VideoStatus.COMPLETED) == []
