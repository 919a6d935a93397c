"""The media scenario finds each kind of violation."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.media.canary import Canary, watched_canary
from tests.media.expected import Input, bytes_of, completed, refused
from tests.media.mutations import mutants
from tests.media.odd import lasting
from tests.torture.hostile_media import Examination
from tests.torture.invariants import Broken, Violation

pytestmark = pytest.mark.anyio

WORDS = b"These are words.\n" * 10


@pytest.fixture
def canary(tmp_path: Path) -> Generator[Canary]:
    """The canary: a file that no tool may open."""
    with watched_canary(tmp_path) as watched:
        yield watched


def test_the_same_seed_does_the_same_damage(tmp_path: Path) -> None:
    """A finding can be reproduced by its seed."""
    good = [tmp_path / "a.mp4", tmp_path / "b.ts"]
    for number, path in enumerate(good):
        path.write_bytes(bytes(range(number, 256)) * 40)
    runs = [[(damage, path.read_bytes()) for damage, path in mutants(good, tmp_path, 30, seed=1)] for _ in range(2)]
    assert runs[0] == runs[1]
    assert len({damage for damage, _ in runs[0]}) > 3
    assert all(content not in {path.read_bytes() for path in good} for _, content in runs[0])


async def test_every_violation_is_recorded(tmp_path: Path, canary: Canary) -> None:
    """An unexpected outcome, an opened file and a refused good video are recorded; the page contains no path."""
    corpus = [
        Input("words.mp4", "text", bytes_of(WORDS), refused()),
        Input("other.mp4", "text", bytes_of(WORDS), completed()),
    ]
    good, bad = lasting(tmp_path / "good.mp4", 0.2), tmp_path / "bad.mp4"
    bad.write_bytes(WORDS)
    canary.bait.file.read_bytes()
    found = await Examination(tmp_path, canary).findings(corpus, [good, bad], mutations=2)
    assert found.violations == [
        Violation(Broken.NOT_HELD, "other.mp4: refused, `not_a_video` for completed, encoded"),
        Violation(Broken.NOT_HELD, "a good .mp4 came out as refused, `not_a_video`"),
    ]
    assert (found.figures["inputs"], found.figures["mutations"], found.figures["canary_opens"]) == (2, 2, 1)
    assert "| words.mp4 | text | refused, `not_a_video` |" in found.pages["media.md"]
    assert str(tmp_path) not in found.pages["media.md"]
