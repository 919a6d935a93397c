"""The doctor's findings about imports from YouTube."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from adapters.ytdlp import installation
from entrypoints.config.imports import ImportSettings
from entrypoints.config.settings import Settings
from entrypoints.doctor.checks import imports
from entrypoints.doctor.checks.imports import OLD_AFTER, check_importer, import_checks
from entrypoints.doctor.report import Level, run_check

pytestmark = pytest.mark.anyio

IMPORTING = Settings(imports=ImportSettings(youtube_import=True))


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> str:
    """Today's yt-dlp with everything it needs."""
    version = f"{datetime.now(UTC):%Y.%m.%d}"
    monkeypatch.setattr(imports, "installed_version", lambda: version)
    monkeypatch.setattr(imports, "missing_script_runtimes", list[str])
    return version


def test_without_imports_nothing_is_checked() -> None:
    """Imports are disabled by default."""
    assert import_checks(Settings()) == []


async def test_a_complete_installation_is_ok(fresh: str) -> None:
    """The finding has its version, and states that no cookies are used."""
    (check,) = import_checks(IMPORTING)
    finding = await run_check(check)
    assert (finding.name, finding.verdict.level) == ("youtube", Level.OK)
    assert finding.verdict.observation == f"yt-dlp {fresh}, no cookies"


@pytest.mark.usefixtures("fresh")
def test_the_cookie_file_is_checked(tmp_path: Path) -> None:
    """At the configured path; its content is not shown."""
    cookies = tmp_path / "cookies.txt"
    settings = Settings(imports=replace(IMPORTING.imports, youtube_cookies_file=cookies))
    assert check_importer(settings).level is Level.FAILED
    cookies.write_text("SID secret")
    verdict = check_importer(settings)
    assert verdict.level is Level.OK
    assert "secret" not in verdict.observation


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize(("version", "seen"), [(None, "yt-dlp is not installed"), ("2026.7.3", "yt-dlp 2026.7.3")])
def test_an_absent_or_old_yt_dlp_has_failed(monkeypatch: pytest.MonkeyPatch, version: str | None, seen: str) -> None:
    """No import can run with it."""
    monkeypatch.setattr(imports, "installed_version", lambda: version)
    verdict = check_importer(IMPORTING)
    assert (verdict.level, verdict.observation) == (Level.FAILED, seen)


@pytest.mark.usefixtures("fresh")
def test_an_aging_yt_dlp_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    """It works until YouTube changes something."""
    released = datetime.now(UTC) - OLD_AFTER - timedelta(days=1)
    monkeypatch.setattr(imports, "installed_version", lambda: f"{released:%Y.%m.%d}")
    monkeypatch.setattr(installation, "OLDEST", (2000, 1, 1))
    assert check_importer(IMPORTING).level is Level.WARNING


@pytest.mark.usefixtures("fresh")
def test_without_a_runtime_for_scripts_it_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some videos can still be imported."""
    monkeypatch.setattr(imports, "missing_script_runtimes", lambda: ["Deno"])
    verdict = check_importer(IMPORTING)
    assert verdict.level is Level.WARNING
    assert "lacks Deno" in verdict.observation
