"""Video importers under test, each with a site that has one video under every id."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from adapters.fakes.video_importer import FakeVideoImporter
from adapters.ytdlp.config import YtDlpConfig
from adapters.ytdlp.importer import YtDlpImporter
from domain.model.errors import Rejected, Unavailable
from domain.model.failure import FailureCode
from domain.model.imports.youtube import ImportLimits
from domain.ports.video_importer import VideoImporter
from tests.contract.transcoder_fixtures import pids_in
from tests.media import make
from tests.services.video_site import HANG, Page, running_video_site

TIMEOUT_S = 60.0
LIMITS = ImportLimits(max_duration_s=60.0, max_size_bytes=500_000)


@dataclass(frozen=True)
class Subject:
    """An importer, the size of the one video, and what a test may change at the site."""

    importer: VideoImporter
    size_bytes: int
    break_by: Callable[[str], None]
    hang: Callable[[], None]
    wait_until_hanging: Callable[[], Awaitable[object]]
    left_behind: Callable[[Path], int]


Opening = Callable[[Path], AbstractAsyncContextManager[Subject]]


@asynccontextmanager
async def fake(_stock: Path) -> AsyncGenerator[Subject]:
    """The fake."""
    importer = FakeVideoImporter()
    faults = {
        "absent": Rejected("No.", code=FailureCode.NOT_FOUND.value),
        "too many requests": Unavailable("No.", code=FailureCode.IMPORT_BLOCKED.value, retry_after_s=1800.0),
        "too large": Rejected("No.", code=FailureCode.FILE_TOO_LARGE.value),
    }
    yield Subject(
        importer,
        len(importer.content),
        lambda fault: importer.fail(faults[fault], times=1),
        importer.hang,
        importer.is_hanging.wait,
        lambda _folder: importer.is_hanging.is_set(),
    )


@asynccontextmanager
async def ytdlp(stock: Path) -> AsyncGenerator[Subject]:
    """yt-dlp, fetching from a site on this machine."""
    video = await asyncio.to_thread(_video, stock)
    faults = {
        "absent": Page(404),
        "too many requests": Page(429),
        "too large": Page(body=video.read_bytes(), is_endless=True),
    }

    with running_video_site(stock) as site:
        config = YtDlpConfig(extractors="generic", watch_url=site.watch_url)

        def break_by(fault: str) -> None:
            # yt-dlp requests the URL twice: the first time only to inspect it.
            site.script.extend([faults[fault]] * 2)

        yield Subject(
            YtDlpImporter(config),
            video.stat().st_size,
            break_by,
            lambda: site.script.append(HANG),
            lambda: asyncio.to_thread(site.is_hanging.wait, TIMEOUT_S),
            lambda folder: len(pids_in(folder)),
        )


@cache
def _video(stock: Path) -> Path:
    """Created once for all tests."""
    return make.video(stock / "video.mp4", duration_s=1, width=160, height=120, sound=make.tones([(0, 1)]))


OPENINGS: dict[str, Opening] = {"fake": fake, "ytdlp": ytdlp}
