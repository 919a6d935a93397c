"""Settings of imports, and the site that a test may run instead of YouTube."""

from pathlib import Path

import pytest

from entrypoints.bootstrap.media import ytdlp_config
from entrypoints.config.imports import ImportSettings
from entrypoints.config.loading import load_settings
from entrypoints.config.values import SettingsError

pytestmark = pytest.mark.anyio


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
