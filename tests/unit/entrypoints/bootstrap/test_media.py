"""The transcoder and the importer that the settings ask for."""

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from adapters.ffmpeg.known_versions import version_of
from adapters.sandbox import landlock
from entrypoints.bootstrap import media
from entrypoints.bootstrap.media import check_youtube_extra, open_transcoder, ytdlp_config
from entrypoints.bootstrap.roles import Role
from entrypoints.config.compression import CompressionSettings
from entrypoints.config.imports import TEST_SITE_VARIABLE, ImportSettings
from entrypoints.config.loading import load_settings
from entrypoints.config.sandbox import SandboxSettings
from entrypoints.config.values import Secret, SettingsError

pytestmark = pytest.mark.anyio

SITE = "http://127.0.0.1:8000/watch?v={id}"
IMPORTING = ImportSettings(youtube_import=True)


@pytest.mark.parametrize(("role", "is_logged"), [(Role.WORKER, True), (Role.API, False)])
async def test_a_worker_logs_the_version_of_its_ffmpeg(role: Role, *, is_logged: bool) -> None:
    """The API runs no ffmpeg."""
    with capture_logs() as logs:
        await open_transcoder(CompressionSettings(), SandboxSettings(), role=role)
    logged = [line["version"] for line in logs if line["event"] == "ffmpeg_version"]
    assert logged == ([await version_of("ffmpeg")] if is_logged else [])


async def test_a_worker_without_a_complete_sandbox_says_so_or_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting decides."""
    monkeypatch.setattr(landlock, "supported_version", lambda: 0)
    with capture_logs() as logs:
        await open_transcoder(CompressionSettings(), SandboxSettings(), role=Role.WORKER)
    missing = [line["missing"] for line in logs if line["event"] == "ffmpeg_sandbox_incomplete"]
    assert missing == [["no_foreign_files"]]
    with pytest.raises(SettingsError, match="TELECINE_SANDBOX=require: this host lacks no_foreign_files"):
        await open_transcoder(CompressionSettings(), SandboxSettings(sandbox="require"), role=Role.WORKER)
    await open_transcoder(CompressionSettings(), SandboxSettings(sandbox="require"), role=Role.API)


@pytest.mark.parametrize("version", [None, "2025.12.31"])
def test_imports_need_a_recent_yt_dlp(monkeypatch: pytest.MonkeyPatch, version: str | None) -> None:
    """The error names the extra; without imports it is not needed."""
    monkeypatch.setattr(media, "installed_version", lambda: version)
    check_youtube_extra(replace(IMPORTING, youtube_import=False))
    with pytest.raises(SettingsError, match=r"telecine\[youtube\]"):
        check_youtube_extra(IMPORTING)


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
