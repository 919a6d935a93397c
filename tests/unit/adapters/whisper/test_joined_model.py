"""Joining a model from its parts: what is written, and what happens if it can't be."""

import errno
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from adapters.whisper.joined_model import Piece, join_model
from domain.model.errors import Unavailable

CONTENT = b"weights" * 500_000


@pytest.fixture
def pieces(tmp_path: Path) -> tuple[Piece, ...]:
    """A model of two files, one of them in two parts."""
    first, second, config = tmp_path / "part1", tmp_path / "part2", tmp_path / "config"
    first.write_bytes(CONTENT[:1_500_000])
    second.write_bytes(CONTENT[1_500_000:])
    config.write_bytes(b"{}")
    return (
        Piece("model.bin", hashlib.sha256(CONTENT).hexdigest(), (first, second)),
        Piece("config.json", hashlib.sha256(b"{}").hexdigest(), (config,)),
    )


def test_the_parts_are_joined_in_order(tmp_path: Path, pieces: tuple[Piece, ...]) -> None:
    """Nothing else is left in the folder but a lock; only the service's user can read it."""
    folder = join_model(tmp_path / "models" / "base", pieces)
    assert (folder / "model.bin").read_bytes() == CONTENT
    assert {path.name for path in folder.iterdir()} - {"join.lock"} == {"model.bin", "config.json"}
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_joined_model_is_not_written_again(tmp_path: Path, pieces: tuple[Piece, ...]) -> None:
    """Even without the parts."""
    folder = join_model(tmp_path / "base", pieces)
    before = (folder / "model.bin").stat().st_ino
    for piece in pieces:
        for part in piece.parts:
            part.unlink()
    assert join_model(folder, pieces) == folder
    assert (folder / "model.bin").stat().st_ino == before


@pytest.mark.parametrize("damaged", [CONTENT[:-1], b"", b"x" * len(CONTENT)], ids=["truncated", "empty", "other"])
def test_a_damaged_file_is_made_again(tmp_path: Path, pieces: tuple[Piece, ...], damaged: bytes) -> None:
    """A disk may have lost it; what a killed process left is overwritten."""
    folder = join_model(tmp_path / "base", pieces)
    (folder / "model.bin").write_bytes(damaged)
    (folder / "model.bin.partial").write_bytes(CONTENT[:1000])
    join_model(folder, pieces)
    assert (folder / "model.bin").read_bytes() == CONTENT
    assert not (folder / "model.bin.partial").exists()


def test_several_processes_join_at_once(tmp_path: Path, pieces: tuple[Piece, ...]) -> None:
    """Each of them gets whole files."""
    with ThreadPoolExecutor(4) as threads:
        folders = [threads.submit(join_model, tmp_path / "base", pieces) for _ in range(4)]
        contents = [(folder.result() / "model.bin").read_bytes() for folder in folders]
    assert contents == [CONTENT] * 4


@pytest.mark.parametrize("is_missing", [True, False])
def test_a_wrong_part_is_refused(tmp_path: Path, pieces: tuple[Piece, ...], *, is_missing: bool) -> None:
    """Nothing appears under the file's name."""
    part = pieces[0].parts[1]
    if is_missing:
        part.unlink()
    else:
        part.write_bytes(CONTENT)
    with pytest.raises(Unavailable, match=r"model\.bin") as caught:
        join_model(tmp_path / "base", pieces)
    assert (caught.value.code, caught.value.retryable) == ("model_digest_mismatch", False)
    assert {path.name for path in (tmp_path / "base").iterdir()} == {"join.lock"}


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "disk_full"), (errno.EDQUOT, "disk_full"), (errno.EROFS, "models_folder_unusable")],
)
def test_a_disk_that_takes_no_model_is_retryable(
    tmp_path: Path, pieces: tuple[Piece, ...], monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    """The error names the folder; no partial file takes up the rest of the disk."""

    def full(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unavailable, match=str(tmp_path)) as caught:
        join_model(tmp_path / "base", pieces)
    assert (caught.value.code, caught.value.retryable) == (code, True)
    assert not list((tmp_path / "base").glob("*.partial"))


def test_a_file_in_place_of_the_folder_is_an_error(tmp_path: Path, pieces: tuple[Piece, ...]) -> None:
    """The operator has to remove it."""
    (tmp_path / "models").write_bytes(b"")
    with pytest.raises(Unavailable) as caught:
        join_model(tmp_path / "models" / "base", pieces)
    assert caught.value.code == "models_folder_unusable"
