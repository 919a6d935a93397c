"""The contract of every video importer, fake or real."""

import asyncio
from collections.abc import AsyncGenerator
from itertools import pairwise
from pathlib import Path

import pytest

from domain.model.errors import Rejected, Unavailable
from domain.ports.video_importer import FetchedVideo
from tests.contract.video_importer_fixtures import LIMITS, OPENINGS, TIMEOUT_S, Subject

pytestmark = pytest.mark.anyio

ID = "dQw4w9WgXcQ"


@pytest.fixture(scope="session")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that keeps the one video."""
    return tmp_path_factory.mktemp("stock")


@pytest.fixture(params=OPENINGS)
async def subject(request: pytest.FixtureRequest, stock: Path, tmp_path: Path) -> AsyncGenerator[Subject]:
    """Each importer in turn; no process and no task may be left."""
    tasks_before = len(asyncio.all_tasks())
    async with OPENINGS[str(request.param)](stock) as opened:
        yield opened
        assert opened.left_behind(tmp_path) == 0
    assert len(asyncio.all_tasks()) == tasks_before


async def fetch(subject: Subject, folder: Path, reported: list[float] | None = None) -> FetchedVideo:
    """Fetch the video, within small limits."""
    reported = [] if reported is None else reported
    return await subject.importer.fetch(ID, folder, limits=LIMITS, on_progress=reported.append)


def largest(folder: Path) -> int:
    """The size of the largest file in the folder."""
    return max((path.stat().st_size for path in folder.iterdir()), default=0)


async def test_a_video_is_fetched_whole(subject: Subject, tmp_path: Path) -> None:
    """An MP4 in the folder, with its size and title; progress rises to its end."""
    reported: list[float] = []
    fetched = await fetch(subject, tmp_path, reported)
    assert fetched.path.parent == tmp_path
    assert fetched.size_bytes == fetched.path.stat().st_size == subject.size_bytes
    assert fetched.path.read_bytes()[4:8] == b"ftyp"
    assert fetched.title
    assert reported[-1] == 100.0
    assert all(before <= after for before, after in pairwise(reported))


async def test_an_absent_video_is_rejected(subject: Subject, tmp_path: Path) -> None:
    """The error is final."""
    subject.break_by("absent")
    with pytest.raises(Rejected) as refused:
        await fetch(subject, tmp_path)
    assert refused.value.code == "not_found"


async def test_too_many_requests_are_retried_much_later(subject: Subject, tmp_path: Path) -> None:
    """The error is retryable after a long time."""
    subject.break_by("too many requests")
    with pytest.raises(Unavailable) as refused:
        await fetch(subject, tmp_path)
    assert (refused.value.code, refused.value.retryable, refused.value.retry_after_s) == ("import_blocked", True, 1800)


async def test_a_video_that_is_too_large_is_rejected(subject: Subject, tmp_path: Path) -> None:
    """Even if the site did not state its size."""
    subject.break_by("too large")
    with pytest.raises(Rejected) as refused:
        await fetch(subject, tmp_path)
    assert refused.value.code == "file_too_large"
    assert largest(tmp_path) <= LIMITS.max_size_bytes


async def test_a_cancelled_call_ends_what_it_has_started(subject: Subject, tmp_path: Path) -> None:
    """All its processes have ended before it returns."""
    subject.hang()
    call = asyncio.create_task(fetch(subject, tmp_path))
    await subject.wait_until_hanging()
    call.cancel()
    async with asyncio.timeout(TIMEOUT_S):
        with pytest.raises(asyncio.CancelledError):
            await call
    assert subject.left_behind(tmp_path) == 0
