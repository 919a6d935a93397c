"""The contract of every usage repository: it stays consistent with the videos."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.model.access.quota import Usage, day_of, footprint_after_delete, footprint_of
from domain.model.errors import VideoNotFound
from domain.model.failure import FailureCode
from domain.model.ids import UserId, VideoId
from domain.model.stage import StageName
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.video import Video
from domain.ports.database import Database, UnitOfWork
from tests.support.builders import NOW, OWNER, VIDEO_ID, a_failure, a_publication, a_source, a_uuid, a_video

pytestmark = pytest.mark.anyio

TODAY = day_of(NOW)
OTHER = UserId("grace")


class SomethingBroke(Exception):
    """Raised inside a unit of work."""


def _closed(video: Video) -> Video:
    return video.upload_closed(a_failure(stage=StageName.UPLOAD, code=FailureCode.UPLOAD_EXPIRED), now=NOW)


async def _write(database: Database, *actions: Callable[[UnitOfWork], Awaitable[object]]) -> None:
    """Do everything in one unit of work."""
    async with database.write() as work:
        for action in actions:
            await action(work)


async def _add(database: Database, *videos: Video) -> None:
    await _write(database, lambda work: work.videos.add(*videos))


async def _save(database: Database, video: Video) -> None:
    await _write(database, lambda work: work.videos.save(video))


async def _usage(database: Database, owner: UserId = OWNER) -> Usage:
    async with database.write() as work:
        return (await work.usage.lock(owner))[owner]


async def test_a_user_without_videos_has_no_usage(database: Database) -> None:
    """Users without usage are in the result, each time; without owners the result is empty."""
    for _ in range(2):
        async with database.write() as work:
            assert await work.usage.lock(OWNER, OTHER) == {OWNER: Usage(), OTHER: Usage()}
            assert await work.usage.lock() == {}


async def test_a_video_counts_as_soon_as_it_is_added(database: Database) -> None:
    """It counts as in flight, with its declared size, and as an upload of the day; no other user's usage changes."""
    await _add(database, a_video(source=a_source(size_bytes=5 * 1024**4)))
    assert await _usage(database) == Usage(1, 5 * 1024**4, 1, TODAY)
    assert await _usage(database, OTHER) == Usage()


async def test_changes_of_the_transaction_are_in_the_result(database: Database) -> None:
    """Videos added before and after a hold count, for several owners."""
    async with database.write() as work:
        await work.videos.add(a_video(), a_video(id=VideoId(a_uuid(2)), owner=OTHER))
        held = await work.usage.lock(OWNER, OTHER)
        assert [held[owner].videos_in_flight for owner in (OWNER, OTHER)] == [1, 1]
        await work.videos.add(a_video(id=VideoId(a_uuid(3))))
        assert (await work.usage.lock(OWNER))[OWNER].videos_in_flight == 2
        await work.videos.delete(VIDEO_ID, now=NOW)
    assert (await _usage(database)).videos_in_flight == 1
    assert (await _usage(database, OTHER)).videos_in_flight == 1


async def test_a_completed_video_counts_the_size_of_its_publication(database: Database) -> None:
    """It is no longer in flight."""
    await _add(database, a_video())
    completed = a_video(status=VideoStatus.COMPLETED)
    await _save(database, completed)
    assert completed.publication is not None
    assert await _usage(database) == Usage(0, completed.publication.size_bytes, 1, TODAY, completed=1)


async def test_a_video_that_is_saved_twice_counts_once(database: Database) -> None:
    """Whether it was read before or not, in one transaction or in two."""
    await _add(database, a_video())
    completed = a_video(status=VideoStatus.COMPLETED)
    expected = Usage(0, footprint_of(completed).stored_bytes, 1, TODAY, completed=1)
    await _write(
        database,
        lambda work: work.videos.save(a_video(status=VideoStatus.UPLOADED)),
        lambda work: work.videos.get(VIDEO_ID),
        lambda work: work.videos.save(completed),
        lambda work: work.videos.save(completed),
        lambda work: work.videos.get_many(VIDEO_ID),
    )
    assert await _usage(database) == expected
    await _save(database, completed)
    assert await _usage(database) == expected


async def test_a_closed_upload_counts_nothing(database: Database) -> None:
    """The day's upload, too; a retry counts again."""
    video = a_video()
    await _add(database, video)
    await _save(database, _closed(video))
    assert await _usage(database) == Usage(0, 0, 0, TODAY, failed=1)
    await _save(database, video)
    assert await _usage(database) == Usage(1, video.source.size_bytes, 1, TODAY)


async def test_a_deleted_video_keeps_its_upload_counted(database: Database) -> None:
    """If it was uploaded: deleting does not allow more uploads today. Deleting twice changes nothing."""
    await _add(database, a_video(status=VideoStatus.COMPLETED), a_video(id=VideoId(a_uuid(2))))
    for _ in range(2):
        await _write(
            database,
            lambda work: work.videos.delete(VIDEO_ID, now=NOW),
            lambda work: work.videos.delete(VideoId(a_uuid(2)), now=NOW),
            lambda work: work.videos.delete(VideoId(a_uuid(404)), now=NOW),
        )
    assert await _usage(database) == Usage(0, 0, 1, TODAY)


async def test_a_new_day_counts_from_zero(database: Database) -> None:
    """A change for a past day does not affect the count of the new day."""
    yesterdays = a_video(created_at=NOW - timedelta(days=1))
    todays = [a_video(id=VideoId(a_uuid(number))) for number in (2, 3)]
    await _add(database, yesterdays)
    assert await _usage(database) == Usage(1, 1_000_000, 1, TODAY - timedelta(days=1))
    await _add(database, *todays)
    assert await _usage(database) == Usage(3, 3_000_000, 2, TODAY)
    await _save(database, _closed(yesterdays))
    assert await _usage(database) == Usage(2, 2_000_000, 2, TODAY, failed=1)


async def test_midnight_may_fall_into_a_transaction(database: Database) -> None:
    """Videos of both days are added; the later day's are counted."""
    before, after = NOW - timedelta(days=1), NOW
    await _add(
        database,
        *(a_video(id=VideoId(a_uuid(n)), created_at=at) for n, at in enumerate((after, before, after, before, before))),
    )
    assert await _usage(database) == Usage(5, 5_000_000, 2, TODAY)


async def test_days_are_those_of_utc(database: Database) -> None:
    """One microsecond before midnight belongs to the day before."""
    midnight = NOW.replace(hour=0, minute=0, second=0)
    await _add(database, a_video(created_at=midnight - timedelta(microseconds=1)))
    assert (await _usage(database)).day == TODAY - timedelta(days=1)
    await _add(database, a_video(id=VideoId(a_uuid(2)), created_at=midnight))
    assert await _usage(database) == Usage(2, 2_000_000, 1, TODAY)


async def test_a_refused_save_changes_nothing(database: Database) -> None:
    """A video that does not exist counts nothing."""
    async with database.write() as work:
        with pytest.raises(VideoNotFound):
            await work.videos.save(a_video())
    assert await _usage(database) == Usage()


async def test_rollback_drops_all_changes(database: Database) -> None:
    """Neither the changes written by a hold nor the later ones stay."""

    async def break_half_way(work: UnitOfWork) -> None:
        await work.videos.add(a_video())
        await work.usage.lock(OWNER)
        await work.videos.add(a_video(id=VideoId(a_uuid(2))))
        raise SomethingBroke

    with pytest.raises(SomethingBroke):
        await _write(database, break_half_way)
    assert await _usage(database) == Usage()


_NUMBERS = count(1000)

_SHAPES = (
    a_video(),
    a_video(source=a_source(size_bytes=7)),
    _closed(a_video()),
    *(a_video(status=status) for status in VideoStatus if status is not VideoStatus.UPLOADING),
)
_ACTIONS = st.tuples(
    st.sampled_from(["add", "save", "delete", "get"]), st.integers(0, 5), st.sampled_from(_SHAPES), st.integers(0, 2)
)


class Sum:
    """The videos in the database, and the uploads that deleted ones have left, summed by the rules of the domain."""

    def __init__(self) -> None:
        self.videos: dict[VideoId, Video] = {}
        self.left: list[tuple[UserId, date, int]] = []

    async def act(self, work: UnitOfWork, action: str, video: Video) -> None:
        """Apply the same action to the database and to this sum."""
        known = self.videos.get(video.id)
        if action == "delete":
            await work.videos.delete(video.id, now=NOW)
            if known is not None:
                left = footprint_after_delete(self.videos.pop(video.id))
                self.left.append((known.owner, left.day, left.uploads))
        elif action == "add" and known is None:
            await work.videos.add(video)
            self.videos[video.id] = video
        elif known is not None and action == "save":
            event_seq = max(video.event_seq, known.event_seq)
            self.videos[video.id] = replace(video, created_at=known.created_at, event_seq=event_seq)
            await work.videos.save(self.videos[video.id])
        elif known is not None:
            assert await work.videos.get(video.id) == known

    def expected(self, owner: UserId, day: date) -> Usage:
        """The usage of the owner, with the uploads of the day."""
        footprints = [footprint_of(video) for video in self.videos.values() if video.owner == owner]
        left = sum(uploads for whose, when, uploads in self.left if (whose, when) == (owner, day))
        return Usage(
            sum(footprint.videos_in_flight for footprint in footprints),
            sum(footprint.stored_bytes for footprint in footprints),
            sum(footprint.uploads for footprint in footprints if footprint.day == day) + left,
            day,
            sum(footprint.completed for footprint in footprints),
            sum(footprint.failed for footprint in footprints),
        )

    def last_day(self, owner: UserId) -> date:
        """The last day with any upload."""
        days = [
            footprint_of(video).day
            for video in self.videos.values()
            if video.owner == owner and not footprint_of(video).is_zero
        ]
        return max([*days, *(day for whose, day, uploads in self.left if whose == owner and uploads)], default=date.min)


@given(units=st.lists(st.lists(_ACTIONS, max_size=5), max_size=6))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_usage_is_the_sum_of_all_footprints(
    database: Database, units: list[list[tuple[str, int, Video, int]]]
) -> None:
    """After any adds, saves, reads and deletes, in any units of work, by any owners."""
    example = next(_NUMBERS)
    owners = [UserId(f"owner-{example}-{number}") for number in range(2)]
    total = Sum()
    for unit in units:
        async with database.write() as work:
            for action, number, shape, days in unit:
                video_id, owner = VideoId(a_uuid(example * 100 + number)), owners[number % 2]
                created_at = NOW + timedelta(days=days)
                await total.act(work, action, replace(shape, id=video_id, owner=owner, created_at=created_at))
        async with database.write() as work:
            held = await work.usage.lock(*owners)
        for owner in owners:
            assert held[owner] == total.expected(owner, held[owner].day)
            assert held[owner].day >= total.last_day(owner)


async def test_a_recount_goes_from_user_to_user_and_finds_the_same_sums(database: Database) -> None:
    """In order of ids, until there are no more; publications count, closed uploads do not."""
    played = a_video(
        id=VideoId(a_uuid(3)),
        source=a_source(size_bytes=999),
        status=VideoStatus.COMPLETED,
        publication=a_publication(size_bytes=70),
    )
    await _add(database, a_video(source=a_source(size_bytes=5)), played, a_video(id=VideoId(a_uuid(4)), owner=OTHER))
    await _save(database, _closed(a_video(id=VideoId(a_uuid(4)), owner=OTHER)))
    expected = {owner: await _usage(database, owner) for owner in (OWNER, OTHER)}
    assert expected[OWNER] == Usage(1, 75, 2, TODAY, completed=1)
    seen = list[UserId | None]()
    while len(seen) < 3:
        async with database.write() as work:
            seen.append(await work.usage.recount(after=seen[-1] if seen else None))
    assert seen == [*sorted(expected), None]
    assert {owner: await _usage(database, owner) for owner in expected} == expected
