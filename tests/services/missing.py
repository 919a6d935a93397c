"""Reports a program that tests need and that is not installed."""

import os
from typing import NoReturn

import pytest


def missing(program: str, remedy: str) -> NoReturn:
    """Fail the test in CI, where everything must be installed; elsewhere, skip it."""
    reason = f"{program} IS NOT INSTALLED, SO THIS WAS NOT TESTED. {remedy}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
