"""Folders that one process uses at a time."""

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from adapters.system.folder_lock import MAX_OWNERS, folder_lock, own_folder
from domain.model.errors import Conflict

_HOLDING = """
import sys, time
from pathlib import Path
from adapters.system.folder_lock import folder_lock
with folder_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_one_holds_the_lock_at_a_time(tmp_path: Path) -> None:
    """The second one gets an error; the third succeeds after the first has ended."""
    with folder_lock(tmp_path / "lock"), pytest.raises(Conflict, match="uses"), folder_lock(tmp_path / "lock"):
        pass
    with folder_lock(tmp_path / "lock"):
        pass


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    """The kernel releases its lock; the file that it leaves behind is no lock."""
    with subprocess.Popen([sys.executable, "-c", _HOLDING, str(tmp_path / "lock")], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(Conflict), folder_lock(tmp_path / "lock"):
            pass
        holder.kill()
    assert (tmp_path / "lock").exists()
    with folder_lock(tmp_path / "lock"):
        pass


def test_every_process_gets_a_separate_folder(tmp_path: Path) -> None:
    """Workers of one host share the disk, not the folder."""
    with own_folder(tmp_path) as first, own_folder(tmp_path) as second:
        assert first.is_dir()
        assert second.is_dir()
        assert first != second


def test_a_new_process_reuses_the_folder_of_an_ended_one(tmp_path: Path) -> None:
    """So that it finds what a dead worker left."""
    with own_folder(tmp_path):
        with own_folder(tmp_path) as left:
            pass
        with own_folder(tmp_path) as again:
            assert again == left


def test_an_error_of_the_owner_is_its_own(tmp_path: Path) -> None:
    """A conflict raised inside the block is not mistaken for a locked folder."""
    with pytest.raises(Conflict, match="mine"), own_folder(tmp_path):
        raise Conflict("mine", code="data_folder_in_use")


def test_the_number_of_folders_is_limited(tmp_path: Path) -> None:
    """A host on which workers pile up gets an error."""
    with ExitStack() as stack:
        for _ in range(MAX_OWNERS):
            stack.enter_context(own_folder(tmp_path))
        with pytest.raises(Conflict, match=str(MAX_OWNERS)):
            stack.enter_context(own_folder(tmp_path))
