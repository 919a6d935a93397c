"""Every kind of input that we know of, and what must come of it: one table."""

from pathlib import Path

from tests.media.corpus_bad import BAD
from tests.media.corpus_odd import ODD
from tests.media.expected import Input
from tests.media.lures import Bait

CORPUS: tuple[Input, ...] = (*BAD, *ODD)


def made(each: Input, folder: Path, bait: Bait) -> Path:
    """The input in a folder of its own."""
    target = folder / each.name / each.name
    target.parent.mkdir(parents=True)
    each.make(target, bait)
    return target
