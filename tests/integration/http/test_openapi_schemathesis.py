"""Requests of every kind that the OpenAPI document allows, and many that it does not."""

from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest
import structlog

from entrypoints.application import Application
from entrypoints.bootstrap.bootstrap import bootstrap
from entrypoints.bootstrap.roles import Role
from entrypoints.config.settings import Settings
from entrypoints.config.storage import StorageSettings
from entrypoints.config.transcription import TranscriptionSettings
from entrypoints.http.app import create_app
from tests.support.openapi_traffic import Traffic, closing_apps, document_of, operations_of, send_traffic, traffic_plan
from tests.support.world import ADA, open_world

SEED = 20261122

Opening = Callable[[Path], AbstractAsyncContextManager[Application]]


@asynccontextmanager
async def fakes(folder: Path) -> AsyncGenerator[Application]:
    """The application over fakes."""
    async with open_world(folder) as world:
        yield world.application


@asynccontextmanager
async def embedded(folder: Path) -> AsyncGenerator[Application]:
    """The application over SQLite and a folder."""
    async with bootstrap(
        Settings(storage=StorageSettings(data_dir=folder), transcription=TranscriptionSettings(transcriber="none")),
        Role.API,
    ) as application:
        yield application


@asynccontextmanager
async def broken(folder: Path) -> AsyncGenerator[Application]:
    """The application without its database."""
    async with open_world(folder) as world:
        world.database.is_down = True
        yield world.application


@pytest.fixture(autouse=True)
def _quiet() -> Generator[None]:
    """Disable logs: a line for each of hundreds of requests would hide failures."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    yield
    structlog.reset_defaults()


def traffic_with(opening: Opening, folder: Path, *, max_examples: int, phases: tuple[str, ...]) -> Traffic:
    """Send generated requests to every operation of the application; returns the results."""
    app = create_app(lambda: opening(folder))
    with closing_apps():
        document = document_of(app, traffic_plan(max_examples=max_examples, phases=phases, seed=SEED))
        application = cast("Application", cast("Any", app).state["application"])
        traffic = send_traffic(document, application.tokens.issue(ADA, lifetime_s=3600))
        assert traffic.operations >= operations_of(document)
        return traffic


@pytest.mark.parametrize(
    ("opening", "phases"),
    [(fakes, ("examples", "coverage", "fuzzing")), (embedded, ("examples", "fuzzing", "stateful"))],
)
def test_answers_are_as_the_document_says(tmp_path: Path, opening: Opening, phases: tuple[str, ...]) -> None:
    """Status, type and format; valid requests are accepted, invalid ones rejected; no response is a 500."""
    traffic = traffic_with(opening, tmp_path, max_examples=15, phases=phases)
    assert traffic.failures == {}
    assert traffic.server_errors == 0
    assert traffic.cases > 300


def test_server_errors_are_found(tmp_path: Path) -> None:
    """The generated requests detect them."""
    traffic = traffic_with(broken, tmp_path, max_examples=1, phases=("examples", "fuzzing"))
    assert traffic.server_errors > 0
    assert any("not_a_server_error" in failure for failure in traffic.failures)
