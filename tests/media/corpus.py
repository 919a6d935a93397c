"""The corpus: one table of all kinds of input, with their expected outcomes."""

from pathlib import Path

from tests.media.corpus_audio import AUDIO
from tests.media.corpus_bad import BAD
from tests.media.corpus_frames import FRAMES
from tests.media.corpus_names import NAMES
from tests.media.corpus_odd import ODD
from tests.media.corpus_originals import ORIGINALS
from tests.media.corpus_sound import SOUND
from tests.media.corpus_survey import SURVEY
from tests.media.expected import Input
from tests.media.lures import Bait

CORPUS: tuple[Input, ...] = (*BAD, *ODD, *FRAMES, *NAMES, *SOUND, *AUDIO, *SURVEY, *ORIGINALS)


def made(each: Input, folder: Path, bait: Bait) -> Path:
    """Make the input in a new folder; return its path."""
    target = folder / each.name / each.name
    target.parent.mkdir(parents=True)
    each.make(target, bait)
    return target
