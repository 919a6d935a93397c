"""Every kind of input, valid and hostile, through the whole pipeline with real tools."""

import socket
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.media.canary import Canary, watched_canary
from tests.media.corpus import CORPUS, made
from tests.media.expected import Input
from tests.media.passage import Bench

pytestmark = pytest.mark.anyio

SHORT = [each for each in CORPUS if not each.is_extra]


@pytest.fixture(scope="module")
def canary(tmp_path_factory: pytest.TempPathFactory) -> Generator[Canary]:
    """A file and an address that the inputs reference, and that no tool may open."""
    with watched_canary(tmp_path_factory.mktemp("canary")) as watched:
        yield watched


def test_the_table_is_long_enough() -> None:
    """And contains each input once."""
    assert len(SHORT) >= 60
    assert len({each.name for each in CORPUS}) == len(CORPUS)


def test_every_outcome_is_reached() -> None:
    """The inputs that are left to the torture run have no outcome of their own."""
    assert {each.expected.summary for each in SHORT} == {each.expected.summary for each in CORPUS}


def test_a_canary_detects_access(tmp_path: Path) -> None:
    """Otherwise its silence would prove nothing."""
    with watched_canary(tmp_path) as watched:
        watched.bait.file.read_bytes()
        host, _, port = watched.bait.url.removeprefix("http://").partition(":")
        socket.create_connection((host, int(port))).close()
        assert (watched.opens, watched.connections) == (1, 1)


@pytest.mark.parametrize("each", SHORT, ids=[each.name for each in SHORT])
async def test_an_input_ends_as_the_table_says(tmp_path: Path, canary: Canary, each: Input) -> None:
    """It opens nothing, discloses nothing of this machine and leaves nothing behind."""
    passage = await Bench(tmp_path, canary).pass_through(made(each, tmp_path, canary.bait))
    assert (passage.outcome.summary, passage.violations) == (each.expected.summary, [])
    # Each input that the API rejects would also be rejected by the probe.
    assert passage.passes_gate is (each.expected.status != "refused")
