"""Settings of imports, and the site that a test may put in YouTube's place."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from entrypoints.bootstrap import media
from entrypoints.bootstrap.bootstrap import open_adapters
from entrypoints.bootstrap.media import check_youtube_extra, ytdlp_config
from entrypoints.bootstrap.roles import Role
from entrypoints.config.imports import TEST_SITE_VARIABLE, ImportSettings
from entrypoints.config.loading import load_settings
from entrypoints.config.settings import Settings
from entrypoints.config.storage import StorageSettings
from entrypoints.config.transcription import TranscriptionSettings
from entrypoints.config.values import Secret, SettingsError

pytestmark = pytest.mark.anyio

SITE = "http://127.0.0.1:8000/watch?v={id}"
IMPORTING = ImportSettings(youtube_import=True)


def test_imports_are_off_unless_somebody_switches_them_on() -> None:
    """What may be fetched from YouTube is the operator's to answer for."""
    assert not ImportSettings().youtube_import


def test_no_more_is_fetched_than_may_be_uploaded() -> None:
    """The smaller of two limits holds, and that on a video's length."""
    limits = ImportSettings(youtube_max_bytes=2000).limits(max_upload_bytes=1000, max_video_s=60)
    assert (limits.max_size_bytes, limits.max_duration_s) == (1000, 60)
    assert ImportSettings(youtube_max_bytes=500).limits(max_upload_bytes=1000, max_video_s=60).max_size_bytes == 500


def test_cookies_and_a_proxy_are_read_from_the_environment() -> None:
    """Both may be left out."""
    settings = load_settings(
        {
            "TELECINE_YOUTUBE_IMPORT": "true",
            "TELECINE_YOUTUBE_COOKIES_FILE": "/etc/cookies.txt",
            "TELECINE_YOUTUBE_PROXY_URL": "socks5://ann:hunter2@proxy.example:1080",
        }
    )
    config = ytdlp_config(settings.imports, environment={})
    assert (config.cookies_file, config.proxy_url) == (
        Path("/etc/cookies.txt"),
        "socks5://ann:hunter2@proxy.example:1080",
    )
    config = ytdlp_config(ImportSettings(), environment={})
    assert (config.cookies_file, config.proxy_url) == (None, None)


@pytest.mark.parametrize(
    "proxy",
    ["proxy.example", "ftp://proxy.example", "http://", 'http://a:hunter2"@b', "http://a:hunter2\n@b", "http://a b"],
)
def test_a_proxy_that_is_no_address_is_told_without_its_password(proxy: str) -> None:
    """A quote or the end of a line would say more to yt-dlp than a proxy."""
    with pytest.raises(SettingsError) as caught:
        load_settings({"TELECINE_YOUTUBE_PROXY_URL": proxy})
    (problem,) = caught.value.problems
    assert problem.startswith("TELECINE_YOUTUBE_PROXY_URL: ")
    assert "hunter2" not in problem


@pytest.mark.parametrize("version", [None, "2025.12.31"])
def test_without_a_fresh_yt_dlp_nothing_starts(monkeypatch: pytest.MonkeyPatch, version: str | None) -> None:
    """The extra is named; where imports are off nobody needs it."""
    monkeypatch.setattr(media, "installed_version", lambda: version)
    check_youtube_extra(replace(IMPORTING, youtube_import=False))
    with pytest.raises(SettingsError, match=r"telecine\[youtube\]"):
        check_youtube_extra(IMPORTING)


async def test_a_worker_without_its_cookies_does_not_start(tmp_path: Path) -> None:
    """It would be refused by YouTube and not know why; an API needs none."""
    settings = Settings(
        storage=StorageSettings(data_dir=tmp_path / "state"),
        imports=replace(IMPORTING, youtube_cookies_file=tmp_path / "absent"),
        transcription=TranscriptionSettings(transcriber="none"),
    )
    with pytest.raises(SettingsError, match="TELECINE_YOUTUBE_COOKIES_FILE"):
        async with open_adapters(settings, Role.WORKER):
            pass
    async with open_adapters(settings, Role.API):
        pass


def test_videos_come_from_youtube_alone() -> None:
    """Whatever else is set."""
    config = ytdlp_config(replace(IMPORTING, youtube_proxy_url=Secret("http://proxy.example")), environment={})
    assert (config.extractors, config.watch_url) == ("youtube", "https://www.youtube.com/watch?v={id}")


def test_a_test_may_put_a_site_of_its_own_in_youtubes_place() -> None:
    """It is read beside the settings, as crash points are."""
    load_settings({TEST_SITE_VARIABLE: SITE})
    config = ytdlp_config(IMPORTING, environment={TEST_SITE_VARIABLE: SITE})
    assert (config.extractors, config.watch_url) == ("generic", SITE)


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1/{id}", "http://10.0.0.1/{id}", "http://127.0.0.1.evil.example/{id}", "http://evil/{id}", "x"],
)
def test_no_other_machine_can_be_put_there(url: str) -> None:
    """Nobody's workers are to be sent to somebody's network."""
    with pytest.raises(SettingsError, match=TEST_SITE_VARIABLE):
        ytdlp_config(IMPORTING, environment={TEST_SITE_VARIABLE: url})
