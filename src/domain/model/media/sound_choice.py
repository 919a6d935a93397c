"""The choice of the audio track that plays, when a file has several."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# Matroska and MP4 files often mark a commentary only by the title of its track.
_AUXILIARY = re.compile(
    r"comment(?:ary|aire)|kommentar|comentario|karaoke|instrumental|audio.?descri|descriptive|described"
    r"|h\u00f6rfilm|(?:visual|hearing)(?:ly)?.impair|clean.effects|isolated",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class AudioCandidate:
    """An audio track that may be chosen; `place` is its position among the audio tracks.

    `is_decodable` says that its codec is supported, `is_beside_picture` that no programme of a transport stream
    separates it from the picture, and `is_auxiliary` that it replaces the sound for a part of the audience only, as a
    commentary or an audio description does.
    """

    place: int
    is_decodable: bool = True
    is_beside_picture: bool = True
    is_auxiliary: bool = False
    is_default: bool = False


def by_preference(candidates: Iterable[AudioCandidate]) -> list[AudioCandidate]:
    """The candidates, the best first; of equal ones, the first in the file."""
    return sorted(candidates, key=_rank)


def names_auxiliary_sound(title: str) -> bool:
    """Whether the title of a track says that it is a commentary, an audio description or the like."""
    return _AUXILIARY.search(title) is not None


def _rank(candidate: AudioCandidate) -> tuple[bool, ...]:
    return (
        not candidate.is_decodable,
        not candidate.is_beside_picture,
        candidate.is_auxiliary,
        not candidate.is_default,
    )
