"""The doctor's report: every finding, and never a secret."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from entrypoints.cli.main import main
from entrypoints.config.job_queue import JobQueueSettings
from entrypoints.config.server import ServerSettings
from entrypoints.config.settings import Settings
from entrypoints.config.storage import StorageSettings
from entrypoints.config.tokens import TokenSettings
from entrypoints.config.transcription import TranscriptionSettings
from entrypoints.config.values import Secret
from entrypoints.doctor.report import Finding, Level
from entrypoints.doctor.runner import run_checks

pytestmark = pytest.mark.anyio

PASSWORD = "canary-of-redis"
SECRET = "canary-0123456789-0123456789-0123456789"


async def test_no_finding_holds_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even if an operator has put one in the wrong setting."""
    monkeypatch.chdir(tmp_path)
    settings = Settings(
        storage=StorageSettings(data_dir=tmp_path / SECRET),
        server=ServerSettings(public_url=f"https://example.org/{PASSWORD}"),
        tokens=TokenSettings(jwt_secret=Secret(SECRET)),
        job_queue=JobQueueSettings(redis_url=Secret(f"redis://:{PASSWORD}@127.0.0.1:1/0")),
        transcription=TranscriptionSettings(transcriber="none"),
    )
    findings: list[Finding] = []
    await run_checks(settings, findings.append)
    text = "\n".join(finding.text for finding in findings)
    assert "***" in text
    assert "canary" not in text


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_new_installation_is_healthy(folder: Path) -> None:
    """Exit code 0; the checks create nothing."""
    result = CliRunner(env={"TELECINE_TRANSCRIBER": "none"}).invoke(main, ["doctor"])
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    *lines, summary = result.stdout.splitlines()
    assert {line.split()[0] for line in lines} <= {"ok", "warning", "→"}
    assert summary.endswith("0 failed")
    assert list(folder.iterdir()) == []


def test_the_report_as_json_says_the_same(folder: Path) -> None:
    """A list of objects with four texts each."""
    result = CliRunner(env={"TELECINE_TRANSCRIBER": "none", "TELECINE_DATA_DIR": str(folder)}).invoke(
        main, ["doctor", "--json"]
    )
    report = json.loads(result.stdout)
    assert {"settings", "data folder", "database", "redis", "ffmpeg", "bucket"} <= {each["name"] for each in report}
    assert all(set(each) == {"level", "name", "seen", "remedy"} for each in report)
    assert all(each["level"] in {"ok", "warning", "failed"} for each in report)


def test_wrong_settings_are_all_reported_and_the_rest_is_checked(folder: Path) -> None:
    """One line each; checks without settings still run."""
    result = CliRunner(env={"TELECINE_PORT": "1", "TELECINE_JWT_SECRET": "canary"}).invoke(main, ["doctor", "--json"])
    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [(each["level"], each["seen"]) for each in report if each["name"] == "settings"] == [
        ("failed", "TELECINE_JWT_SECRET: at least 32 bytes are required"),
        ("failed", "TELECINE_PORT: there is no such setting"),
    ]
    assert any(each["name"] == "ffmpeg" for each in report)
    assert "canary" not in result.output


def test_one_failure_is_enough_for_exit_code_1(folder: Path) -> None:
    """So that scripts can rely on it; all other checks are still reported."""
    (folder / "state").touch()
    environment = {"TELECINE_TRANSCRIBER": "none", "TELECINE_DATA_DIR": "state"}
    result = CliRunner(env=environment).invoke(main, ["doctor", "--json"])
    levels = {each["name"]: each["level"] for each in json.loads(result.stdout)}
    assert result.exit_code == 1
    assert levels["data folder"] == Level.FAILED.lower()
    assert levels["ffmpeg"] == "ok"
