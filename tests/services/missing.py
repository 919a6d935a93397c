"""What happens when a server that tests need is not installed."""

import os
from typing import NoReturn

import pytest


def missing(program: str, remedy: str) -> NoReturn:
    """Fail in CI, where everything has to be there; skip elsewhere, and say so loudly."""
    reason = f"{program} IS NOT INSTALLED, SO THIS WAS NOT TESTED. {remedy}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
