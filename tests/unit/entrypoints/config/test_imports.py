"""Settings of imports, and the site that a test may run instead of YouTube."""

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


def test_imports_are_off_by_default() -> None:
    """The operator is responsible for what is fetched from YouTube."""
    assert not ImportSettings().youtube_import


def test_an_import_may_not_be_larger_than_an_upload() -> None:
    """The smaller of the two limits applies, and so does the limit on a video's duration."""
    limits = ImportSettings(youtube_max_bytes=2000).limits(max_upload_bytes=1000, max_video_s=60)
    assert (limits.max_size_bytes, limits.max_duration_s) == (1000, 60)
    assert ImportSettings(youtube_max_bytes=500).limits(max_upload_bytes=1000, max_video_s=60).max_size_bytes == 500


def test_cookies_and_a_proxy_are_read_from_the_environment() -> None:
    """Both are optional."""
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
def test_the_error_for_an_invalid_proxy_hides_its_password(proxy: str) -> None:
    """A quote or a newline would add options to the file from which yt-dlp reads the proxy."""
    with pytest.raises(SettingsError) as caught:
        load_settings({"TELECINE_YOUTUBE_PROXY_URL": proxy})
    (problem,) = caught.value.problems
    assert problem.startswith("TELECINE_YOUTUBE_PROXY_URL: ")
    assert "hunter2" not in problem


@pytest.mark.parametrize("version", [None, "2025.12.31"])
def test_imports_need_a_recent_yt_dlp(monkeypatch: pytest.MonkeyPatch, version: str | None) -> None:
    """The error names the extra; without imports it is not needed."""
    monkeypatch.setattr(media, "installed_version", lambda: version)
    check_youtube_extra(replace(IMPORTING, youtube_import=False))
    with pytest.raises(SettingsError, match=r"telecine\[youtube\]"):
        check_youtube_extra(IMPORTING)


async def test_a_worker_does_not_start_without_its_cookie_file(tmp_path: Path) -> None:
    """YouTube would refuse its imports for no apparent reason; an API does not need the file."""
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


def test_videos_are_imported_only_from_youtube() -> None:
    """No setting changes that."""
    config = ytdlp_config(replace(IMPORTING, youtube_proxy_url=Secret("http://proxy.example")), environment={})
    assert (config.extractors, config.watch_url) == ("youtube", "https://www.youtube.com/watch?v={id}")


def test_a_test_may_replace_youtube_by_its_own_site() -> None:
    """Its variable is not a setting, as the crash point's is not."""
    load_settings({TEST_SITE_VARIABLE: SITE})
    config = ytdlp_config(IMPORTING, environment={TEST_SITE_VARIABLE: SITE})
    assert (config.extractors, config.watch_url) == ("generic", SITE)


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1/{id}", "http://10.0.0.1/{id}", "http://127.0.0.1.evil.example/{id}", "http://evil/{id}", "x"],
)
def test_the_site_must_be_on_this_machine(url: str) -> None:
    """The variable must not send workers to another network."""
    with pytest.raises(SettingsError, match=TEST_SITE_VARIABLE):
        ytdlp_config(IMPORTING, environment={TEST_SITE_VARIABLE: url})
