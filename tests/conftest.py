"""Fixtures and environment of every test."""

import os
from collections.abc import Generator

import pytest
import structlog
from hypothesis import settings

# The contributor's own settings must not reach the tests, nor the processes that the tests start.
for _name in [name for name in os.environ if name.startswith(("TELECINE_", "OPENAI_"))]:
    del os.environ[_name]

# Coverage measures the processes that run tests; measuring the processes they start would only slow them down.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)


# Hypothesis has no deadlines, which a busy machine would miss, and searches identically on every machine.
settings.register_profile("telecine", max_examples=150, deadline=None, derandomize=True)
settings.load_profile("telecine")


@pytest.fixture(autouse=True, scope="session")
def own_state(tmp_path_factory: pytest.TempPathFactory) -> Generator[None]:
    """Keep the upload client's resume state out of the contributor's home."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(autouse=True)
def _own_logging() -> Generator[None]:
    """Reset what a test leaves in logging: the configuration that a command sets, and the bound context."""
    yield
    structlog.contextvars.clear_contextvars()
    if structlog.is_configured():
        structlog.reset_defaults()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run every async test on asyncio."""
    return "asyncio"
