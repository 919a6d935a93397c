"""Errors of the disk."""

import errno
import os
from pathlib import Path

import pytest

from adapters.localfs.errors import translate_errors
from domain.model.errors import Unavailable

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_named(number: int) -> None:
    """The error is retryable, because an operator may free space."""
    with pytest.raises(Unavailable) as failure, translate_errors():
        raise OSError(number, os.strerror(number))
    assert (failure.value.code, failure.value.retryable) == ("storage_full", True)


def test_another_fault_of_the_disk_may_pass(tmp_path: Path) -> None:
    """The error is retryable and names no local path."""
    with pytest.raises(Unavailable) as failure, translate_errors():
        (tmp_path / "absent").read_bytes()
    assert (failure.value.code, failure.value.retryable) == ("unavailable", True)
    assert str(tmp_path) not in failure.value.detail
