"""The measurement of sync."""

from pathlib import Path

import pytest

from tests.media.flashes import KINDS, offsets_ms
from tests.media.installations import installed
from tests.media.make import ffmpeg
from tests.torture.sync import LARGEST_CHANGE_MS, SyncRow, sync_rows, sync_section

pytestmark = pytest.mark.anyio


def test_late_sound_is_measured(tmp_path: Path) -> None:
    """To a millisecond."""
    source = KINDS["flac.mkv"][1](tmp_path / "source.mkv")
    late = ffmpeg(
        tmp_path / "late.mkv",
        *("-i", str(source), "-itsoffset", "0.12", "-i", str(source), "-map", "0:v", "-map", "1:a", "-c", "copy"),
    )
    before, after = offsets_ms(source), offsets_ms(late)
    assert len(before) == len(after) >= 3
    assert [after - before for before, after in zip(before, after, strict=True)] == pytest.approx(
        [120] * len(before), abs=1
    )


@pytest.mark.parametrize("name", ["variable.mp4", "broadcast.ts"])
async def test_compression_keeps_sound_and_picture_together(tmp_path: Path, name: str) -> None:
    """The long run measures every kind with every ffmpeg."""
    (row,) = await sync_rows(tmp_path / "sync", [installed()], {name: KINDS[name]})
    assert len(row.before_ms) == 4
    assert max(row.changes_ms()) <= LARGEST_CHANGE_MS


def test_the_table_shows_each_version() -> None:
    """A lost flash or tone is shown, and is more than any change."""
    row = SyncRow("a.mp4", "none", [-2.4, 0.2], ([-1.2, -1.4], [3.0]))
    assert row.changes_ms() == [pytest.approx(1.6), float("inf")]
    text = sync_section([row], ["5.1.9", "7.1.5"])
    assert "| file | what is special | before | after, 5.1.9 | after, 7.1.5 |\n|---|---|---:|---:|---:|" in text
    assert "| a.mp4 | none | -2 to 0 | -1 | 3 (1 of 2) |" in text
    assert SyncRow("silent.mp4", "no tone", [], ([],)).changes_ms() == [float("inf")]


def test_there_are_enough_kinds() -> None:
    """In each container that is accepted."""
    assert len(KINDS) >= 12
    assert {name.rpartition(".")[2] for name in KINDS} >= {
        *("mp4", "mov", "mkv", "webm", "ts", "flv", "avi", "mpg", "3gp", "ogv"),
    }
