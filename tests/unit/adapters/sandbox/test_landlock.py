"""The rights for each version of the kernel's interface."""

import sys
from pathlib import Path

import pytest

from adapters.sandbox import landlock


@pytest.mark.parametrize(
    ("version", "are_ports_limited", "expected"),
    [
        (1, True, "8191:0:0"),
        (2, True, "16383:0:0"),
        (3, True, "32767:0:0"),
        (4, True, "32767:3:0"),
        (4, False, "32767:0:0"),
        (5, False, "65535:0:0"),
        (6, True, "65535:3:3"),
        (9, False, "65535:0:3"),
    ],
)
def test_each_version_handles_what_it_knows(version: int, *, are_ports_limited: bool, expected: str) -> None:
    """The kernel refuses unknown bits; newer versions keep the meaning of the older ones."""
    assert landlock.handled(version, are_ports_limited=are_ports_limited) == expected


def test_other_systems_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Landlock is Linux's."""
    monkeypatch.setattr(sys, "platform", "darwin")
    assert landlock.supported_version() == 0


def test_signals_are_confined_since_version_6() -> None:
    """Until then the filter allows a program only signals to itself."""
    assert [landlock.confines_signals(version) for version in (0, 5, 6, 7)] == [False, False, True, True]


def test_a_program_is_found_where_a_link_points(tmp_path: Path) -> None:
    """With the libraries beside its folder."""
    (tmp_path / "opt" / "bin").mkdir(parents=True)
    program = tmp_path / "opt" / "bin" / "ffmpeg"
    program.touch()
    (tmp_path / "ffmpeg").symlink_to(program)
    rules = landlock.program_rules(str(tmp_path / "ffmpeg"))
    assert rules[0] == (landlock.RUN, str(program))
    assert (landlock.RUN, str(tmp_path / "opt" / "lib")) in rules


def test_nothing_of_the_system_can_be_written() -> None:
    """Except the null device."""
    writable = landlock.WRITE_FILE | landlock.MAKE_FILE | landlock.REMOVE_FILE | landlock.TRUNCATE
    assert [path for rights, path in (*landlock.SYSTEM, *landlock.NETWORK) if rights & writable] == ["/dev/null"]
