"""The media scenario finds each kind of violation."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.media.canary import Canary, watched_canary
from tests.media.expected import ENCODED, ORIGINAL, Input, Outcome, beside, bytes_of, completed, failed, refused
from tests.media.installations import Installation, installed, other_suites
from tests.media.mutations import mutants
from tests.media.odd import lasting
from tests.media.passage import Passage
from tests.torture.hostile_media import Examination
from tests.torture.invariants import Broken, Violation
from tests.torture.media_figures import MIB, Seen
from tests.torture.media_page import Row, media_page

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
    """An unexpected outcome and a refused good video are recorded for each ffmpeg; the page contains no path."""
    corpus = [
        Input("words.mp4", "text", bytes_of(WORDS), refused()),
        Input("other.mp4", "text", bytes_of(WORDS), completed()),
    ]
    good, bad = lasting(tmp_path / "good.mp4", 0.2), tmp_path / "bad.mp4"
    bad.write_bytes(WORDS)
    own = installed()
    other = replace(own, version="77.1-twin")
    found = await Examination(tmp_path, canary, [own, other], kinds={}).findings(corpus, [good, bad], mutations=2)
    assert found.violations == [
        Violation(Broken.NOT_HELD, f"ffmpeg {version}: {detail}")
        for detail in (
            "other.mp4: refused, `not_a_video` for completed, encoded",
            "a good .mp4 came out as refused, `not_a_video`",
        )
        for version in (own.version, "77.1-twin")
    ]
    assert (found.figures["inputs"], found.figures["mutations"]) == (2, 2)
    assert (found.figures["violations on 77.1-twin"], found.figures["canary_opens on 77.1-twin"]) == (2, 0)
    page = found.pages["media.md"]
    assert f"| figure | ffmpeg {own.version} | ffmpeg 77.1-twin |\n|---|---:|---:|\n" in page
    assert "| results other than in the table | 1 | 1 |" in page
    assert "| words.mp4 | text | refused, `not_a_video` | same |" in page
    assert str(tmp_path) not in page


async def test_access_to_the_canary_is_a_violation(tmp_path: Path, canary: Canary) -> None:
    """The file is opened while the input is processed."""
    reading = tmp_path / "reading"
    reading.write_text(f"#!/bin/sh\ncat {canary.bait.file} >/dev/null\nexit 1\n")
    reading.chmod(0o700)
    source = lasting(tmp_path / "source.mp4", 0.2)
    corpus = [Input("opens.mp4", "nothing", bytes_of(source.read_bytes()), completed())]
    tools = Installation("1.0", ffmpeg=str(reading), ffprobe=str(reading))
    found = await Examination(tmp_path, canary, [tools], kinds={}).findings(corpus, [source], mutations=1)
    assert Violation(Broken.NOT_HELD, "ffmpeg 1.0: opens.mp4: the file was opened") in found.violations
    assert found.figures["canary_opens on 1.0"] > 0


def test_differences_between_versions_are_shown() -> None:
    """Each row has the outcome with the oldest ffmpeg, and of the others only what differs."""
    kept, whole = completed(ORIGINAL, "source_truncated"), completed()
    each = Input("cut.mp4", "cut", bytes_of(b""), kept)
    passages = [passage(kept, 0.5), passage(whole, 1.5), passage(kept, 0.25)]
    seen = [Seen(version) for version in ("5.1", "7.1", "9.0")]
    for one, passed in zip(seen, passages, strict=True):
        one.compare(each, passed.outcome)
        one.add(each.name, passed)
        one.mutated.append(passed)
    page = media_page([Row(each, tuple(passages))], seen, containers=10)
    assert "| cut.mp4 | cut | completed, original, `source_truncated` | completed, encoded | same | 3 | 1.50 |" in page
    assert "| originals erased although the table does not replace them | 0 | 1 | 0 |" in page
    assert "| completed, original, `source_truncated` | 1 | 0 | 1 |\n| completed, encoded | 0 | 1 | 0 |" in page


def test_a_warning_about_a_good_input_is_counted() -> None:
    """A warning that the table expects is not."""
    seen = Seen("5.1")
    for expected in (completed(), completed(ENCODED, "odd")):
        seen.compare(Input("x.mp4", "x", bytes_of(b""), expected), completed(ENCODED, "odd"))
    assert (seen.false_warnings, seen.wrong_outcomes, seen.erased) == (1, 1, 0)


@pytest.mark.parametrize(
    "expected", [completed(ORIGINAL), beside(ENCODED, "odd"), refused(), failed("malformed_video")]
)
@pytest.mark.parametrize("outcome", [completed(), completed(ORIGINAL), beside(ENCODED)])
def test_an_erased_original_is_counted(expected: Outcome, outcome: Outcome) -> None:
    """Whether the table has it played, kept beside its rendition, or not processed at all."""
    seen = Seen("5.1")
    seen.compare(Input("x.mp4", "x", bytes_of(b""), expected), outcome)
    assert seen.erased == int(outcome == completed())


def passage(outcome: Outcome, wall_s: float) -> Passage:
    """A passage that broke no rule."""
    return Passage(outcome, wall_s, 3 * MIB, 0, 0, 0, passes_gate=True, violations=[])


def test_only_other_releases_are_unpacked() -> None:
    """This system's ffmpeg may be one of them, or none."""
    releases = {version: other_suites(Installation(version, "", "")) for version in ("5.1.9-0+deb12u1", "n7.1", "6.1")}
    assert releases == {
        "5.1.9-0+deb12u1": ["trixie", "forky"],
        "n7.1": ["bookworm", "forky"],
        "6.1": ["bookworm", "trixie", "forky"],
    }
