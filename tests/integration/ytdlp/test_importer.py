"""The importer with the real yt-dlp, on a site of this machine."""

import asyncio
import stat
import subprocess
from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from adapters.sandbox.limits import Sandbox
from adapters.ytdlp import installation
from adapters.ytdlp.config import YtDlpConfig
from adapters.ytdlp.importer import YtDlpImporter
from adapters.ytdlp.installation import installed_version, is_fresh
from domain.model.errors import Rejected, Unavailable
from domain.ports.video_importer import FetchedVideo
from tests.contract.video_importer_fixtures import LIMITS
from tests.media import make
from tests.services.video_site import ARTICLE, HANG, running_video_site

pytestmark = pytest.mark.anyio

ID = "dQw4w9WgXcQ"
COOKIES = "# Netscape HTTP Cookie File\n"


@pytest.fixture(scope="module")
def streams(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Separate video and audio streams, as on YouTube, each in fragments."""
    folder = tmp_path_factory.mktemp("streams")
    video = make.video(folder / "video.mp4", duration_s=1, width=160, height=120, sound=make.tones([(0, 1)]))
    command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-i", str(video), "-c", "copy"]
    subprocess.run([*command, "-f", "dash", str(folder / "manifest.mpd")], check=True)
    return folder


async def fetch(config: YtDlpConfig, folder: Path, reported: list[float] | None = None) -> FetchedVideo:
    """Fetch the only video of the site."""
    reported = [] if reported is None else reported
    return await YtDlpImporter(config).fetch(ID, folder, limits=LIMITS, on_progress=reported.append)


async def test_streams_are_joined_to_one_mp4(streams: Path, tmp_path: Path) -> None:
    """By ffmpeg, in the same sandbox; the streams are removed, and the operator's cookies stay unchanged."""
    cookies = tmp_path / "cookies.txt"
    cookies.write_text(COOKIES)
    folder, reported = tmp_path / "job", list[float]()
    folder.mkdir()
    with running_video_site(streams, "manifest.mpd") as site:
        config = YtDlpConfig(extractors="generic", watch_url=site.watch_url, cookies_file=cookies)
        fetched = await fetch(config, folder, reported)
    assert fetched.path.read_bytes()[4:8] == b"ftyp"
    assert sorted(path.name for path in folder.iterdir()) == ["cookies.txt", "source.mp4"]
    assert stat.S_IMODE((folder / "cookies.txt").stat().st_mode) == 0o600
    assert cookies.read_text() == COOKIES
    assert any(0 < percent < 100 for percent in reported)


async def test_the_limit_holds_where_the_host_has_no_rlimits(
    streams: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """yt-dlp itself checks only each fragment."""
    limits = replace(LIMITS, max_size_bytes=(streams / "video.mp4").stat().st_size - 2000)

    async def nothing() -> Sandbox:
        return Sandbox()

    monkeypatch.setattr(Sandbox, "detect", nothing)
    with running_video_site(streams, "manifest.mpd") as site:
        importer = YtDlpImporter(YtDlpConfig(extractors="generic", watch_url=site.watch_url))
        with pytest.raises(Rejected) as refused:
            await importer.fetch(ID, tmp_path, limits=limits, on_progress=[0.0].append)
    assert refused.value.code == "file_too_large"
    assert (tmp_path / "source.mp4").stat().st_size > limits.max_size_bytes


async def test_everything_goes_through_the_proxy(streams: Path, tmp_path: Path) -> None:
    """Here the site is the proxy, which receives absolute URLs; its response is not a video."""
    with running_video_site(streams) as site:
        site.script.append(ARTICLE)
        proxy = f"http://ann:hunter2@127.0.0.1:{site.server_port}"
        config = YtDlpConfig(extractors="generic", watch_url="http://site.invalid/watch?v={id}", proxy_url=proxy)
        with pytest.raises(Rejected) as refused:
            await fetch(config, tmp_path)
    assert refused.value.code == "import_failed"
    assert "hunter2" not in refused.value.detail
    assert site.requested_urls == [f"http://site.invalid/watch?v={ID}"]
    assert stat.S_IMODE((tmp_path / "yt-dlp.conf").stat().st_mode) == 0o600


async def test_a_silent_site_times_out(streams: Path, tmp_path: Path) -> None:
    """Another attempt may succeed."""
    with running_video_site(streams) as site:
        site.script.append(HANG)
        config = YtDlpConfig(extractors="generic", watch_url=site.watch_url, stall_s=0.5)
        with pytest.raises(Unavailable) as refused:
            await fetch(config, tmp_path)
    assert (refused.value.code, refused.value.retryable) == ("import_failed", True)


async def test_without_ffmpeg_nothing_is_begun(tmp_path: Path) -> None:
    """Only an operator can correct that."""
    with pytest.raises(Unavailable) as refused:
        await fetch(YtDlpConfig(ffmpeg="no-such-ffmpeg"), tmp_path)
    assert (refused.value.code, refused.value.retryable) == ("tool_missing", False)


async def test_a_missing_cookie_file_is_reported(tmp_path: Path) -> None:
    """Without cookies YouTube might reject the request, or offer other formats; the file may be restored."""
    with pytest.raises(Unavailable) as refused:
        await fetch(YtDlpConfig(cookies_file=tmp_path / "absent"), tmp_path)
    assert (refused.value.code, refused.value.retryable) == ("cookies_unreadable", True)


async def test_a_missing_folder_is_a_worker_error(tmp_path: Path) -> None:
    """The program cannot be started in it."""
    with pytest.raises(Unavailable) as refused:
        await asyncio.wait_for(fetch(YtDlpConfig(), tmp_path / "absent"), 60)
    assert refused.value.code == "tool_missing"


@pytest.mark.parametrize(
    ("version", "fresh"),
    [
        ("2026.7.4", True),
        ("2026.07.04", True),
        ("2026.10.26.232828", True),
        ("2026.7.3", False),
        ("", False),
        (None, False),
    ],
)
def test_an_old_version_is_not_fresh(version: str | None, *, fresh: bool) -> None:
    """Versions are dates; nightly builds append a time."""
    assert is_fresh(version) is fresh


def test_a_python_without_yt_dlp_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """yt-dlp is an extra."""

    def absent(_name: str) -> str:
        raise PackageNotFoundError

    monkeypatch.setattr(installation, "version", absent)
    assert installed_version() is None


def test_the_installed_version_is_fresh() -> None:
    """The lock file has no older one."""
    assert is_fresh(installed_version())
