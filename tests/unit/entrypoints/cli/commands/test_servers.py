"""The options of `telecine worker`: its queues and its concurrency."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from domain.model.jobs.payloads import QueueName
from entrypoints.cli.commands import servers
from entrypoints.cli.main import main
from entrypoints.config.settings import Settings

REDIS = {"TELECINE_REDIS_URL": "redis://127.0.0.1:1/0"}


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[frozenset[QueueName], int | None]]:
    """The arguments with which workers were started; none really runs."""
    started: list[tuple[frozenset[QueueName], int | None]] = []

    def run(_settings: Settings, queues: frozenset[QueueName], threads: int | None) -> None:
        started.append((queues, threads))

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(servers, "run_worker", run)
    return started


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], (frozenset(QueueName), None)),
        (["--queues", "media"], (frozenset({QueueName.MEDIA}), None)),
        (["--queues", "io, maintenance", "--threads", "3"], (frozenset({QueueName.IO, QueueName.MAINTENANCE}), 3)),
    ],
)
def test_queues_and_threads_reach_the_worker(
    runs: list[tuple[frozenset[QueueName], int | None]],
    arguments: list[str],
    expected: tuple[frozenset[QueueName], int | None],
) -> None:
    """Queue names are separated by commas; by default the worker processes all queues with the settings' limits."""
    result = CliRunner(env=REDIS).invoke(main, ["worker", *arguments])
    assert result.exit_code == 0, result.output
    assert runs == [expected]


@pytest.mark.parametrize(
    "arguments",
    [["--queues", ""], ["--queues", "media,"], ["--queues", "video"], ["--threads", "0"], ["--threads", "many"]],
)
def test_invalid_options_are_a_usage_error(
    runs: list[tuple[frozenset[QueueName], int | None]], arguments: list[str]
) -> None:
    """It names the option, and nothing starts."""
    result = CliRunner(env=REDIS).invoke(main, ["worker", *arguments])
    assert result.exit_code == 2
    assert arguments[0] in result.output
    assert runs == []


def test_without_redis_a_worker_works_on_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No other worker could process the remaining queues."""
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["worker", "--queues", "media"])
    assert result.exit_code == 1
    assert "TELECINE_REDIS_URL" in result.output
    assert not list(tmp_path.iterdir())
