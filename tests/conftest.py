"""What every test may use."""

import os

import pytest

# What the contributor has set for a Telecine of their own is not for the tests, nor for the processes they start.
for _name in [name for name in os.environ if name.startswith(("TELECINE_", "OPENAI_"))]:
    del os.environ[_name]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Everything here runs on asyncio."""
    return "asyncio"
