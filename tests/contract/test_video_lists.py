"""The lists of every video repository: filters, orders and positions, and what the transcripts say about captions."""

import asyncio
import unicodedata
from collections.abc import Generator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.fakes.database import InMemoryDatabase
from adapters.system.clock import SystemClock
from domain.model.ids import UserId, VideoId
from domain.model.transcripts.transcript import TranscriptOrigin
from domain.model.uploads.labels import Labels
from domain.model.videos.lifecycle import VideoStatus
from domain.model.videos.listing import NEWEST_FIRST, ListPosition, VideoFilter, VideoListing, VideoSort
from domain.model.videos.titles import title_words
from domain.model.videos.video import CaptionState, Video
from domain.ports.database import Database
from tests.contract.conftest import opened_database
from tests.support.builders import NOW, OWNER, VIDEO_ID, a_publication, a_source, a_transcript, a_uuid, a_video

pytestmark = pytest.mark.anyio

SECOND = timedelta(seconds=1)
TITLES = [
    "Caf\u00e9",
    "cafe",
    "Zebra 100%_a",
    "zebra",
    "a day",
    "\u6771\u4eac\u30bf\u30ef\u30fc",
    "\U0001f3ac b",
    "\ufb03x",
]


async def _add(database: Database, *videos: Video) -> None:
    async with database.write() as work:
        await work.videos.add(*videos)


async def _walk(database: Database, listing: VideoListing, *, owner: UserId = OWNER, limit: int = 3) -> list[VideoId]:
    """The ids on all pages."""
    seen: list[VideoId] = []
    after: ListPosition | None = None
    while True:
        async with database.read() as work:
            page = await work.videos.page(owner, limit=limit, listing=listing, after=after)
        seen += [each.video.id for each in page]
        if len(page) < limit:
            return seen
        after = listing.position(listing.cursor(page[-1].position))


def _numbered(number: int, title: str | None = None, *, owner: UserId = OWNER, seconds: int = 0) -> Video:
    created_at = NOW + seconds * SECOND
    return a_video(id=VideoId(a_uuid(number)), owner=owner, created_at=created_at, labels=Labels(title))


def _numbers(ids: list[VideoId]) -> list[int]:
    return [int(video_id[-12:], 16) for video_id in ids]


async def test_labels_are_stored_unchanged(database: Database) -> None:
    """Whatever JSON holds, with its types, at create and at a change."""
    metadata: dict[str, object] = {
        "\0": "\0\u2028",
        "n": [1, 1.0, -(2**63), 2**64 - 1, 5e-324, True, None, {}],
        "\U0001f3ac": "\u00e9",
    }
    video = a_video(labels=Labels("\U0001f3ac \u200f\u05d0", "x" * 255, metadata))
    await _add(database, video)
    async with database.read() as work:
        found = await work.videos.get(VIDEO_ID)
    assert found == video
    assert repr(found.labels.metadata) == repr(metadata)
    async with database.write() as work:
        await work.videos.save(replace(video, labels=Labels()))
    async with database.read() as work:
        assert (await work.videos.get(VIDEO_ID)).labels == Labels()


async def test_titles_are_ordered_without_case_and_accents(database: Database) -> None:
    """Equal ones by id, and both directions are exactly opposite; the file's name counts where there is no title."""
    owned = [_numbered(1, "cafe"), _numbered(2, "zebra"), _numbered(3, "CAF\u00c9"), _numbered(4), _numbered(5, "Beta")]
    await _add(database, *owned, _numbered(9, "a", owner=UserId("mallory")))
    ascending = _numbers(await _walk(database, VideoListing(VideoSort.TITLE), limit=2))
    assert ascending == [5, 1, 3, 4, 2]  # beta, cafe, cafe, holiday.mp4, zebra
    assert _numbers(await _walk(database, VideoListing(VideoSort.TITLE_DESCENDING), limit=2)) == ascending[::-1]


async def test_the_oldest_may_come_first(database: Database) -> None:
    """The opposite of the usual order."""
    await _add(database, *(_numbered(number, seconds=number // 2) for number in range(1, 7)))
    assert _numbers(await _walk(database, VideoListing(VideoSort.OLDEST))) == [1, 2, 3, 4, 5, 6]
    assert _numbers(await _walk(database, NEWEST_FIRST)) == [6, 5, 4, 3, 2, 1]


async def test_a_changed_title_moves_the_video(database: Database) -> None:
    """In the order, and in a search."""
    await _add(database, _numbered(1, "alpha"), _numbered(2, "beta"))
    async with database.write() as work:
        await work.videos.save(_numbered(1, "Gamma"))
    assert _numbers(await _walk(database, VideoListing(VideoSort.TITLE))) == [2, 1]
    assert await _walk(database, VideoListing(filter=VideoFilter(words=("alpha",)))) == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("CAFE", [2, 1]),
        ("af", [2, 1]),
        ("100% zeb", [3]),
        ("%", [3]),
        ("_", [3]),
        ("\\", []),
        ("ra %", [3]),
        ("\0", []),
    ],
    ids=ascii,
)
async def test_all_words_of_a_query_occur_in_the_title(database: Database, query: str, expected: list[int]) -> None:
    """In any order and within words; characters that mean something in SQL do not."""
    await _add(database, *(_numbered(number, title) for number, title in enumerate(TITLES[:4], start=1)))
    found = await _walk(database, VideoListing(filter=VideoFilter(words=title_words(query))))
    assert _numbers(found) == expected


async def test_captions_follow_the_transcript(database: Database) -> None:
    """A transcript without cues is none; deleting it puts that back, and saving the video does not change it."""
    video = a_video(publication=a_publication())
    await _add(database, video, a_video(id=VideoId(a_uuid(2))))
    missing = VideoListing(filter=VideoFilter(is_without_captions=True))
    assert await _walk(database, missing) == [VIDEO_ID]
    generated = a_transcript()
    uploaded = replace(generated, origin=TranscriptOrigin.UPLOADED)
    empty = a_transcript(text="", cues=())
    for transcript, expected in (
        (generated, CaptionState.GENERATED),
        (uploaded, CaptionState.OWN),
        (empty, CaptionState.NONE),
        (uploaded, CaptionState.OWN),
        (None, CaptionState.NONE),
    ):
        async with database.write() as work:
            if transcript is None:
                await work.transcripts.delete(VIDEO_ID)
            else:
                await work.transcripts.save(transcript)
            await work.videos.save(video)
        async with database.read() as work:
            assert (await work.videos.get(VIDEO_ID)).captions is expected
            assert [found.captions for found in await work.videos.get_many(VIDEO_ID)] == [expected]
            shown = await work.videos.page(OWNER, limit=9, listing=VideoListing(VideoSort.TITLE))
            assert [each.video.captions for each in shown] == [expected, CaptionState.NONE]
        assert (await _walk(database, missing) == [VIDEO_ID]) is (expected is CaptionState.NONE)


async def test_deleting_a_video_with_captions_is_no_error(database: Database) -> None:
    """The transcript goes with it."""
    await _add(database, a_video())
    async with database.write() as work:
        await work.transcripts.save(a_transcript())
        await work.videos.delete(VIDEO_ID, now=NOW)
    assert await _walk(database, NEWEST_FIRST) == []


async def test_titles_that_are_complete_are_not_filled(database: Database) -> None:
    """Only a process of an older version leaves them out."""
    await _add(database, _numbered(1), _numbered(2, "\u200d"))
    async with database.write() as work:
        assert await work.videos.fill_title_keys(limit=10) == 0


_Shape: TypeAlias = tuple[str | None, str | None, VideoStatus, int, str]
_SHAPES: st.SearchStrategy[_Shape] = st.tuples(
    st.sampled_from([None, *TITLES]),
    st.sampled_from([None, "x1", "X1"]),
    st.sampled_from([VideoStatus.UPLOADING, VideoStatus.UPLOADED, VideoStatus.COMPLETED, VideoStatus.FAILED]),
    st.integers(0, 3),
    st.sampled_from(["blob", "Zebra.mp4", "CAFE\u0301.mp4"]),
)
_TIMES = st.none() | st.integers(0, 3).map(lambda seconds: NOW + seconds * SECOND)
_LISTINGS = st.builds(
    VideoListing,
    sort=st.sampled_from(VideoSort),
    filter=st.builds(
        VideoFilter,
        statuses=st.frozensets(st.sampled_from(VideoStatus), max_size=5),
        words=st.sampled_from(["", "", "a", "cafe", "e b", "\u4eac", "ffi", "mp4"]).map(title_words),
        external_id=st.sampled_from([None, None, "x1"]),
        created_after=_TIMES,
        created_before=_TIMES,
        is_without_captions=st.booleans(),
    ),
)


def _videos(owner: UserId, shapes: list[_Shape], first: int) -> list[Video]:
    return [
        a_video(
            id=VideoId(a_uuid(first + number * 7919 % 1000)),
            owner=owner,
            source=a_source(filename=unicodedata.normalize("NFC", filename)),
            status=status,
            created_at=NOW + seconds * SECOND,
            labels=Labels(title, external_id),
        )
        for number, (title, external_id, status, seconds, filename) in enumerate(shapes)
    ]


@contextmanager
def _both(
    request: pytest.FixtureRequest, name: str, folder: Path
) -> Generator[tuple[asyncio.Runner, Database, Database]]:
    """A database in memory, and a real one, on one event loop."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        opened = runner.run(stack.enter_async_context(opened_database(request, name, folder)))
        try:
            yield runner, InMemoryDatabase(SystemClock()), opened
        finally:
            runner.run(stack.aclose())


@pytest.mark.parametrize("name", ["sqlite", "postgres"])
def test_every_list_has_the_same_pages_in_memory_and_in_sql(
    request: pytest.FixtureRequest, tmp_path: Path, name: str
) -> None:
    """For any videos, order, conditions and page size, every video of the list comes once and in its place."""
    numbers = count(1)
    with _both(request, name, tmp_path) as (runner, memory, sql):

        @settings(max_examples=40, deadline=None)
        @given(st.lists(_SHAPES, max_size=12), st.lists(_LISTINGS, min_size=3, max_size=6), st.integers(1, 4))
        def compare(shapes: list[_Shape], listings: list[VideoListing], limit: int) -> None:
            number = next(numbers)
            owner = UserId(f"user-{number}")
            videos = _videos(owner, shapes, number * 1000)
            for database in (memory, sql):
                runner.run(_add_some(database, videos))
            for listing in listings:
                expected = runner.run(_walk(memory, listing, owner=owner, limit=limit))
                assert runner.run(_walk(sql, listing, owner=owner, limit=limit)) == expected
                assert sorted(expected) == sorted(video.id for video in videos if listing.filter.matches(video))

        compare()


async def _add_some(database: Database, videos: list[Video]) -> None:
    if videos:
        await _add(database, *videos)


@pytest.mark.parametrize(
    "time", [NOW, datetime.max.replace(tzinfo=NOW.tzinfo), datetime.min.replace(tzinfo=NOW.tzinfo)]
)
async def test_every_time_is_a_bound(database: Database, time: datetime) -> None:
    """The first and the last moment of the calendar, too."""
    await _add(database, _numbered(1))
    after = await _walk(database, VideoListing(filter=VideoFilter(created_after=time)))
    before = await _walk(database, VideoListing(filter=VideoFilter(created_before=time)))
    assert (len(after), len(before)) == ((1, 0) if time <= NOW else (0, 1))
