"""The choice of the audio tracks that play, when a file has several."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from domain.model.media.rendition_check import duration_tolerance_s

# Matroska and MP4 files often mark a commentary only by the title of its track.
_AUXILIARY = re.compile(
    r"comment(?:ary|aire)|kommentar|comentario|karaoke|instrumental|audio.?descri|descriptive|described"
    r"|h\u00f6rfilm|(?:visual|hearing)(?:ly)?.impair|clean.effects|isolated",
    re.IGNORECASE,
)
# A track that lasts for a smaller share of the file does not hold its sound.
_MIN_SHARE = 0.5
# Cameras record one microphone per track in these containers. Tools that copy them mark only the first as default.
_CAMERA_CONTAINERS = frozenset({"mov", "mxf", "avi", "dv", "mpegts"})


@dataclass(frozen=True, slots=True)
class AudioCandidate:
    """An audio track that may be chosen; `index` is its place in the file.

    `is_decodable` says that its codec is supported, `is_beside_picture` that no programme of a transport stream
    separates it from the picture, and `is_auxiliary` that it replaces the sound for a part of the audience only, as a
    commentary or an audio description does. `sounding_s` is how long its packets last; None if it is unknown.
    """

    index: int
    is_decodable: bool = True
    is_beside_picture: bool = True
    is_auxiliary: bool = False
    is_default: bool = False
    codec: str = ""
    channels: int = 0
    sample_rate_hz: int = 0
    language: str | None = None
    title: str = ""
    sounding_s: float | None = None


@dataclass(frozen=True, slots=True)
class SoundChoice:
    """The tracks that play: one, or a left and a right one. `unused` are others that were meant to be heard as well."""

    left: int
    right: int | None = None
    unused: tuple[int, ...] = ()


def by_preference(candidates: Sequence[AudioCandidate], *, duration_s: float = 0.0) -> list[AudioCandidate]:
    """The candidates, the best first; of equal ones, the first in the file.

    A track that lasts for less than half of the file's duration is preferred only to tracks that cannot be decoded or
    belong to another programme.
    """

    def rank(candidate: AudioCandidate) -> tuple[bool, ...]:
        return (not candidate.is_decodable, *_rank(candidate, duration_s))

    return sorted(candidates, key=rank)


def is_missed(lost: AudioCandidate, heard: AudioCandidate, *, duration_s: float = 0.0) -> bool:
    """Whether a listener would have chosen a track that cannot be decoded, and hears another sound instead.

    A track from which it does not differ, as far as the file tells, replaces it: the same sound is often stored in
    several codecs.
    """
    is_preferred = (_rank(lost, duration_s), lost.index) < (_rank(heard, duration_s), heard.index)
    return is_preferred and not _is_alike(lost, heard)


def rivals(
    heard: AudioCandidate, candidates: Sequence[AudioCandidate], *, container: str, duration_s: float
) -> list[AudioCandidate]:
    """The other tracks that were meant to be heard together with this one, as far as the file tells.

    - A track that differs in its language, its title, its purpose or its programme is another version of the sound.
    - So is one of another codec, layout or sample rate: films have their sound for several devices.
    - A player plays the default tracks, so others are not meant to be heard, except the mono tracks of a camera.
    - A track that is not longer than the tolerance of a duration holds no sound.
    """
    shortest_s = duration_tolerance_s(duration_s)
    return [
        each
        for each in candidates
        if each.index != heard.index
        and each.is_decodable
        and (each.sounding_s is None or each.sounding_s > shortest_s)
        and _is_alike(heard, each)
        and _format(each) == _format(heard)
        and (each.is_default >= heard.is_default or _is_microphone(each, container))
    ]


def choice(
    heard: AudioCandidate, others: Sequence[AudioCandidate], audible: Collection[int], *, duration_s: float
) -> SoundChoice:
    """What plays of a track and its rivals, of which those in `audible` are not silent.

    Silent tracks do not count. Of mono tracks that last, the first two are left and right, as cameras and editors
    number them.
    """
    tracks = sorted((each for each in (heard, *others) if each.index in audible), key=lambda each: each.index)
    if not tracks:
        return SoundChoice(heard.index)
    lasting = [each for each in tracks if _is_mono(each) and _lasts(each, duration_s)]
    played = [heard if heard in tracks else by_preference(tracks, duration_s=duration_s)[0]]
    if len(lasting) >= len(("left", "right")):
        played = lasting[:2]
    unused = tuple(each.index for each in tracks if each not in played)
    return SoundChoice(played[0].index, played[1].index if len(played) > 1 else None, unused)


def names_auxiliary_sound(title: str) -> bool:
    """Whether the title of a track says that it is a commentary, an audio description or the like."""
    return _AUXILIARY.search(title) is not None


def _rank(candidate: AudioCandidate, duration_s: float) -> tuple[bool, ...]:
    """The order of preference of tracks that can be decoded."""
    return (
        not candidate.is_beside_picture,
        not _lasts(candidate, duration_s),
        candidate.is_auxiliary,
        not candidate.is_default,
    )


def _lasts(candidate: AudioCandidate, duration_s: float) -> bool:
    return candidate.sounding_s is None or candidate.sounding_s >= _MIN_SHARE * duration_s


def _is_alike(one: AudioCandidate, other: AudioCandidate) -> bool:
    """Whether the file does not say that two tracks differ in what they are for."""
    return (
        one.is_auxiliary == other.is_auxiliary
        and one.is_beside_picture == other.is_beside_picture
        and one.language == other.language
        and one.title == other.title
    )


def _format(candidate: AudioCandidate) -> tuple[str, int, int]:
    return candidate.codec, candidate.channels, candidate.sample_rate_hz


def _is_mono(candidate: AudioCandidate) -> bool:
    return candidate.channels == 1


def _is_microphone(candidate: AudioCandidate, container: str) -> bool:
    return _is_mono(candidate) and container in _CAMERA_CONTAINERS
