"""Files that are created before a run, and checked after it."""

import os
import socket
import stat
from pathlib import Path

import pytest

from adapters.sandbox.outputs import Outputs, removed
from domain.model.errors import CompressionFailed, Unavailable
from tests.services.ordinary_user import as_nobody


def test_what_was_there_before_is_replaced(tmp_path: Path) -> None:
    """Also a link, whose target stays."""
    target, output = tmp_path / "target", tmp_path / "output"
    target.write_text("kept")
    output.symlink_to(target)
    Outputs.created([output])
    assert (target.read_text(), output.is_symlink(), stat.S_IMODE(output.stat().st_mode)) == ("kept", False, 0o600)


def test_an_output_needs_its_folder(tmp_path: Path) -> None:
    """The job is tried again."""
    with pytest.raises(Unavailable, match="No such file"):
        Outputs.created([tmp_path / "absent" / "output"])


def test_one_foreign_file_is_removed_and_the_others_stay(tmp_path: Path) -> None:
    """All of them belong to a job that has failed."""
    first, second = tmp_path / "first", tmp_path / "second"
    outputs = Outputs.created([first, second])
    first.write_text("x")
    second.unlink()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(second))
        with pytest.raises(CompressionFailed):
            outputs.check()
    assert [path.name for path in tmp_path.iterdir()] == ["first"]


@pytest.mark.skipif(os.getuid() != 0, reason="Only root can make a device.")
def test_a_device_is_not_opened(tmp_path: Path) -> None:
    """Reading it could have effects, or no end."""
    output = tmp_path / "output"
    outputs = Outputs.created([output])
    output.unlink()
    os.mknod(output, stat.S_IFCHR | 0o600, os.makedev(1, 3))
    with pytest.raises(CompressionFailed):
        outputs.check()
    assert not output.exists()


def test_a_format_without_a_signature_is_not_judged(tmp_path: Path) -> None:
    """A null output, or one that is not published."""
    output = tmp_path / "output"
    outputs = Outputs.created([output])
    output.write_text("anything")
    outputs.check()
    outputs.check_formats({output: "framemd5"})
    with pytest.raises(CompressionFailed, match="format"):
        outputs.check_formats({output: "wav"})


def replace_by_closed_folder(base: Path) -> None:
    """As an ordinary user, whom modes stop."""
    output = base / "output"
    outputs = Outputs.created([output])
    output.unlink()
    (output / "inner").mkdir(parents=True)
    output.chmod(0)
    with pytest.raises(CompressionFailed):
        outputs.check()
    assert not output.exists()


def test_a_closed_folder_is_removed() -> None:
    """It would otherwise occupy the disk that was promised to its job."""
    as_nobody(replace_by_closed_folder)


def test_nothing_can_be_removed_twice(tmp_path: Path) -> None:
    """What is absent is removed already."""
    removed(tmp_path / "absent")
    assert list(tmp_path.iterdir()) == []
