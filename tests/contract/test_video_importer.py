"""What every importer must do, pretended or real."""

import asyncio
from collections.abc import AsyncGenerator
from itertools import pairwise
from pathlib import Path

import pytest

from domain.model.errors import Rejected, Unavailable
from domain.ports.video_importer import FetchedVideo
from tests.contract.video_importer_fixtures import LIMITS, OPENINGS, PATIENCE_S, Subject

pytestmark = pytest.mark.anyio

ID = "dQw4w9WgXcQ"


@pytest.fixture(scope="session")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the one video is kept."""
    return tmp_path_factory.mktemp("stock")


@pytest.fixture(params=OPENINGS)
async def subject(request: pytest.FixtureRequest, stock: Path, tmp_path: Path) -> AsyncGenerator[Subject]:
    """Each importer in turn; it leaves no process and no task behind."""
    tasks_before = len(asyncio.all_tasks())
    async with OPENINGS[str(request.param)](stock) as opened:
        yield opened
        assert opened.left_behind(tmp_path) == 0
    assert len(asyncio.all_tasks()) == tasks_before


async def fetch(subject: Subject, folder: Path, told: list[float] | None = None) -> FetchedVideo:
    """Fetch the video, within small limits."""
    told = [] if told is None else told
    return await subject.importer.fetch(ID, folder, limits=LIMITS, on_progress=told.append)


def largest(folder: Path) -> int:
    """The size of the largest file in the folder."""
    return max((path.stat().st_size for path in folder.iterdir()), default=0)


async def test_a_video_is_fetched_whole(subject: Subject, tmp_path: Path) -> None:
    """An MP4 in the folder, with its size and its title; progress goes up to its end."""
    told: list[float] = []
    fetched = await fetch(subject, tmp_path, told)
    assert fetched.path.parent == tmp_path
    assert fetched.size_bytes == fetched.path.stat().st_size == subject.size_bytes
    assert fetched.path.read_bytes()[4:8] == b"ftyp"
    assert fetched.title
    assert told[-1] == 100.0
    assert all(before <= after for before, after in pairwise(told))


async def test_what_is_absent_is_not_asked_for_again(subject: Subject, tmp_path: Path) -> None:
    """It will not be there the next time."""
    subject.break_by("absent")
    with pytest.raises(Rejected) as refused:
        await fetch(subject, tmp_path)
    assert refused.value.code == "not_found"


async def test_a_site_that_has_had_enough_is_left_alone_for_long(subject: Subject, tmp_path: Path) -> None:
    """It may give the video later."""
    subject.break_by("too many requests")
    with pytest.raises(Unavailable) as refused:
        await fetch(subject, tmp_path)
    assert (refused.value.code, refused.value.retryable, refused.value.retry_after_s) == ("import_blocked", True, 1800)


async def test_what_is_too_large_is_not_kept(subject: Subject, tmp_path: Path) -> None:
    """Even if nobody said before how large it is."""
    subject.break_by("too large")
    with pytest.raises(Rejected) as refused:
        await fetch(subject, tmp_path)
    assert refused.value.code == "file_too_large"
    assert largest(tmp_path) <= LIMITS.max_size_bytes


async def test_a_cancelled_call_ends_what_it_has_started(subject: Subject, tmp_path: Path) -> None:
    """Before it returns."""
    subject.hang()
    call = asyncio.create_task(fetch(subject, tmp_path))
    await subject.until_it_hangs()
    call.cancel()
    async with asyncio.timeout(PATIENCE_S):
        with pytest.raises(asyncio.CancelledError):
            await call
    assert subject.left_behind(tmp_path) == 0
