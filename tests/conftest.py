"""What every test may use."""

import os
from collections.abc import Generator

import pytest
import structlog

# What the contributor has set for a Telecine of their own is not for the tests, nor for the processes they start.
for _name in [name for name in os.environ if name.startswith(("TELECINE_", "OPENAI_"))]:
    del os.environ[_name]

# Coverage is taken of the processes that run the tests; those that they start would only be slower by it.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)


@pytest.fixture(autouse=True, scope="session")
def own_state(tmp_path_factory: pytest.TempPathFactory) -> Generator[None]:
    """The upload client remembers what it has begun; not in the contributor's home."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(autouse=True)
def _own_logging() -> Generator[None]:
    """A command that a test runs in this process sets up logging for it all, and loggers remember that."""
    yield
    if structlog.is_configured():
        structlog.reset_defaults()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Everything here runs on asyncio."""
    return "asyncio"
